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
    protected override async Task<string?> ObstacleAsync(PropertyMap inputs, CancellationToken cancellation)
    {
        await foreach (var item in AllAsync(inputs, cancellation))
        {
            if (IsMadeFrom(item, inputs))
            {
                var fingerprint = item.Text("fingerprint");
                return $"DigitalOcean takes a key once, and your account has this one already (Settings, Security, SSH keys): '{item.Text("name")}', fingerprint {fingerprint}, id {item.Text("id")}. "
                    + $"Use that one: set mesos-stack:sshKeyFingerprint to {fingerprint}. Or, where a run that was killed has left it, delete it (doctl compute ssh-key delete {item.Text("id")}), then update once more";
            }
        }

        return null;
    }

    protected override bool IsMadeFrom(JsonNode item, PropertyMap inputs) => KeyOf(item.Text("public_key")) == KeyOf(inputs.RequiredText("publicKey"));

    // Kind and key without the comment.
    private static string KeyOf(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(2));
}
