namespace Pulumi;

/// <summary>How long the steps of a resource may take; null leaves it to the provider.</summary>
public sealed class CustomTimeouts
{
    /// <summary>The time to create it.</summary>
    public TimeSpan? Create { get; set; }

    /// <summary>The time to update it.</summary>
    public TimeSpan? Update { get; set; }

    /// <summary>The time to delete it.</summary>
    public TimeSpan? Delete { get; set; }
}

/// <summary>Another name by which a resource was known before: a whole URN, or the parts that differed.</summary>
public sealed class Alias
{
    /// <summary>The whole former URN; no other part may be given with it.</summary>
    public string? Urn { get; set; }

    /// <summary>The former name.</summary>
    public Input<string>? Name { get; set; }

    /// <summary>The former type.</summary>
    public Input<string>? Type { get; set; }

    /// <summary>The former stack.</summary>
    public Input<string>? Stack { get; set; }

    /// <summary>The former project.</summary>
    public Input<string>? Project { get; set; }

    /// <summary>The former parent.</summary>
    public Resource? Parent { get; set; }

    /// <summary>The former parent's URN.</summary>
    public Input<string>? ParentUrn { get; set; }

    /// <summary>Whether it had no parent.</summary>
    public bool NoParent { get; set; }
}

/// <summary>What any resource can be given besides its arguments.</summary>
public abstract class ResourceOptions
{
    private InputList<Resource>? _dependsOn;
    private List<string>? _ignoreChanges;
    private List<string>? _replaceOnChanges;
    private List<Input<Alias>>? _aliases;
    private List<ResourceTransformation>? _resourceTransformations;

    /// <summary>For derived classes.</summary>
    protected ResourceOptions()
    {
    }

    /// <summary>The parent; null for the stack.</summary>
    public Resource? Parent { get; set; }

    /// <summary>Resources that must be there first.</summary>
    public InputList<Resource> DependsOn
    {
        get => _dependsOn ??= [];
        set => _dependsOn = value;
    }

    /// <summary>Whether the engine refuses to delete it; null takes the parent's.</summary>
    public bool? Protect { get; set; }

    /// <summary>Paths of properties whose changes are ignored.</summary>
    public List<string> IgnoreChanges
    {
        get => _ignoreChanges ??= [];
        set => _ignoreChanges = value;
    }

    /// <summary>Paths of properties whose changes replace it.</summary>
    public List<string> ReplaceOnChanges
    {
        get => _replaceOnChanges ??= [];
        set => _replaceOnChanges = value;
    }

    /// <summary>The version of the provider's package.</summary>
    public string? Version { get; set; }

    /// <summary>The provider; null for the parent's, or the package's default.</summary>
    public ProviderResource? Provider { get; set; }

    /// <summary>How long its steps may take.</summary>
    public CustomTimeouts? CustomTimeouts { get; set; }

    /// <summary>Names by which it was known before.</summary>
    public List<Input<Alias>> Aliases
    {
        get => _aliases ??= [];
        set => _aliases = value;
    }

    /// <summary>Functions that may change arguments and options, of it and of its children.</summary>
    public List<ResourceTransformation> ResourceTransformations
    {
        get => _resourceTransformations ??= [];
        set => _resourceTransformations = value;
    }

    /// <summary>Whether it is only forgotten, not deleted.</summary>
    public bool? RetainOnDelete { get; set; }

    /// <summary>A resource whose deletion deletes this one too.</summary>
    public Resource? DeletedWith { get; set; }

    /// <summary>Puts other options on top of these: single values replace, lists append.</summary>
    private protected void MergeFrom(ResourceOptions? source)
    {
        if (source is null)
        {
            return;
        }

        Parent = source.Parent ?? Parent;
        DependsOn = DependsOn.Concat(source.DependsOn);
        Protect = source.Protect ?? Protect;
        IgnoreChanges = [.. IgnoreChanges, .. source.IgnoreChanges];
        ReplaceOnChanges = [.. ReplaceOnChanges, .. source.ReplaceOnChanges];
        Version = source.Version ?? Version;
        Provider = source.Provider ?? Provider;
        CustomTimeouts = Copy(source.CustomTimeouts) ?? CustomTimeouts;
        Aliases = [.. Aliases, .. source.Aliases];
        ResourceTransformations = [.. ResourceTransformations, .. source.ResourceTransformations];
        RetainOnDelete = source.RetainOnDelete ?? RetainOnDelete;
        DeletedWith = source.DeletedWith ?? DeletedWith;
    }

    // All parts or none: the official SDK does not mix two either.
    private static CustomTimeouts? Copy(CustomTimeouts? timeouts) =>
        timeouts is null ? null : new() { Create = timeouts.Create, Update = timeouts.Update, Delete = timeouts.Delete };
}

/// <summary>What a resource of a provider can be given besides its arguments.</summary>
public sealed class CustomResourceOptions : ResourceOptions
{
    private List<string>? _additionalSecretOutputs;

    /// <summary>Whether a replacement deletes the old one first; null leaves it to the provider.</summary>
    public bool? DeleteBeforeReplace { get; set; }

    /// <summary>Outputs to be kept as secrets besides those that the provider names.</summary>
    public List<string> AdditionalSecretOutputs
    {
        get => _additionalSecretOutputs ??= [];
        set => _additionalSecretOutputs = value;
    }

    /// <summary>New options of both: of single values the second's win, lists are appended.</summary>
    public static CustomResourceOptions Merge(CustomResourceOptions? options1, CustomResourceOptions? options2)
    {
        var result = new CustomResourceOptions();
        foreach (var source in (CustomResourceOptions?[])[options1, options2])
        {
            result.MergeFrom(source);
            if (source is not null)
            {
                result.DeleteBeforeReplace = source.DeleteBeforeReplace ?? result.DeleteBeforeReplace;
                result.AdditionalSecretOutputs = [.. result.AdditionalSecretOutputs, .. source.AdditionalSecretOutputs];
            }
        }

        return result;
    }
}

/// <summary>What a component can be given besides its arguments.</summary>
public sealed class ComponentResourceOptions : ResourceOptions
{
    private List<ProviderResource>? _providers;

    /// <summary>Providers for its children, at most one a package.</summary>
    public List<ProviderResource> Providers
    {
        get => _providers ??= [];
        set => _providers = value;
    }

    /// <summary>New options of both: of single values the second's win, lists are appended, providers go by package.</summary>
    public static ComponentResourceOptions Merge(ComponentResourceOptions? options1, ComponentResourceOptions? options2)
    {
        var result = new ComponentResourceOptions();
        foreach (var source in (ComponentResourceOptions?[])[options1, options2])
        {
            result.MergeFrom(source);
            if (source is not null)
            {
                var packages = source.Providers.Select(p => p.Package).ToHashSet(StringComparer.Ordinal);
                result.Providers = [.. result.Providers.Where(p => !packages.Contains(p.Package)), .. source.Providers];
            }
        }

        return result;
    }
}

/// <summary>What the stack can be given.</summary>
public class StackOptions
{
    private List<ResourceTransformation>? _resourceTransformations;

    /// <summary>Functions that may change arguments and options of every resource.</summary>
    public List<ResourceTransformation> ResourceTransformations
    {
        get => _resourceTransformations ??= [];
        set => _resourceTransformations = value;
    }
}
