using System.Collections.Immutable;
using Pulumi.Deployments;

namespace Pulumi;

/// <summary>A thing that a stack has: of a provider, a component of others, or the stack itself.</summary>
public class Resource
{
    private readonly Lock _childrenLock = new();
    private readonly string _type;
    private readonly string _name;
    private readonly ImmutableArray<ResourceTransformation> _transformations = [];
    private ImmutableArray<Resource> _children = [];

    private protected Resource(string type, string name, ResourceArgs? args, ResourceOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentException.ThrowIfNullOrEmpty(name);
        _type = type;
        _name = name;
        var parent = type == Stack.TypeToken ? null : options.Parent ?? Deployment.Current.Stack
            ?? throw new InvalidOperationException($"{name} ({type}) was made before the stack: a stack's class makes its resources in its constructor, not in initial values of its fields");
        var outputs = OutputMembers.Initialize(this);
        args ??= ResourceArgs.Empty;
        options = Clone(options);

        _transformations = [.. options.ResourceTransformations, .. parent?._transformations ?? []];
        foreach (var transformation in _transformations)
        {
            if (transformation(new(this, args, options)) is { } result)
            {
                if (result.Options.Parent != options.Parent)
                {
                    throw new ArgumentException($"a transformation must not change the parent of {name} ({type})");
                }

                (args, options) = (result.Args, Clone(result.Options));
            }
        }

        if (options is ComponentResourceOptions { Provider: not null, Providers.Count: > 0 })
        {
            // The error is reported for the parent, because this resource never gets a URN.
            throw new ResourceException("Do not supply both 'provider' and 'providers' options to a ComponentResource.", options.Parent);
        }

        if (options.Parent is { } explicitParent)
        {
            explicitParent.AddChild(this);
            options.Protect ??= explicitParent.Protected;
        }

        Protected = options.Protect;
        (Provider, Providers) = ChooseProviders(options, parent);
        Registration.Start(this, outputs, args, options);
    }

    /// <summary>The name by which engine and state know it.</summary>
    [Output("urn")]
    public Output<string> Urn { get; private protected set; } = null!;

    /// <summary>Resources whose <see cref="ResourceOptions.Parent"/> is this one.</summary>
    internal ImmutableArray<Resource> Children
    {
        get
        {
            lock (_childrenLock)
            {
                return _children;
            }
        }
    }

    internal bool? Protected { get; }

    /// <summary>The provider that this resource goes to; null for the package's default.</summary>
    internal ProviderResource? Provider { get; }

    /// <summary>The providers of its children, by package.</summary>
    internal ImmutableDictionary<string, ProviderResource> Providers { get; }

    /// <summary>The type token.</summary>
    public string GetResourceType() => _type;

    /// <summary>The name it was given.</summary>
    public string GetResourceName() => _name;

    private static ResourceOptions Clone(ResourceOptions options) => options switch
    {
        CustomResourceOptions custom => CustomResourceOptions.Merge(null, custom),
        ComponentResourceOptions component => ComponentResourceOptions.Merge(null, component),
        _ => throw new ArgumentException($"unknown kind of options: {options.GetType()}", nameof(options)),
    };

    private void AddChild(Resource child)
    {
        lock (_childrenLock)
        {
            _children = _children.Add(child);
        }
    }

    private (ProviderResource? Own, ImmutableDictionary<string, ProviderResource> OfChildren) ChooseProviders(ResourceOptions options, Resource? parent)
    {
        var inherited = options.Parent is null ? ImmutableDictionary<string, ProviderResource>.Empty : parent!.Providers;
        if (options is ComponentResourceOptions component)
        {
            IEnumerable<ProviderResource> given = component.Provider is { } one ? [one] : component.Providers;
            return (null, inherited.SetItems(given.Select(p => KeyValuePair.Create(p.Package, p))));
        }

        if (options.Provider is { } own)
        {
            return (own, inherited.SetItem(own.Package, own));
        }

        var parts = _type.Split(':');
        return (parts.Length == 3 ? inherited.GetValueOrDefault(parts[0]) : null, inherited);
    }
}

/// <summary>A resource of a provider.</summary>
public class CustomResource : Resource
{
    /// <summary>Registers a resource.</summary>
    /// <param name="type">The type token, <c>package:module:Type</c>.</param>
    /// <param name="name">Its name, unique among its type and parent's type.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="options">Its options.</param>
    public CustomResource(string type, string name, ResourceArgs? args, CustomResourceOptions? options = null)
        : base(type, name, args, options ?? new())
    {
    }

    /// <summary>The provider's id of it; unknown until it is created.</summary>
    [Output("id")]
    public Output<string> Id { get; private protected set; } = null!;
}

/// <summary>A resource that groups others.</summary>
public class ComponentResource : Resource
{
    /// <summary>Registers a component without arguments.</summary>
    public ComponentResource(string type, string name, ComponentResourceOptions? options = null)
        : this(type, name, ResourceArgs.Empty, options)
    {
    }

    /// <summary>Registers a component with arguments, which the engine keeps as its inputs.</summary>
    /// <exception cref="NotSupportedException"><paramref name="remote"/>: components that a provider makes are not part of the embedded SDK.</exception>
    public ComponentResource(string type, string name, ResourceArgs? args, ComponentResourceOptions? options = null, bool remote = false)
        : base(type, name, remote ? throw new NotSupportedException("remote components are not part of the embedded SDK") : args, options ?? new())
    {
    }

    /// <summary>Ends the component with its public <see cref="OutputAttribute"/> properties as outputs.</summary>
    protected void RegisterOutputs() => RegisterOutputs(OutputMembers.ValuesOf(this));

    /// <summary>Ends the component with these outputs.</summary>
    protected void RegisterOutputs(IDictionary<string, object?> outputs) => RegisterOutputs(Output.Create(outputs));

    /// <summary>Ends the component with these outputs.</summary>
    protected void RegisterOutputs(Task<IDictionary<string, object?>> outputs) => RegisterOutputs(Output.Create(outputs));

    /// <summary>Ends the component with these outputs.</summary>
    protected void RegisterOutputs(Output<IDictionary<string, object?>> outputs) => Registration.StartOutputs(this, outputs);
}

/// <summary>A provider with a configuration of its own.</summary>
public class ProviderResource : CustomResource
{
    private const string TypePrefix = "pulumi:providers:";

    /// <summary>Registers a provider of a package.</summary>
    public ProviderResource(string package, string name, ResourceArgs args, CustomResourceOptions? options = null)
        : base(TypePrefix + package, name, args, options) => Package = package;

    internal string Package { get; }
}

/// <summary>The root of all resources; a program may derive from it and declare its outputs as properties.</summary>
public class Stack : ComponentResource
{
    internal const string TypeToken = "pulumi:pulumi:Stack";

    /// <summary>Registers the stack. Only a deployment makes one.</summary>
    public Stack(StackOptions? options = null)
        : base(
            TypeToken,
            $"{Deployment.Instance.ProjectName}-{Deployment.Instance.StackName}",
            new ComponentResourceOptions { ResourceTransformations = options?.ResourceTransformations ?? [] }) =>
        Deployment.Current.Stack = this;

    internal Stack(Func<Task<IDictionary<string, object?>>> init, StackOptions? options)
        : this(options) => RegisterOutputs(Output.Create(StartAsync(init)));

    internal void RegisterOwnOutputs()
    {
        var outputs = OutputMembers.ValuesOf(this);
        var missing = outputs.Where(o => o.Value is null).Select(o => o.Key).ToArray();
        if (missing.Length > 0)
        {
            throw new RunException(
                $"Output(s) '{string.Join(", ", missing)}' have no value assigned. [Output] attributed properties must be assigned inside Stack constructor.");
        }

        var wrong = outputs.Where(o => o.Value is not IOutput).Select(o => o.Key).ToArray();
        if (wrong.Length > 0)
        {
            throw OutputMembers.IncorrectType(wrong);
        }

        RegisterOutputs(outputs);
    }

    // Makes of an exception before the first await a failed task.
    private static async Task<IDictionary<string, object?>> StartAsync(Func<Task<IDictionary<string, object?>>> init) => await init();
}
