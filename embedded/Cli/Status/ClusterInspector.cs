using System.Globalization;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Cli.Status;

/// <summary>Finds out what a cluster is: it asks DigitalOcean for the droplets, one master for the whole, and each host for itself.</summary>
/// <param name="question">Asks hosts.</param>
/// <param name="droplets">Lists droplets with a tag.</param>
/// <param name="removal">The command that removes a droplet, by its id.</param>
internal sealed class ClusterInspector(HostQuestion question, Func<string, CancellationToken, Task<IReadOnlyList<CloudDroplet>>> droplets, Func<string, string> removal)
{
    private const int AtOnce = 20;

    /// <summary>Looks at a cluster. What cannot be asked is in the answer, too.</summary>
    public async Task<ClusterStatus> LookAsync(KnownCluster cluster, CancellationToken cancellation)
    {
        List<string> unknown = [];
        var report = ReportAsync(cluster, cancellation);
        var hosts = HostsAsync(cluster, cancellation);
        IReadOnlyList<CloudDroplet>? listed = null;
        try
        {
            listed = cluster.Tag.Length > 0 ? await droplets(cluster.Tag, cancellation) : null;
        }
        catch (ProviderException e)
        {
            unknown.Add($"which droplets DigitalOcean has with the tag {cluster.Tag}: {e.Message}");
        }

        var power = (listed ?? []).ToDictionary(d => d.Id, d => d.Power, StringComparer.Ordinal);
        HostStatus[] seen = [.. (await hosts).Zip(cluster.Hosts, (status, known) => status with { Power = power.GetValueOrDefault(known.DropletId) })];
        List<UnknownDroplet> strangers = [.. (listed ?? []).Where(d => cluster.Hosts.All(h => h.DropletId != d.Id)).Select(d => new UnknownDroplet(d.Id, d.Name, d.Power, removal(d.Id)))];
        var (lines, failure) = await report;
        if (failure is not null)
        {
            unknown.Add(failure);
        }

        return Status(cluster, lines, seen, strangers, listed is null, unknown);
    }

    private static ClusterStatus Status(KnownCluster cluster, IReadOnlyList<string> lines, IReadOnlyList<HostStatus> hosts, IReadOnlyList<UnknownDroplet> strangers, bool isUnlisted, List<string> unknown)
    {
        var facts = lines.Select(line => line.Split(' ')).ToLookup(words => words[0], StringComparer.Ordinal);
        Dictionary<string, string> Of(string kind) => facts[kind].ToDictionary(words => words[1], words => words[2], StringComparer.Ordinal);
        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
        return new ClusterStatus
        {
            Name = cluster.Name,
            Wrong = [.. facts["wrong"].Select(words => string.Join(' ', words.Skip(1))), .. lines.Count == 0 ? ["no master could be asked what the cluster is"] : Array.Empty<string>(), .. hosts.SelectMany(Faults), .. Missing(cluster, hosts, isUnlisted), .. strangers.Select(Fault)],
            Unknown = unknown,
            ZooKeeper = Of("zookeeper"),
            MesosMasters = Of("mesos-master"),
            Agents = [.. facts["agent"].Select(words => new AgentStatus(words[1], words[2], words.ElementAtOrDefault(3)))],
            Marathon = Of("marathon"),
            MarathonFramework = facts["framework"].Select(words => words[2]).FirstOrDefault(id => id is not ("missing" or "unknown")),
            Apps = [.. facts["app"].Select(words => new AppStatus(words[1], Number(words[2]), Number(words[3])))],
            Hosts = hosts,
            UnknownDroplets = strangers,
        };
    }

    private static IEnumerable<string> Faults(HostStatus host)
    {
        if (host.Power == "off")
        {
            yield return $"the droplet of {host.Name} is switched off";
        }
        else if (host.Error is { } error)
        {
            yield return $"{host.Name} ({host.Address}) could not be asked: {error}";
        }

        foreach (var file in host.Differs)
        {
            yield return $"{host.Name}: {file} differs from the description";
        }

        foreach (var file in host.Surplus)
        {
            yield return $"{host.Name}: {file} should not be there";
        }

        foreach (var daemon in host.Stopped)
        {
            yield return $"{host.Name}: {daemon} does not run";
        }

        foreach (var daemon in host.SurplusDaemons)
        {
            yield return $"{host.Name}: {daemon} runs, though the description disables it";
        }
    }

    private static IEnumerable<string> Missing(KnownCluster cluster, IReadOnlyList<HostStatus> hosts, bool isUnlisted) => isUnlisted
        ? []
        : hosts.Where(host => host.Power is null).Select(host => $"DigitalOcean has no droplet of {host.Name} with the tag {cluster.Tag}");

    private static string Fault(UnknownDroplet droplet) => $"the droplet {droplet.Name} ({droplet.Id}) carries the cluster's tag, but the state does not know it; this removes it: {droplet.Remove}";

    // Every master gives the same report, so one that does not answer is passed over.
    private async Task<(IReadOnlyList<string> Lines, string? Failure)> ReportAsync(KnownCluster cluster, CancellationToken cancellation)
    {
        if (cluster.Readiness is not { } readiness)
        {
            return ([], "what the cluster is as a whole: the state has no check of it, because an update was cut off");
        }

        var failures = new List<string>();
        foreach (var via in cluster.Hosts.Where(h => h is { IsMaster: true, Configuration: not null }).Reverse())
        {
            try
            {
                var connection = via.Configuration!.GetValueOrDefault("connection") ?? PropertyValue.Nothing;
                return (await question.AskAsync(readiness.With("connection", connection), "readiness", "report", cancellation), null);
            }
            catch (ProviderException e)
            {
                failures.Add($"{via.Name}: {e.Message}");
            }
        }

        return ([], "what the cluster is as a whole: " + string.Join("; ", failures));
    }

    private async Task<IReadOnlyList<HostStatus>> HostsAsync(KnownCluster cluster, CancellationToken cancellation)
    {
        var all = new HostStatus[cluster.Hosts.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, all.Length, options, async (i, token) => all[i] = await HostAsync(cluster.Hosts[i], token));
        return all;
    }

    private async Task<HostStatus> HostAsync(KnownHost host, CancellationToken cancellation)
    {
        var status = new HostStatus(host.Name, host.Address);
        if (host.Configuration is not { } configuration)
        {
            return status with { Error = "the state has no configuration of it, because an update was cut off" };
        }

        try
        {
            var facts = (await question.AskAsync(configuration, "configuration", "compare", cancellation)).Select(line => line.Split(' ')).ToLookup(words => words[0], StringComparer.Ordinal);
            IReadOnlyList<string> Of(string kind) => [.. facts[kind].Select(words => words[1])];
            return status with
            {
                Versions = new SortedDictionary<string, string>(facts["version"].ToDictionary(words => words[1], words => words[2], StringComparer.Ordinal), StringComparer.Ordinal),
                Differs = Of("differs"),
                Surplus = Of("surplus"),
                Stopped = Of("stopped"),
                SurplusDaemons = Of("surplus-daemon"),
            };
        }
        catch (ProviderException e)
        {
            return status with { Error = e.Message.ReplaceLineEndings(" ") };
        }
    }
}
