using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Providers;

/// <summary>A provider could not do what it was asked. The message is for the user: what, where, and the last words of the other side; never a secret.</summary>
public class ProviderException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A resource exists but is not as it should be; it is remembered, and tried again by the next update.</summary>
public sealed class ResourceInitException(string id, PropertyMap outputs, IReadOnlyList<string> reasons)
    : ProviderException(string.Join('\n', reasons))
{
    /// <summary>The id of what exists.</summary>
    public string Id { get; } = id;

    /// <summary>What is known of it.</summary>
    public PropertyMap Outputs { get; } = outputs;

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<string> Reasons { get; } = reasons;
}

/// <summary>
/// The other side may have done what it was asked, or not: its answer was lost. No <see cref="ProviderException"/>, since that says that nothing was done;
/// here the operation stays pending in the state, so that the next create looks for what may be left of this one.
/// </summary>
public sealed class OutcomeUnknownException(string message, Exception? inner = null) : Exception(message, inner);
