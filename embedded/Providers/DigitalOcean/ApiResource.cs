using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>One kind of thing at DigitalOcean. Inputs arrive checked; every operation may be given up.</summary>
/// <param name="api">The API.</param>
/// <param name="type">The type token.</param>
/// <param name="path">Where the API lists them, below <c>/v2/</c>.</param>
/// <param name="key">What the API's answer wraps one in; with an "s" what it wraps the list in.</param>
/// <param name="properties">Its properties.</param>
internal abstract class ApiResource(DigitalOceanApi api, string type, string path, string key, ImmutableArray<ApiProperty> properties)
{
    /// <summary>The type token.</summary>
    public string Type => type;

    /// <summary>Its inputs.</summary>
    public ImmutableSortedDictionary<string, InputSpec> Inputs { get; } =
        properties.Where(p => p.Input is not null).ToImmutableSortedDictionary(p => p.Name, p => p.Input!, StringComparer.Ordinal);

    /// <summary>Outputs that only the API knows.</summary>
    public IEnumerable<string> Computed => properties.Where(p => p.Input is null || p.IsChosen).Select(p => p.Name);

    /// <summary>The field that holds its id.</summary>
    protected virtual string IdField => "id";

    /// <summary>All there are of its kind in the account, narrowed by <see cref="Filter"/>.</summary>
    protected IAsyncEnumerable<JsonNode> AllAsync(PropertyMap inputs, CancellationToken cancellation) =>
        api.ListAsync($"{path}?per_page=200{Filter(inputs)}", $"{key}s", cancellation);

    /// <summary>The API.</summary>
    protected DigitalOceanApi Api => api;

    /// <summary>Whether the API tells what this property is now.</summary>
    public bool IsTold(string name) => properties.Any(p => p.Name == name && p.Live is not null);

    /// <summary>Outputs that change with these inputs in a way only the API knows.</summary>
    public IEnumerable<string> ComputedAfter(PropertyMap oldInputs, PropertyMap newInputs) =>
        properties.Where(p => p.Follows is { } input && !Equals(oldInputs.Value(input), newInputs.Value(input))).Select(p => p.Name);

    /// <summary>Faults that kinds of values do not show. Some inputs may be unknown.</summary>
    public virtual IEnumerable<CheckFault> Faults(PropertyMap inputs) => [];

    /// <summary>The id of what an interrupted create made, other than what is known; null where it made nothing.</summary>
    public async Task<string?> FindAsync(PropertyMap inputs, IReadOnlySet<string> known, CancellationToken cancellation)
    {
        await foreach (var item in AllAsync(inputs, cancellation))
        {
            if (!known.Contains(item.Text(IdField)) && item.Text("name") == inputs.Text("name") && IsMadeFrom(item, inputs))
            {
                return item.Text(IdField);
            }
        }

        return null;
    }

    /// <summary>Creates; gives the id as soon as the API has it.</summary>
    /// <exception cref="ProviderException">It was refused; where something in the account is in its way, the message names that and says what to do.</exception>
    public async Task<string> CreateAsync(PropertyMap inputs, CancellationToken cancellation)
    {
        try
        {
            return (await api.PostAsync(path, Body(inputs, _ => true), cancellation)).Wrapped(key).Text(IdField);
        }
        catch (DigitalOceanException e) when (e.Status is HttpStatusCode.UnprocessableEntity or HttpStatusCode.Conflict)
        {
            string? obstacle = null;
            try
            {
                obstacle = await ObstacleAsync(inputs, cancellation);
            }
            catch (ProviderException)
            {
                // The refusal is the news, not that nothing more can be said of it.
            }

            throw obstacle is null ? e : new ProviderException($"{e.Message}. {obstacle}", e);
        }
    }

    /// <summary>Waits until what was created is as it should be.</summary>
    public virtual Task SettleAsync(string id, Action<string> status, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Its outputs as they are now, with the inputs that the API does not tell; null where it is gone.</summary>
    public async Task<PropertyMap?> ReadAsync(string id, PropertyMap inputs, CancellationToken cancellation) =>
        await LiveAsync(id, cancellation) is { } live ? Outputs(live, inputs) : null;

    /// <summary>Changes it in place, and waits until that is done.</summary>
    public virtual async Task UpdateAsync(string id, PropertyMap oldInputs, PropertyMap newInputs, Action<string> status, CancellationToken cancellation)
    {
        if (Body(newInputs, p => !p.Input!.Replaces) is { Count: > 0 } body)
        {
            await api.PutAsync(PathOf(id), body, cancellation);
        }
    }

    /// <summary>Deletes it and waits until it is gone.</summary>
    public virtual Task DeleteAsync(string id, Action<string> status, CancellationToken cancellation) => api.DeleteAsync(PathOf(id), cancellation);

    /// <summary>What in the account is in the way of a create that was refused, and what to do; null where nothing is.</summary>
    protected virtual Task<string?> ObstacleAsync(PropertyMap inputs, CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <summary>The obstacle that another one of the same name is.</summary>
    protected async Task<string?> NamesakeAsync(PropertyMap inputs, CancellationToken cancellation)
    {
        await foreach (var item in AllAsync(inputs, cancellation))
        {
            if (item.Text("name") == inputs.Text("name"))
            {
                return $"The account has '{item.Text("name")}' already (id {item.Text(IdField)}, created {item.Text("created_at")}). A run that was killed may have left it: if nobody needs it, delete it, then update once more";
            }
        }

        return null;
    }

    /// <summary>Narrows the list in which <see cref="FindAsync"/> looks.</summary>
    protected virtual string Filter(PropertyMap inputs) => "";

    /// <summary>Whether a thing of the same name can have been made from these inputs.</summary>
    protected virtual bool IsMadeFrom(JsonNode item, PropertyMap inputs) => true;

    /// <summary>Its outputs by the API's object and the inputs that this does not tell.</summary>
    protected virtual PropertyMap Outputs(JsonNode live, PropertyMap inputs) =>
        properties.Where(p => p.Live is not null).Aggregate(inputs, (outputs, property) => outputs.With(property.Name, property.Live!(live)));

    /// <summary>The API's object as it is now; null where it is gone.</summary>
    protected async Task<JsonNode?> LiveAsync(string id, CancellationToken cancellation) => (await api.GetAsync(PathOf(id), cancellation))?[key];

    /// <summary>Where the API has it.</summary>
    protected string PathOf(string id) => $"{path}/{Uri.EscapeDataString(id)}";

    // A set that is not given is sent empty. Any other input that is not given is left out.
    private JsonObject Body(PropertyMap inputs, Func<ApiProperty, bool> isSent) => new(properties
        .Where(p => p.Field is not null && isSent(p))
        .Select(p => (Property: p, Value: inputs.Value(p.Name) ?? (p.Input!.Kind == InputKind.Set ? new PropertyValue.Array([]) : null)))
        .Where(sent => sent.Value is not null)
        .Select(sent => KeyValuePair.Create(sent.Property.Field!, (JsonNode?)sent.Property.Sent(sent.Value!))));
}
