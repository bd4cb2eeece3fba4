namespace Pulumi;

/// <summary>Looks at a resource before it is registered and may give it other arguments and options; null changes nothing.</summary>
public delegate ResourceTransformationResult? ResourceTransformation(ResourceTransformationArgs args);

/// <summary>The resource that a transformation looks at.</summary>
public readonly struct ResourceTransformationArgs
{
    /// <summary>A resource with its arguments and options.</summary>
    public ResourceTransformationArgs(Resource resource, ResourceArgs args, ResourceOptions options)
    {
        Resource = resource;
        Args = args;
        Options = options;
    }

    /// <summary>The resource; its outputs must not be read yet.</summary>
    public Resource Resource { get; }

    /// <summary>Its arguments.</summary>
    public ResourceArgs Args { get; }

    /// <summary>Its options.</summary>
    public ResourceOptions Options { get; }
}

/// <summary>What a resource gets instead.</summary>
public readonly struct ResourceTransformationResult
{
    /// <summary>Other arguments and options.</summary>
    public ResourceTransformationResult(ResourceArgs args, ResourceOptions options)
    {
        Args = args;
        Options = options;
    }

    /// <summary>The arguments.</summary>
    public ResourceArgs Args { get; }

    /// <summary>The options; the parent must be the same.</summary>
    public ResourceOptions Options { get; }
}
