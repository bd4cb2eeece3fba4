using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>A public SSH key of the account.</summary>
internal sealed class SshKeyResource(DigitalOceanApi api) : IDigitalOceanResource
{
    public string Type => "digitalocean:index/sshKey:SshKey";

    public ImmutableSortedDictionary<string, InputSpec> Inputs { get; } = InputSpec.Of(
        ("name", new(InputKind.Text)),
        ("publicKey", new(InputKind.Text, Required: true, Replaces: true)));

    public ImmutableArray<string> Computed { get; } = ["fingerprint"];

    // The API trims the line and takes no key twice.
    public ImmutableArray<string> Unreadable { get; } = ["publicKey"];

    public async Task<string?> FindAsync(PropertyMap inputs, IReadOnlySet<string> known, CancellationToken cancellation)
    {
        var wanted = KeyOf(inputs.RequiredText("publicKey"));
        await foreach (var key in api.ListAsync("account/keys?per_page=200", "ssh_keys", cancellation))
        {
            if (!known.Contains(key.Text("id")) && KeyOf(key.Text("public_key")) == wanted && key.Text("name") == inputs.Text("name"))
            {
                return key.Text("id");
            }
        }

        return null;
    }

    public async Task<string> CreateAsync(PropertyMap inputs, CancellationToken cancellation)
    {
        var body = new JsonObject { ["name"] = inputs.RequiredText("name"), ["public_key"] = inputs.RequiredText("publicKey").Trim() };
        return (await api.PostAsync("account/keys", body, cancellation)).Wrapped("ssh_key").Text("id");
    }

    public async Task<PropertyMap?> ReadAsync(string id, PropertyMap inputs, CancellationToken cancellation) =>
        (await api.GetAsync($"account/keys/{id}", cancellation))?["ssh_key"] is { } key
            ? inputs.With("name", key.Text("name")).With("publicKey", key.Text("public_key")).With("fingerprint", key.Text("fingerprint"))
            : null;

    public Task UpdateAsync(string id, PropertyMap oldInputs, PropertyMap newInputs, Action<string> status, CancellationToken cancellation) =>
        api.PutAsync($"account/keys/{id}", new JsonObject { ["name"] = newInputs.RequiredText("name") }, cancellation);

    public Task DeleteAsync(string id, PropertyMap inputs, Action<string> status, CancellationToken cancellation) =>
        api.DeleteAsync($"account/keys/{id}", cancellation);

    // Kind and key without the comment.
    private static string KeyOf(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(2));
}
