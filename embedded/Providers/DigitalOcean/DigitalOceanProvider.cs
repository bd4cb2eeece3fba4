using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>
/// The package <c>digitalocean</c> over the REST API: <c>Droplet</c>, <c>SshKey</c>, <c>Vpc</c>, <c>Tag</c>, <c>Firewall</c>.
/// Settings: <c>token</c> (or <c>DIGITALOCEAN_TOKEN</c>) and <c>apiEndpoint</c> (or <c>DIGITALOCEAN_API_URL</c>).
/// </summary>
public sealed class DigitalOceanProvider : IProvider, IDisposable
{
    private const string UsualEndpoint = "https://api.digitalocean.com";

    private static readonly TimeSpan UsualLimit = TimeSpan.FromMinutes(10);

    private readonly Func<string, string?> _environment;
    private readonly TimeProvider _time;
    private DigitalOceanApi? _api;
    private Polling? _polling;
    private ImmutableDictionary<string, ApiResource> _resources = ImmutableDictionary<string, ApiResource>.Empty;

    /// <summary>A provider that reads this process's environment.</summary>
    public DigitalOceanProvider()
        : this(Environment.GetEnvironmentVariable, TimeProvider.System)
    {
    }

    internal DigitalOceanProvider(Func<string, string?> environment, TimeProvider time)
    {
        _environment = environment;
        _time = time;
    }

    /// <inheritdoc />
    public string Package => "digitalocean";

    /// <inheritdoc />
    public Task ConfigureAsync(PropertyMap settings, CancellationToken cancellation)
    {
        var token = Token(settings.Text("token")) ?? Token(_environment("DIGITALOCEAN_TOKEN"))
            ?? throw new ProviderException("no token for DigitalOcean's API: set the secret digitalocean:token or the environment variable DIGITALOCEAN_TOKEN");
        var endpoint = settings.Text("apiEndpoint") ?? Variable("DIGITALOCEAN_API_URL") ?? UsualEndpoint;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new ProviderException($"digitalocean:apiEndpoint (or DIGITALOCEAN_API_URL) is no http or https address: {endpoint}");
        }

        var api = _api = new DigitalOceanApi(address, token, _time);
        var polling = _polling = new Polling(_time);
        _resources = new ApiResource[]
        {
            new DropletResource(api, polling, _time), new SshKeyResource(api), new VpcResource(api, polling), new TagResource(api), new FirewallResource(api),
        }.ToImmutableDictionary(r => r.Type, StringComparer.Ordinal);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancellation)
    {
        var resource = ResourceOf(request.Resource);
        var inputs = request.NewInputs.Value("name") is null
            ? request.NewInputs.With("name", request.OldInputs?.Text("name") ?? $"{request.Resource.Name}-{RandomNumberGenerator.GetHexString(7, lowercase: true)}")
            : request.NewInputs;
        var faults = InputChecker.Check(resource.Inputs, inputs).ToList();
        if (faults.Count == 0)
        {
            faults.AddRange(resource.Faults(inputs));
        }

        return Task.FromResult(new CheckResult(inputs, faults));
    }

    /// <inheritdoc />
    public Task<ImmutableSortedDictionary<string, PropertyDiff>> DiffAsync(DiffRequest request, CancellationToken cancellation) =>
        Task.FromResult(InputDiff.Compare(ResourceOf(request.Resource).Inputs, request.OldInputs, request.NewInputs));

    /// <inheritdoc />
    public async Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation)
    {
        var resource = ResourceOf(request.Resource);
        if (request.Preview)
        {
            return new CreateResult("", request.Inputs.WithUnknown(resource.Computed.Where(name => request.Inputs.Value(name) is null)));
        }

        using var limit = Limit(request.Timeout, cancellation);
        var id = await FoundOrCreatedAsync(resource, request, limit);
        try
        {
            await resource.SettleAsync(id, request.Status, limit.Token);
            return new CreateResult(id, await FirstOutputsAsync(resource, id, request.Inputs, limit));
        }
        catch (Exception e) when (e is ProviderException or OperationCanceledException)
        {
            // The resource exists, so the state must keep it, whatever failed afterwards.
            throw new ResourceInitException(id, request.Inputs, [$"{request.Resource.Name} was created with id {id}, but is not ready: {Reason(e, limit)}"]);
        }
    }

    /// <inheritdoc />
    public async Task<ReadResult?> ReadAsync(ReadRequest request, CancellationToken cancellation)
    {
        var resource = ResourceOf(request.Resource);
        using var limit = Limit(null, cancellation);
        var inputs = BridgeMarks.Without(request.Inputs);
        var outputs = await NamedAsync(request.Resource, limit, () => resource.ReadAsync(request.Id, inputs, limit.Token));
        return outputs is null ? null : new ReadResult(request.Id, LiveInputs(resource, request.Inputs, outputs), InGivenOrder(resource, inputs, outputs));
    }

    /// <inheritdoc />
    public async Task<PropertyMap> UpdateAsync(UpdateRequest request, CancellationToken cancellation)
    {
        var resource = ResourceOf(request.Resource);
        if (request.Preview)
        {
            var known = request.NewInputs.Aggregate(request.OldOutputs, (outputs, input) => outputs.With(input.Key, input.Value));

            // A create that was not waited for to the end left no outputs, which the update reads.
            return known.WithUnknown(resource.ComputedAfter(request.OldInputs, request.NewInputs).Concat(resource.Computed.Where(name => known.Value(name) is null)));
        }

        using var limit = Limit(request.Timeout, cancellation);
        try
        {
            await resource.UpdateAsync(request.Id, request.OldInputs, request.NewInputs, request.Status, limit.Token);
            return await OutputsAsync(resource, request.Id, request.NewInputs, limit);
        }
        catch (Exception e) when (e is ProviderException or OperationCanceledException)
        {
            // Part of the update may be done, so the old state may be wrong.
            throw new ResourceInitException(request.Id, request.OldOutputs, [$"{request.Resource.Name} is not as it should be: {Reason(e, limit)}"]);
        }
    }

    /// <inheritdoc />
    public async Task DeleteAsync(DeleteRequest request, CancellationToken cancellation)
    {
        var resource = ResourceOf(request.Resource);
        using var limit = Limit(request.Timeout, cancellation);
        await NamedAsync(request.Resource, limit, async () =>
        {
            await resource.DeleteAsync(request.Id, request.Status, limit.Token);
            return true;
        });
    }

    /// <summary>All droplets of the account that carry a tag, once this is configured.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Id, name and status of each.</returns>
    /// <exception cref="ProviderException">The API refused, or cannot be reached.</exception>
    public async Task<IReadOnlyList<(string Id, string Name, string Status)>> DropletsAsync(string tag, CancellationToken cancellation)
    {
        using var limit = Limit(TimeSpan.FromMinutes(1), cancellation);
        List<(string Id, string Name, string Status)> droplets = [];
        try
        {
            await foreach (var droplet in _api!.ListAsync($"droplets?per_page=200&tag_name={Uri.EscapeDataString(tag)}", "droplets", limit.Token))
            {
                droplets.Add((droplet["id"]!.ToJsonString(), droplet["name"]!.GetValue<string>(), droplet["status"]!.GetValue<string>()));
            }
        }
        catch (OperationCanceledException e)
        {
            throw new ProviderException(Reason(e, limit), e);
        }

        return droplets;
    }

    /// <inheritdoc />
    public void Dispose() => _api?.Dispose();

    // While nobody knows whether it exists, only an unknown outcome makes the engine look for it again.
    private static async Task<string> FoundOrCreatedAsync(ApiResource resource, CreateRequest request, TimeLimit limit)
    {
        var name = request.Resource.Name;
        if (request.Interrupted is { } cut)
        {
            try
            {
                if (await resource.FindAsync(request.Inputs, cut.KnownIds, limit.Token) is { } left)
                {
                    return left;
                }
            }
            catch (Exception e) when (e is ProviderException or OperationCanceledException)
            {
                throw new OutcomeUnknownException($"{name}: an earlier run may have created it, and that could not be looked up: {Reason(e, limit)}", e);
            }
        }

        try
        {
            return await NamedAsync(request.Resource, limit, () => resource.CreateAsync(request.Inputs, limit.Token));
        }
        catch (LostAnswerException e)
        {
            throw new OutcomeUnknownException($"{name}: {Reason(e, limit)}. It may have been created all the same: the next update looks for it first", e);
        }
    }

    private Task<PropertyMap> FirstOutputsAsync(ApiResource resource, string id, PropertyMap inputs, TimeLimit limit)
    {
        var unlisted = _time.GetUtcNow() + FirstReads.Limit;
        return _polling!.UntilAsync(
            async () => await resource.ReadAsync(id, inputs, limit.Token) is { } outputs
                ? InGivenOrder(resource, inputs, outputs)
                : _time.GetUtcNow() < unlisted ? null : throw FirstReads.Missed(),
            limit.Token);
    }

    private static async Task<PropertyMap> OutputsAsync(ApiResource resource, string id, PropertyMap inputs, TimeLimit limit)
    {
        var outputs = await resource.ReadAsync(id, inputs, limit.Token) ?? throw new ProviderException("it is gone again");
        return InGivenOrder(resource, inputs, outputs);
    }

    // The API returns sets in another order.
    private static PropertyMap InGivenOrder(ApiResource resource, PropertyMap inputs, PropertyMap outputs) => inputs
        .Where(given => resource.Inputs.GetValueOrDefault(given.Key) is { Kind: InputKind.Set } spec && outputs.Value(given.Key) is { } live && Same(spec, given.Value, live))
        .Aggregate(outputs, (o, given) => o.With(given.Key, given.Value.Unwrapped()));

    // What the program gave, as it is now; what the API orders anew or does not tell stays as it was given, and what only the official provider knows too.
    private static PropertyMap LiveInputs(ApiResource resource, PropertyMap inputs, PropertyMap outputs)
    {
        foreach (var (name, given) in inputs)
        {
            if (resource.Inputs.TryGetValue(name, out var spec) && resource.IsTold(name) && outputs.Value(name) is { } live && !Same(spec, given, live))
            {
                inputs = inputs.With(name, given is PropertyValue.Secret ? new PropertyValue.Secret(live) : live);
            }
        }

        return inputs;
    }

    private static bool Same(InputSpec spec, PropertyValue given, PropertyValue live) =>
        InputDiff.Compare(InputSpec.Of(("it", spec)), PropertyMap.Empty.With("it", given), PropertyMap.Empty.With("it", live)).IsEmpty;

    private static async Task<T> NamedAsync<T>(ResourceKey key, TimeLimit limit, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException e)
        {
            throw new ProviderException($"{key.Name}: {Reason(e, limit)}", e);
        }
    }

    private static string Reason(Exception failure, TimeLimit limit) => failure switch
    {
        OperationCanceledException when limit.IsUp => $"the time limit of {limit.Length} is up",
        _ when limit.IsUp => $"the time limit of {limit.Length} is up; {failure.Message}",
        OperationCanceledException => "waiting for it was given up",
        _ => failure.Message,
    };

    private TimeLimit Limit(TimeSpan? asked, CancellationToken cancellation) => new(asked ?? UsualLimit, cancellation, _time);

    // A file or a command that gives the token ends it with a newline.
    private static string? Token(string? text) => text?.Trim() switch
    {
        null or "" => null,
        var token when token.All(c => c is > ' ' and <= '~') => token,
        _ => throw new ProviderException("the token for DigitalOcean's API (digitalocean:token or DIGITALOCEAN_TOKEN) holds a blank or another character that no token has"),
    };

    private string? Variable(string name) => _environment(name) is { Length: > 0 } value ? value : null;

    private ApiResource ResourceOf(ResourceKey key) => _resources.GetValueOrDefault(key.Type)
        ?? throw new ProviderException($"the digitalocean provider has no resource {key.Type}; it has {string.Join(", ", _resources.Keys.Order(StringComparer.Ordinal))}");
}
