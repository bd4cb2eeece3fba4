using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MesosStack.Embedded.Cli.Status;
using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli;

/// <summary><c>status</c>: says what the clusters of a stack are now, whichever engine made them.</summary>
internal static class StatusCommand
{
    private const string OfficialEndpoint = "https://api.digitalocean.com";

    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Looks and prints; fails where something is wrong.</summary>
    /// <param name="host">The outside.</param>
    /// <param name="session">The stack.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CommandException">There is no state, or no cluster in it.</exception>
    public static async Task<int> RunAsync(CliHost host, StackSession session, CommandOptions options, CancellationToken cancellation)
    {
        var snapshot = await SnapshotAsync(host, session, options.State, cancellation);
        var clusters = KnownCluster.Of(snapshot);
        if (clusters.Count == 0)
        {
            throw new CommandException("the state has no cluster");
        }

        var settings = snapshot.Resources.LastOrDefault(r => r.Type == "pulumi:providers:digitalocean")?.Inputs.Unwrapped() ?? PropertyMap.Empty;
        var provider = host.Providers()["command"];
        await provider.ConfigureAsync(PropertyMap.Empty, cancellation);
        var inspector = new ClusterInspector(new HostQuestion(provider), (tag, token) => host.Droplets(settings, tag, token), id => Removal(settings, id));
        List<ClusterStatus> seen = [];
        foreach (var cluster in clusters)
        {
            seen.Add(await inspector.LookAsync(cluster, cancellation));
        }

        if (options.Json)
        {
            host.Output.WriteLine(JsonSerializer.Serialize(new StatusReport(options.State is null ? session.Stack : null, seen), Form));
        }
        else
        {
            seen.ForEach(cluster => StatusScreen.Write(host.Output, cluster));
        }

        return seen.All(cluster => cluster.Whole) ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static async Task<Snapshot> SnapshotAsync(CliHost host, StackSession session, string? file, CancellationToken cancellation)
    {
        if (file is null)
        {
            session.RequireFileOrState();
            using var store = await session.OpenStateAsync(cancellation);
            return store.Exists ? store.Loaded.Snapshot : throw new CommandException($"stack {session.Stack} has no state yet", ExitCodes.StackNotFound);
        }

        var json = file == MarkdownCommand.StandardStream
            ? await host.Input.ReadToEndAsync(cancellation)
            : await File.ReadAllTextAsync(Path.GetFullPath(file, host.Directory), cancellation);
        return DeploymentReader.Read(Encoding.UTF8.GetBytes(json), salt => new SealedValues(() => salt is null
            ? throw new SecretsException("the state holds sealed values without their salt: export it with --show-secrets")
            : session.Vault.Open(salt))).Deployment.Snapshot;
    }

    private static string Removal(PropertyMap settings, string id) => settings.GetValueOrDefault("apiEndpoint") is PropertyValue.Text { Value: var endpoint } && endpoint != OfficialEndpoint
        ? $"curl -X DELETE -H \"Authorization: Bearer $DIGITALOCEAN_TOKEN\" {endpoint}/v2/droplets/{id}"
        : $"doctl compute droplet delete {id}";
}
