using System.Collections.Immutable;

namespace MesosStack.Embedded.Providers.Inputs;

/// <summary>The kinds of values an input can have.</summary>
internal enum InputKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A truth value.</summary>
    Bool,

    /// <summary>Values in order.</summary>
    List,

    /// <summary>Values whose order means nothing.</summary>
    Set,

    /// <summary>Texts by any name.</summary>
    Map,

    /// <summary>Named fields.</summary>
    Object,

    /// <summary>A folder of this machine.</summary>
    Archive,

    /// <summary>Anything.</summary>
    Any,
}

/// <summary>What an input may be.</summary>
/// <param name="Kind">The kind of value.</param>
/// <param name="Required">Whether it has to be there.</param>
/// <param name="Replaces">Whether a change replaces the resource; only looked at for top-level inputs.</param>
/// <param name="Items">What each item of a list or set is.</param>
/// <param name="Fields">The fields of an object.</param>
internal sealed record InputSpec(InputKind Kind, bool Required = false, bool Replaces = false, InputSpec? Items = null, ImmutableSortedDictionary<string, InputSpec>? Fields = null)
{
    /// <summary>The specs of a resource's inputs by name.</summary>
    public static ImmutableSortedDictionary<string, InputSpec> Of(params (string Name, InputSpec Spec)[] inputs) =>
        inputs.ToImmutableSortedDictionary(i => i.Name, i => i.Spec, StringComparer.Ordinal);
}
