using System.Collections.Immutable;

namespace Pulumi;

/// <summary>Arguments: a class whose members carry <see cref="InputAttribute"/>.</summary>
public abstract class InputArgs
{
    /// <summary>For derived classes.</summary>
    protected InputArgs()
    {
    }
}

/// <summary>The arguments of a resource.</summary>
public abstract class ResourceArgs : InputArgs
{
    /// <summary>No arguments.</summary>
    public static readonly ResourceArgs Empty = new None();

    /// <summary>For derived classes.</summary>
    protected ResourceArgs()
    {
    }

    private sealed class None : ResourceArgs;
}
