namespace Pulumi;

/// <summary>Looks at a resource before it is registered. It returns null, for this slice has no values of the result's type.</summary>
public delegate ResourceTransformationResult? ResourceTransformation(ResourceTransformationArgs args);

/// <summary>The resource that a transformation looks at.</summary>
public readonly struct ResourceTransformationArgs
{
    internal ResourceTransformationArgs(Resource resource, ResourceArgs args, ResourceOptions options)
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

/// <summary>Other arguments and options for a resource, which this slice does not take.</summary>
public readonly struct ResourceTransformationResult;
