using System.Globalization;
using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Lab.Control;

namespace MesosStack.Embedded.Cli;

/// <summary>The lab of this machine, run as a process of this same program.</summary>
/// <param name="address">Its API.</param>
/// <param name="user">For whom it is used.</param>
internal sealed class NspawnLab(Uri address, LabUser user) : ILab
{
    private readonly LabController _lab = new(LabOptions.FromEnvironment(Environment.GetEnvironmentVariable) with { ApiPort = address.Port });

    /// <summary>Is the lab, until cancelled.</summary>
    public static async Task<int> ServeAsync(string optionsFile, CancellationToken cancellation)
    {
        await LabDaemon.RunAsync(LabOptions.Load(optionsFile), cancellation);
        return ExitCodes.Success;
    }

    public bool IsRunning()
    {
        var running = _lab.Status().Running;
        if (running)
        {
            _lab.Options.RequireSameAsLiving();
        }

        return running;
    }

    public Task StartAsync(Action<string> progress, CancellationToken cancellation)
    {
        if (_lab.Options.PackageAddress != new LabOptions().PackageAddress)
        {
            progress($"lab: public range {_lab.Options.PublicRange}, packages at {_lab.Options.PackageAddress}. {LabOptions.Advice}");
        }

        // This program is always run by dotnet: it is built without a host of its own.
        string[] serve = [Environment.ProcessPath ?? "dotnet", typeof(NspawnLab).Assembly.Location, "lab", "serve"];
        return _lab.StartAsync(serve, Prefixed(progress), user, cancellation);
    }

    public Task WaitUntilReadyAsync(CancellationToken cancellation) => _lab.WaitUntilReadyAsync(cancellation);

    public Task<IDisposable> UseAsync(Action<string> progress, CancellationToken cancellation) => _lab.UseAsync(user, Prefixed(progress), cancellation);

    public Task<bool> StopAsync(Action<string> progress, bool all) => _lab.StopAsync(Prefixed(progress), user, all);

    public Task StopIfUnusedAsync(Action<string> progress) => _lab.StopIfUnusedAsync(Prefixed(progress));

    public string? Leftovers() => _lab.DescribeLeftovers();

    public Task PruneAsync(Action<string> progress) => _lab.PruneAsync(Prefixed(progress));

    public Task<string> PowerOnAsync(string name) => _lab.PowerOnAsync(name);

    public IReadOnlyList<string> Status()
    {
        var status = _lab.Status();
        return
        [
            status.Running
                ? string.Create(CultureInfo.InvariantCulture, $"The lab runs (process {status.ProcessId}): API {status.ApiAddress}, packages {status.PackageAddress}, log {status.LogFile}")
                : status.Droplets.Count > 0 ? "The lab's daemon does not run, but there are droplets of it: start it, or remove them with: lab stop" : "The lab does not run.",
            .. status.Droplets.Select(d => string.Create(CultureInfo.InvariantCulture, $"  {d.Name,-24} {d.Status,-7} {d.PublicAddress,-16} {d.PrivateAddress,-16} {string.Join(", ", d.Tags)}")),
            .. Leftovers() is { } left ? new[] { char.ToUpperInvariant(left[0]) + left[1..] } : [],
        ];
    }

    private static Action<string> Prefixed(Action<string> progress) => line => progress("lab: " + line);

    public IReadOnlyList<string> DropletIds() => [.. _lab.Status().Droplets.Select(d => d.Id.ToString(CultureInfo.InvariantCulture))];

    public Task<int> ShellAsync(string name, IReadOnlyList<string> command) => _lab.SshAsync(name, command);

    public Task<int> LogsAsync(string name, bool follow) => _lab.LogsAsync(name, follow);
}
