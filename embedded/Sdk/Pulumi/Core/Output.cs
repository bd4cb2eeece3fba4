using System.Collections.Immutable;
using System.Globalization;
using Pulumi.Deployments;

namespace Pulumi;

/// <summary>A value that may become known later, with the resources it depends on and whether it is a secret.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class Output<T> : IOutput
{
    internal Output(Task<OutputData<T>> data)
    {
        Data = data;
        Deployment.CurrentOrNull?.Runner.Register(data);
    }

    internal Task<OutputData<T>> Data { get; }

    async Task<OutputData<object?>> IOutput.GetDataAsync()
    {
        var data = await Data;
        return new(data.Value, data.Facts);
    }

    /// <summary>Transforms the value once it is known; not run while it is unknown.</summary>
    public Output<TResult> Apply<TResult>(Func<T, TResult> func) => Bind(v => Task.FromResult(Plain(func(v))));

    /// <summary>Transforms the value asynchronously once it is known; not run while it is unknown.</summary>
    public Output<TResult> Apply<TResult>(Func<T, Task<TResult>> func) => Bind(async v => Plain(await func(v)));

    /// <summary>Transforms the value into an input, whose facts are added; not run while it is unknown.</summary>
    public Output<TResult> Apply<TResult>(Func<T, Input<TResult>?> func) => Bind(v => DataOf(func(v)?.ToOutput()));

    /// <summary>Transforms the value into another output, whose facts are added; not run while it is unknown.</summary>
    public Output<TResult> Apply<TResult>(Func<T, Output<TResult>?> func) => Bind(v => DataOf(func(v)));

    /// <summary>Runs an action with the value once it is known; not run while it is unknown.</summary>
    public Output<ValueTuple> Apply(Func<T, Task> func) => Bind(async v =>
    {
        await func(v);
        return Plain(ValueTuple.Create());
    });

    /// <summary>A reminder: the text of an output is not the text of its value. Also warns in the deployment's log.</summary>
    /// <exception cref="InvalidOperationException">PULUMI_ERROR_OUTPUT_STRING is set.</exception>
    public override string ToString()
    {
        const string message =
            "ToString was called on an Output<T>: its value is not known here. Use output.Apply(v => $\"prefix{v}suffix\") or Output.Format($\"prefix{output}suffix\") instead.";
        if (Switches.IsOn("PULUMI_ERROR_OUTPUT_STRING"))
        {
            throw new InvalidOperationException(message);
        }

        Deployment.CurrentOrNull?.Logger.Log(Pulumirpc.LogSeverity.Warning, message);
        return message;
    }

    internal static Output<T> FromTask(Task<T> value, OutputFacts facts)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(Get());

        async Task<OutputData<T>> Get() => new(await value, facts);
    }

    /// <summary>The same value with other facts.</summary>
    internal Output<T> With(Func<OutputFacts, OutputFacts> change)
    {
        return new(Get());

        async Task<OutputData<T>> Get()
        {
            var data = await Data;
            return data with { Facts = change(data.Facts) };
        }
    }

    private static OutputData<TResult> Plain<TResult>(TResult value) => new(value, OutputFacts.Plain);

    private static Task<OutputData<TResult>> DataOf<TResult>(Output<TResult>? output) =>
        output?.Data ?? Task.FromResult(Plain(default(TResult)!));

    private Output<TResult> Bind<TResult>(Func<T, Task<OutputData<TResult>>> func)
    {
        return new(Get());

        async Task<OutputData<TResult>> Get()
        {
            var data = await Data;
            if (!data.IsKnown)
            {
                return new(default!, data.Facts);
            }

            var inner = await func(data.Value);
            return inner with { Facts = data.Facts.And(inner.Facts) };
        }
    }
}

/// <summary>Makes outputs and joins them.</summary>
public static class Output
{
    /// <summary>An output with a value known now.</summary>
    public static Output<T> Create<T>(T value) => Create(Task.FromResult(value));

    /// <summary>An output with the result of a task.</summary>
    public static Output<T> Create<T>(Task<T> value) => Output<T>.FromTask(value, OutputFacts.Plain);

    /// <summary>A secret output with a value known now.</summary>
    public static Output<T> CreateSecret<T>(T value) => CreateSecret(Task.FromResult(value));

    /// <summary>A secret output with the result of a task.</summary>
    public static Output<T> CreateSecret<T>(Task<T> value) => Output<T>.FromTask(value, OutputFacts.Plain with { IsSecret = true });

    /// <summary>The same output, secret.</summary>
    public static Output<T> CreateSecret<T>(Output<T> value) => value.With(f => f with { IsSecret = true });

    /// <summary>The same output without its secret mark.</summary>
    public static Output<T> Unsecret<T>(Output<T> output) => output.With(f => f with { IsSecret = false });

    /// <summary>Whether an output is secret.</summary>
    public static async Task<bool> IsSecretAsync<T>(Output<T> output) => (await output.Data).IsSecret;

    /// <summary>Formats a text of which any argument may be an input or an output.</summary>
    public static Output<string> Format(FormattableString formattableString)
    {
        var arguments = formattableString.GetArguments().Select(a => a switch
        {
            IOutput output => output,
            IInput input => input.Flat,
            _ => null,
        }).ToArray();
        return new(Get());

        async Task<OutputData<string>> Get()
        {
            var values = (object?[])formattableString.GetArguments().Clone();
            var facts = OutputFacts.Plain;
            for (var i = 0; i < values.Length; i++)
            {
                if (arguments[i] is { } output)
                {
                    var data = await output.GetDataAsync();
                    values[i] = data.Value;
                    facts = facts.And(data.Facts);
                }
            }

            return new(facts.IsKnown ? string.Format(CultureInfo.InvariantCulture, formattableString.Format, values) : "", facts);
        }
    }

    /// <summary>Joins outputs of one type; known when all are.</summary>
    public static Output<ImmutableArray<T>> All<T>(IEnumerable<Output<T>> outputs)
    {
        var all = outputs.ToArray();
        return new(Get());

        async Task<OutputData<ImmutableArray<T>>> Get()
        {
            var values = ImmutableArray.CreateBuilder<T>(all.Length);
            var facts = OutputFacts.Plain;
            foreach (var output in all)
            {
                var data = await output.Data;
                values.Add(data.Value);
                facts = facts.And(data.Facts);
            }

            return new(values.MoveToImmutable(), facts);
        }
    }

    /// <summary>Joins 2 outputs; known when all are.</summary>
    public static Output<(T1, T2)> Tuple<T1, T2>(Output<T1> item1, Output<T2> item2)
    {
        return new(Get());

        async Task<OutputData<(T1, T2)>> Get()
        {
            var d1 = await item1.Data;
            var d2 = await item2.Data;
            return new((d1.Value, d2.Value), d1.Facts.And(d2.Facts));
        }
    }
}
