using System.Net;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>A public SSH key of the account. The API trims the line and takes no key twice.</summary>
internal sealed class SshKeyResource(DigitalOceanApi api) : ApiResource(api, "digitalocean:index/sshKey:SshKey", "account/keys", "ssh_key",
[
    new("name", new(InputKind.Text), "name", key => key.Text("name")),
    new("publicKey", new(InputKind.Text, Required: true, Replaces: true), "public_key") { Sent = line => ((PropertyValue.Text)line).Value.Trim() },
    new("fingerprint", Live: key => key.Text("fingerprint")),
])
{
    /// <inheritdoc />
    /// <exception cref="ProviderException">The account has the key already; names it, and how to use it.</exception>
    public override async Task<string> CreateAsync(PropertyMap inputs, CancellationToken cancellation)
    {
        try
        {
            return await base.CreateAsync(inputs, cancellation);
        }
        catch (DigitalOceanException e) when (e.Status == HttpStatusCode.UnprocessableEntity && e.Message.Contains("already in use", StringComparison.OrdinalIgnoreCase))
        {
            await foreach (var item in AllAsync(inputs, cancellation))
            {
                if (IsMadeFrom(item, inputs))
                {
                    var fingerprint = item.Text("fingerprint");
                    throw new ProviderException(
                        $"the public key '{inputs.Text("name")}' is in your DigitalOcean account already (Settings, Security, SSH keys): as '{item.Text("name")}', fingerprint {fingerprint}, id {item.Text("id")}. "
                        + $"DigitalOcean takes a key once. Use the one that is there: set mesos-stack:sshKeyFingerprint to {fingerprint}", e);
                }
            }

            throw new ProviderException($"{e.Message}. No key that this token may list is the public key '{inputs.Text("name")}': another team's account may have it. Use another key pair", e);
        }
    }

    protected override bool IsMadeFrom(JsonNode item, PropertyMap inputs) => KeyOf(item.Text("public_key")) == KeyOf(inputs.RequiredText("publicKey"));

    // Kind and key without the comment.
    private static string KeyOf(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(2));
}
