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

/// <summary>Another name by which a resource was known before.</summary>
public sealed class Alias
{
    /// <summary>The former name.</summary>
    public Input<string>? Name { get; set; }
}

/// <summary>What any resource can be given besides its arguments.</summary>
public abstract class ResourceOptions
{
    private protected ResourceOptions()
    {
    }

    /// <summary>The parent; null for the stack.</summary>
    public Resource? Parent { get; set; }

    /// <summary>Resources that must be there first.</summary>
    public InputList<Resource> DependsOn { get => field ??= []; set; }

    /// <summary>Whether the engine refuses to delete it; null takes the parent's.</summary>
    public bool? Protect { get; set; }

    /// <summary>Paths of properties whose changes are ignored.</summary>
    public List<string> IgnoreChanges { get => field ??= []; set; }

    /// <summary>Paths of properties whose changes replace it.</summary>
    public List<string> ReplaceOnChanges { get => field ??= []; set; }

    /// <summary>The version of the provider's package.</summary>
    public string? Version { get; set; }

    /// <summary>How long its steps may take.</summary>
    public CustomTimeouts? CustomTimeouts { get; set; }

    /// <summary>Names by which it was known before.</summary>
    public List<Input<Alias>> Aliases { get => field ??= []; set; }

    /// <summary>Functions that may change arguments and options, of it and of its children.</summary>
    public List<ResourceTransformation> ResourceTransformations { get => field ??= []; set; }

    /// <summary>A resource whose deletion deletes this one too.</summary>
    public Resource? DeletedWith { get; set; }

    internal abstract ResourceOptions Clone();

    /// <summary>Puts other options on top of these: single values replace, lists append.</summary>
    private protected void MergeFrom(ResourceOptions source)
    {
        Parent = source.Parent ?? Parent;
        DependsOn = DependsOn.Concat(source.DependsOn);
        Protect = source.Protect ?? Protect;
        IgnoreChanges = [.. IgnoreChanges, .. source.IgnoreChanges];
        ReplaceOnChanges = [.. ReplaceOnChanges, .. source.ReplaceOnChanges];
        Version = source.Version ?? Version;
        CustomTimeouts = Copy(source.CustomTimeouts) ?? CustomTimeouts;
        Aliases = [.. Aliases, .. source.Aliases];
        ResourceTransformations = [.. ResourceTransformations, .. source.ResourceTransformations];
        DeletedWith = source.DeletedWith ?? DeletedWith;
    }

    // All parts or none: the official SDK does not mix two either.
    private static CustomTimeouts? Copy(CustomTimeouts? timeouts) =>
        timeouts is null ? null : new() { Create = timeouts.Create, Update = timeouts.Update, Delete = timeouts.Delete };
}

/// <summary>What a resource of a provider can be given besides its arguments.</summary>
public sealed class CustomResourceOptions : ResourceOptions
{
    /// <summary>Whether a replacement deletes the old one first; null leaves it to the provider.</summary>
    public bool? DeleteBeforeReplace { get; set; }

    /// <summary>Outputs to be kept as secrets besides those that the provider names.</summary>
    public List<string> AdditionalSecretOutputs { get => field ??= []; set; }

    /// <summary>New options of both: of single values the second's win, lists are appended.</summary>
    public static CustomResourceOptions Merge(CustomResourceOptions? options1, CustomResourceOptions? options2)
    {
        var result = new CustomResourceOptions();
        foreach (var source in new[] { options1, options2 }.OfType<CustomResourceOptions>())
        {
            result.MergeFrom(source);
            result.DeleteBeforeReplace = source.DeleteBeforeReplace ?? result.DeleteBeforeReplace;
            result.AdditionalSecretOutputs = [.. result.AdditionalSecretOutputs, .. source.AdditionalSecretOutputs];
        }

        return result;
    }

    internal override CustomResourceOptions Clone() => Merge(null, this);
}

/// <summary>What a component can be given besides its arguments.</summary>
public sealed class ComponentResourceOptions : ResourceOptions
{
    internal override ComponentResourceOptions Clone()
    {
        var result = new ComponentResourceOptions();
        result.MergeFrom(this);
        return result;
    }
}
