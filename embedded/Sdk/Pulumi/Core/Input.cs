namespace Pulumi;

/// <summary>A property of a resource's arguments: a plain value or an output.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public class Input<T> : IInput
{
    private readonly Output<T>? _output;

    private protected Input()
    {
    }

    private protected Input(Output<T> output) => _output = output;

    IOutput IInput.Flat => Flat;

    IOutput IInput.Wire => Wire;

    internal virtual Output<T> Flat => _output!;

    private protected virtual IOutput Wire => Flat;

    /// <summary>An input with a plain value.</summary>
    public static implicit operator Input<T>(T value) => new(Output.Create(value));

    /// <summary>An input with an output's value.</summary>
    /// <exception cref="ArgumentNullException">The output is null: it was used before it was assigned.</exception>
    public static implicit operator Input<T>(Output<T> value) => new(value ?? throw new ArgumentNullException(nameof(value)));
}

/// <summary>Shorthands for inputs; each takes null as the type's default.</summary>
public static class InputExtensions
{
    /// <summary>The input as an output.</summary>
    public static Output<T> ToOutput<T>(this Input<T>? input) => input?.Flat ?? Output.Create(default(T)!);

    /// <summary>Transforms the value once it is known.</summary>
    public static Output<TResult> Apply<T, TResult>(this Input<T>? input, Func<T, TResult> func) => input.ToOutput().Apply(func);

    /// <summary>Transforms the value asynchronously once it is known.</summary>
    public static Output<TResult> Apply<T, TResult>(this Input<T>? input, Func<T, Task<TResult>> func) => input.ToOutput().Apply(func);

    /// <summary>Transforms the value into another input once it is known.</summary>
    public static Output<TResult> Apply<T, TResult>(this Input<T>? input, Func<T, Input<TResult>?> func) => input.ToOutput().Apply(func);

    /// <summary>Transforms the value into another output once it is known.</summary>
    public static Output<TResult> Apply<T, TResult>(this Input<T>? input, Func<T, Output<TResult>?> func) => input.ToOutput().Apply(func);
}
