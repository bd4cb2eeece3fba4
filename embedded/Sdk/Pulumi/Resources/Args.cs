namespace Pulumi;

/// <summary>Arguments: a class whose members carry <see cref="InputAttribute"/>.</summary>
public abstract class InputArgs
{
    private protected InputArgs()
    {
    }
}

/// <summary>The arguments of a resource.</summary>
public abstract class ResourceArgs : InputArgs
{
    /// <summary>No arguments.</summary>
    public static readonly ResourceArgs Empty = new None();

    private sealed class None : ResourceArgs;
}
