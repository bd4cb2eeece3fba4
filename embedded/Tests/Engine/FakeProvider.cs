using System.Collections.Immutable;
using System.Collections.Concurrent;
using System.Globalization;
using MesosStack.Embedded.Engine.Planning;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>
/// A provider of things that live in memory. Inputs steer it: a change of <c>replace</c> replaces, <c>fail</c> fails the operation it names,
/// <c>secret</c> is given back in clear as <c>leak</c>.
/// </summary>
internal sealed class FakeProvider : IProvider
{
    private int _ids;
    private int _running;

    public string Package => "test";

    /// <summary>The calls made, as <c>Operation name</c>; those of previews start with <c>preview</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>The requests of the last checks and diffs, by resource name.</summary>
    public ConcurrentDictionary<string, CheckRequest> Checks { get; } = new();

    /// <summary>The things, by id.</summary>
    public ConcurrentDictionary<string, PropertyMap> Things { get; } = new();

    /// <summary>The settings it was given.</summary>
    public PropertyMap? Settings { get; private set; }

    /// <summary>The most operations that ran at once.</summary>
    public int Peak { get; private set; }

    /// <summary>Called in each create, update, and delete, before it works.</summary>
    public Func<string, Task> Gate { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called in each of them too: a wait that may be given up.</summary>
    public Func<string, CancellationToken, Task> Wait { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The time limits of the creates, by name.</summary>
    public ConcurrentDictionary<string, TimeSpan?> Timeouts { get; } = new();

    /// <summary>The updates, previewed ones too, in their order.</summary>
    public ConcurrentQueue<UpdateRequest> Updates { get; } = new();

    public string[] TakeCalls()
    {
        var calls = Calls.ToArray();
        Calls.Clear();
        return calls;
    }

    public Task ConfigureAsync(PropertyMap settings, CancellationToken cancellation)
    {
        if (Settings is not null)
        {
            throw new InvalidOperationException("configured twice");
        }

        Settings = settings;
        return Task.CompletedTask;
    }

    public Task<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancellation)
    {
        Checks[request.Resource.Name] = request;
        return Task.FromResult(request.NewInputs.ContainsKey("bad")
            ? new CheckResult(request.NewInputs, [new CheckFault("bad", "is not allowed")])
            : CheckResult.Ok(request.NewInputs));
    }

    public Task<ImmutableSortedDictionary<string, PropertyDiff>> DiffAsync(DiffRequest request, CancellationToken cancellation) =>
        Task.FromResult(InputDiff.Compare(request.OldInputs, request.NewInputs)
            .ToImmutableSortedDictionary(d => d.Key, d => d.Value with { Replaces = d.Key.StartsWith("replace", StringComparison.Ordinal) }, StringComparer.Ordinal));

    public async Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation)
    {
        Timeouts[request.Resource.Name] = request.Timeout;
        if (request.Preview)
        {
            Calls.Enqueue($"preview create {request.Resource.Name}");
            return new CreateResult("", request.Inputs.With("serial", PropertyValue.NotKnown));
        }

        return await WorkAsync(request.Interrupted is null ? "create" : "recreate", request.Resource, request.Inputs, () =>
        {
            request.Status($"making {request.Resource.Name}");
            var serial = Interlocked.Increment(ref _ids);
            var id = $"id-{serial.ToString(CultureInfo.InvariantCulture)}";
            var outputs = Outputs(request.Inputs).With("serial", serial);
            Things[id] = outputs;
            return request.Inputs.ContainsKey("half") ? throw new ResourceInitException(id, outputs, ["it did not become ready"]) : new CreateResult(id, outputs);
        }, cancellation);
    }

    public Task<ReadResult?> ReadAsync(ReadRequest request, CancellationToken cancellation)
    {
        Calls.Enqueue($"read {request.Resource.Name}");
        if (request.Inputs.GetValueOrDefault("fail") == "read")
        {
            throw new ProviderException("cannot read it today");
        }

        return Task.FromResult(Things.TryGetValue(request.Id, out var outputs) ? new ReadResult(request.Id, request.Inputs, outputs) : null);
    }

    public async Task<PropertyMap> UpdateAsync(UpdateRequest request, CancellationToken cancellation)
    {
        Updates.Enqueue(request);
        if (request.Preview)
        {
            Calls.Enqueue($"preview update {request.Resource.Name}");
            return Outputs(request.NewInputs).With("serial", request.OldOutputs["serial"]);
        }

        return await WorkAsync("update", request.Resource, request.NewInputs, () =>
            Things[request.Id] = Outputs(request.NewInputs).With("serial", request.OldOutputs["serial"]), cancellation);
    }

    public async Task DeleteAsync(DeleteRequest request, CancellationToken cancellation) =>
        await WorkAsync("delete", request.Resource, request.Inputs, () => Things.TryRemove(request.Id, out _), cancellation);

    private static PropertyMap Outputs(PropertyMap inputs) =>
        inputs.TryGetValue("secret", out var secret) ? inputs.Unwrapped().With("leak", secret.Unwrapped()) : inputs;

    private async Task<T> WorkAsync<T>(string operation, ResourceKey resource, PropertyMap inputs, Func<T> work, CancellationToken cancellation)
    {
        Calls.Enqueue($"{operation} {resource.Name}");
        lock (Calls)
        {
            Peak = Math.Max(Peak, ++_running);
        }

        try
        {
            await Gate($"{operation} {resource.Name}");
            await Wait($"{operation} {resource.Name}", cancellation);
            if (inputs.TryGetValue("fail", out var fail) && fail.Unwrapped() is PropertyValue.Text { Value: var what })
            {
                if (what == operation)
                {
                    throw new ProviderException($"cannot {operation} it today");
                }

                if (what == "crash")
                {
                    throw new TimeoutException("no answer");
                }
            }

            return work();
        }
        finally
        {
            lock (Calls)
            {
                _running--;
            }
        }
    }
}
