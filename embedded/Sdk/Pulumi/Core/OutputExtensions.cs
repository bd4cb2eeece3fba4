using System.Collections.Immutable;

namespace Pulumi;

/// <summary>Shorthands for outputs of arrays and unions.</summary>
public static class OutputExtensions
{
    /// <summary>The element at a position.</summary>
    public static Output<T> GetAt<T>(this Output<ImmutableArray<T>> array, Input<int> index) =>
        Output.Tuple(array, index.ToOutput()).Apply(t => t.Item1[t.Item2]);

    /// <summary>The first element.</summary>
    public static Output<T> First<T>(this Output<ImmutableArray<T>> array) => array.Apply(a => a[0]);

    /// <summary>The number of elements.</summary>
    public static Output<int> Length<T>(this Output<ImmutableArray<T>> array) => array.Apply(a => a.Length);

    /// <summary>The value as the union's first type.</summary>
    public static Output<T0> AsT0<T0, T1>(this Output<Union<T0, T1>> output) => output.Apply(u => u.AsT0);

    /// <summary>The value as the union's second type.</summary>
    public static Output<T1> AsT1<T0, T1>(this Output<Union<T0, T1>> output) => output.Apply(u => u.AsT1);

    /// <summary>Whether the value is of the union's first type.</summary>
    public static Output<bool> IsT0<T0, T1>(this Output<Union<T0, T1>> output) => output.Apply(u => u.IsT0);

    /// <summary>Whether the value is of the union's second type.</summary>
    public static Output<bool> IsT1<T0, T1>(this Output<Union<T0, T1>> output) => output.Apply(u => u.IsT1);

    /// <summary>The value, whichever type it is of.</summary>
    public static Output<object> Value<T0, T1>(this Output<Union<T0, T1>> output) => output.Apply(u => u.Value);
}
