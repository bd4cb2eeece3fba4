using System.Collections.Immutable;

namespace Pulumi;

/// <summary>What is known about a value besides the value itself.</summary>
internal readonly record struct OutputFacts(ImmutableHashSet<Resource> Resources, bool IsKnown, bool IsSecret)
{
    /// <summary>A plain, known value that depends on nothing.</summary>
    public static OutputFacts Plain { get; } = new([], true, false);

    /// <summary>The facts of a value made from two others.</summary>
    public OutputFacts And(OutputFacts other) => new(
        Resources.IsEmpty ? other.Resources : Resources.Union(other.Resources),
        IsKnown && other.IsKnown,
        IsSecret || other.IsSecret);
}

/// <summary>A value with its facts. What an unknown one carries means nothing.</summary>
internal readonly record struct OutputData<T>(T Value, OutputFacts Facts)
{
    public bool IsKnown => Facts.IsKnown;

    /// <summary>The value; the type's default while it is unknown.</summary>
    public T KnownValue => IsKnown ? Value : default!;

    public bool IsSecret => Facts.IsSecret;

    public ImmutableHashSet<Resource> Resources => Facts.Resources;
}

/// <summary>An output whose type is not known at compile time.</summary>
internal interface IOutput
{
    Task<OutputData<object?>> GetDataAsync();
}

/// <summary>An input whose type is not known at compile time.</summary>
internal interface IInput
{
    /// <summary>What travels: for lists and maps the container with its elements still inputs.</summary>
    IOutput Wire { get; }

    /// <summary>The plain value.</summary>
    IOutput Flat { get; }
}
