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
        var parent = options.Parent ?? Deployment.Current.Stack;
        var outputs = OutputMembers.Initialize(this);
        options = options.Clone();
        _transformations = [.. options.ResourceTransformations, .. parent?._transformations ?? []];
        foreach (var transformation in _transformations)
        {
            if (transformation(new(this, args ?? ResourceArgs.Empty, options)) is not null)
            {
                throw new NotSupportedException($"a transformation gave {name} ({type}) other arguments or options, which is not part of the embedded SDK");
            }
        }

        if (options.Parent is { } explicitParent)
        {
            explicitParent.AddChild(this);
            options.Protect ??= explicitParent.Protected;
        }

        Protected = options.Protect;
        Registration.Start(this, outputs, args ?? ResourceArgs.Empty, options);
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

    /// <summary>The type token.</summary>
    public string GetResourceType() => _type;

    /// <summary>The name it was given.</summary>
    public string GetResourceName() => _name;

    private void AddChild(Resource child)
    {
        lock (_childrenLock)
        {
            _children = _children.Add(child);
        }
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
    /// <summary>Registers a component.</summary>
    public ComponentResource(string type, string name, ComponentResourceOptions? options = null)
        : base(type, name, null, options ?? new())
    {
    }

    /// <summary>Ends the component with its public <see cref="OutputAttribute"/> properties as outputs.</summary>
    protected void RegisterOutputs() => RegisterOutputs(OutputMembers.ValuesOf(this));

    /// <summary>Ends the component with these outputs.</summary>
    protected void RegisterOutputs(IDictionary<string, object?> outputs) => Registration.StartOutputs(this, outputs);
}

/// <summary>The root of all resources.</summary>
internal sealed class Stack : ComponentResource
{
    public Stack(Func<IDictionary<string, object?>> program)
        : base("pulumi:pulumi:Stack", $"{Deployment.Instance.ProjectName}-{Deployment.Instance.StackName}")
    {
        Deployment.Current.Stack = this;
        RegisterOutputs(program());
    }
}
