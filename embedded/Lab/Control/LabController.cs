using System.Diagnostics;
using System.Globalization;
using MesosStack.Embedded.Lab.Api;
using MesosStack.Embedded.Lab.Hosts;
using MesosStack.Embedded.Lab.Repository;

namespace MesosStack.Embedded.Lab.Control;

/// <summary>A droplet as <c>lab status</c> shows it.</summary>
/// <param name="Id">Number.</param>
/// <param name="Name">Name.</param>
/// <param name="Status">new, active or off, as in the API.</param>
/// <param name="PublicAddress">Address of eth0.</param>
/// <param name="PrivateAddress">Address of eth1.</param>
/// <param name="Tags">Tags.</param>
/// <param name="Owner">For whom it was made; null where that cannot be told.</param>
public sealed record LabDroplet(long Id, string Name, string Status, string PublicAddress, string PrivateAddress, IReadOnlyList<string> Tags, LabUser? Owner);

/// <summary>How the lab is.</summary>
/// <param name="Running">Whether its daemon runs.</param>
/// <param name="ProcessId">The daemon's process id; null where none runs.</param>
/// <param name="ApiAddress">Where the v2 API is.</param>
/// <param name="PackageAddress">Where the droplets' packages are.</param>
/// <param name="LogFile">The daemon's log.</param>
/// <param name="Droplets">Its droplets, also where only the daemon is gone.</param>
public sealed record LabStatus(bool Running, int? ProcessId, Uri ApiAddress, Uri PackageAddress, string LogFile, IReadOnlyList<LabDroplet> Droplets);

/// <summary>Starts, stops and looks at the lab from the outside.</summary>
/// <param name="options">Where the lab lives.</param>
public sealed class LabController(LabOptions options)
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private readonly LabOptions options = options.Validated();
    private Process? _started;
    private IDisposable? _turn;
    private long _logLengthBefore;

    /// <summary>Where the lab lives.</summary>
    public LabOptions Options => options;

    /// <summary>Says why the lab cannot run here, or null.</summary>
    public static string? WhyNotHere() =>
        !OperatingSystem.IsLinux() ? "the lab needs Linux"
        : Shell.Find("apt-get") is null ? "the lab needs a Debian or Ubuntu machine"
        : !Environment.IsPrivilegedProcess ? "the lab needs root: it makes mounts, network namespaces and systemd-nspawn machines" + MissingPackages()
        : null;

    /// <summary>Starts the daemon where it does not run. Installs what it needs from Debian and builds the image where that is missing.</summary>
    /// <param name="serveCommand">The command line that ends in <see cref="LabDaemon.RunAsync"/>; the path of a file for <see cref="LabOptions.Load"/> is added to it.</param>
    /// <param name="progress">Gets a line for each long part.</param>
    /// <param name="user">For whom.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was started now; false where it ran already. <see cref="WaitUntilReadyAsync"/> tells when it answers; nobody else starts or ends the lab until then.</returns>
    /// <exception cref="LabException">It cannot run here.</exception>
    public async Task<bool> StartAsync(IReadOnlyList<string> serveCommand, Action<string> progress, LabUser? user = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(serveCommand);
        ArgumentNullException.ThrowIfNull(progress);
        RequireRoot();
        var turn = await TurnAsync(progress, cancellationToken);
        var started = false;
        try
        {
            started = await StartInTurnAsync(serveCommand, progress, user, cancellationToken);
            return started;
        }
        finally
        {
            if (started)
            {
                _turn = turn;
            }
            else
            {
                turn.Dispose();
            }
        }
    }

    /// <summary>Notes that this process uses the lab, so that no other process ends it. Waits for whoever starts or ends it just now.</summary>
    /// <param name="user">For whom.</param>
    /// <param name="progress">Gets a line where it has to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What ends the use when it is disposed.</returns>
    /// <exception cref="LabException">The lab cannot run here.</exception>
    public async Task<IDisposable> UseAsync(LabUser user, Action<string> progress, CancellationToken cancellationToken = default)
    {
        RequireRoot();
        using (await TurnAsync(progress, cancellationToken))
        {
            return new LabUses(options).Add(user);
        }
    }

    private async Task<bool> StartInTurnAsync(IReadOnlyList<string> serveCommand, Action<string> progress, LabUser? user, CancellationToken cancellationToken)
    {
        options.RequireSameAsLiving();
        if (Daemon() is not null && await AnswersAsync(cancellationToken))
        {
            return false;
        }

        await Prerequisites.InstallAsync(progress, cancellationToken);
        await new BaseImage(options).EnsureAsync(progress, cancellationToken);
        progress("starting the lab");
        PrivateFolder.Make(options.RunDirectory);
        PrivateFolder.Make(options.StateDirectory);
        options.Save(options.OptionsFile);
        if (user is not null)
        {
            new LabUses(options).SaveStarter(user);
        }

        if (DescribeLeftovers() is { } left)
        {
            progress(left);
        }

        _logLengthBefore = File.Exists(options.LogFile) ? new FileInfo(options.LogFile).Length : 0;

        // A session of its own, so that Ctrl-C at the terminal that started it does not end it. What it writes on droplets' disks their users must read.
        var start = new ProcessStartInfo("setsid",
            ["sh", "-c", "umask 022; log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", options.LogFile, .. serveCommand, options.OptionsFile])
        {
            WorkingDirectory = "/",
        };
        foreach (var name in HostEnvironment.Dropped())
        {
            start.Environment.Remove(name);
        }

        _started = Process.Start(start) ?? throw new LabException("The lab's daemon cannot be started.");
        return true;
    }

    /// <summary>Waits until the daemon that <see cref="StartAsync"/> started answers.</summary>
    /// <param name="cancellationToken">Ends the wait; the daemon stays.</param>
    /// <exception cref="LabException">It ended before it answered.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken = default)
    {
        using var turn = Interlocked.Exchange(ref _turn, null);
        var end = DateTime.UtcNow + ReadyLimit;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Daemon() is null || !await AnswersAsync(cancellationToken))
        {
            if (_started is { HasExited: true } || DateTime.UtcNow > end)
            {
                throw new LabException($"The lab did not start: {LogSince(_logLengthBefore)} (log: {options.LogFile})");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Ends the daemon and removes every droplet, mount, link, rule and file the lab made, but for the cache; also what a killed lab left.</summary>
    /// <param name="progress">Gets a line for each long part.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="all">Whether others lose theirs, too.</param>
    /// <returns>Whether there was anything to end or remove.</returns>
    /// <exception cref="LabException">Not root, others use the lab, or something cannot be removed.</exception>
    public async Task<bool> StopAsync(Action<string> progress, LabUser? user = null, bool all = false)
    {
        ArgumentNullException.ThrowIfNull(progress);
        RequireRoot();
        using var turn = await TurnAsync(progress, CancellationToken.None);
        return all || Others(user) is not { Count: > 0 } others
            ? await StopInTurnAsync(progress)
            : throw new LabException($"The lab of this machine is in use by others too; nothing was touched. {string.Join("; ", others)}. `mesos-stack lab stop --all` ends it for all.");
    }

    /// <summary>Ends the lab where it holds no droplet and no other process uses it.</summary>
    /// <param name="progress">Gets a line for each long part, or why it stays.</param>
    /// <returns>Whether it was ended.</returns>
    /// <exception cref="LabException">Something cannot be removed.</exception>
    public async Task<bool> StopIfUnusedAsync(Action<string> progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        using var turn = await TurnAsync(progress, CancellationToken.None);
        if (Daemon() is null || Droplets().Count > 0)
        {
            return false;
        }

        if (new LabUses(options).Others() is { Count: > 0 } others)
        {
            progress($"the lab stays, since others use it: {string.Join(", ", others)}");
            return false;
        }

        return await StopInTurnAsync(progress);
    }

    /// <summary>Switches a droplet on and waits until it is on.</summary>
    /// <param name="name">Name or id of the droplet, or what follows a hyphen in one name.</param>
    /// <returns>What happened, in a sentence.</returns>
    /// <exception cref="LabException">There is no such droplet, no lab runs, or it does not boot.</exception>
    public async Task<string> PowerOnAsync(string name)
    {
        RequireRoot();
        var droplet = Find(name);
        RequireDaemon();
        using var api = new LabApi(options);
        return await api.PowerOnAsync(droplet.Id) ? $"{droplet.Name} is on." : $"{droplet.Name} was on.";
    }

    /// <summary>The droplets of stacks whose folder is gone: nobody's state knows them any more.</summary>
    public IReadOnlyList<LabDroplet> Leftovers() => [.. Status().Droplets.Where(droplet => droplet.Owner is { IsGone: true })];

    /// <summary>Removes the leftovers with the networks, firewalls and tags that are theirs alone.</summary>
    /// <param name="progress">Gets a line for each part.</param>
    /// <returns>How many droplets were removed.</returns>
    /// <exception cref="LabException">No lab runs, or it refuses.</exception>
    public async Task<int> PruneAsync(Action<string> progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        RequireRoot();
        var left = Leftovers();
        if (left.Count > 0)
        {
            RequireDaemon();
            using var api = new LabApi(options);
            await api.RemoveAsync([.. left.Select(droplet => droplet.Id)], progress);
        }

        return left.Count;
    }

    /// <summary>Looks at the daemon and the droplets.</summary>
    /// <exception cref="LabException">There is a lab, and who looks is not root.</exception>
    public LabStatus Status()
    {
        if (!Environment.IsPrivilegedProcess && (Directory.Exists(options.RunDirectory) || Directory.Exists(options.StateDirectory)))
        {
            throw new LabException("The lab of this machine can be seen by root only. Use sudo.");
        }

        var daemon = Daemon();
        var machines = new MachineView(options);
        var droplets = Droplets().Select(d => new LabDroplet(
            d.Id, d.Name, d.Phase == DropletPhase.New ? "new" : machines.State(d.Id) == MachineState.Running ? "active" : "off", d.PublicAddress, d.PrivateAddress, d.Tags, d.Owner));
        return new LabStatus(daemon is not null, daemon?.Id, options.ApiAddress, options.PackageAddress, options.LogFile, [.. droplets]);
    }

    /// <summary>Logs in to a droplet as root at this terminal, or runs a command there.</summary>
    /// <param name="name">Name or id of the droplet, or what follows a hyphen in one name.</param>
    /// <param name="command">Words of a command; none for a shell.</param>
    /// <returns>The exit code of shell or command.</returns>
    /// <exception cref="LabException">There is no such droplet, or it is off.</exception>
    public Task<int> SshAsync(string name, IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        RequireRoot();
        return EnterAsync(Find(name), command.Count == 0 ? ["bash", "-l"] : ["bash", "-lc", string.Join(' ', command)]);
    }

    /// <summary>Prints a droplet's journal, or its console where it is off.</summary>
    /// <param name="name">Name or id of the droplet, or what follows a hyphen in one name.</param>
    /// <param name="follow">Whether to go on with new lines until interrupted.</param>
    /// <returns>The exit code of the program that printed it.</returns>
    /// <exception cref="LabException">There is no such droplet.</exception>
    public Task<int> LogsAsync(string name, bool follow)
    {
        RequireRoot();
        var droplet = Find(name);
        var machines = new MachineView(options);
        string[] following = follow ? ["--follow"] : [];
        return machines.Leader(droplet.Id) is not null
            ? EnterAsync(droplet, ["journalctl", "--no-pager", "--boot", .. following])
            : AttachedAsync(follow ? "tail" : "cat", follow ? ["-n", "+1", "-f", machines.ConsoleFile(droplet.Id)] : [machines.ConsoleFile(droplet.Id)]);
    }

    internal static void RequireRoot()
    {
        if (WhyNotHere() is { } reason)
        {
            throw new LabException($"The lab cannot run here: {reason}.");
        }
    }

    private Task<IDisposable> TurnAsync(Action<string> progress, CancellationToken cancellationToken) =>
        FileTurn.TakeAsync(options.TurnFile, "waiting for another run that starts or ends the lab", progress, cancellationToken);

    private async Task<bool> StopInTurnAsync(Action<string> progress)
    {
        var found = Daemon() is not null || Directory.Exists(options.RunDirectory) || Directory.Exists(options.StateDirectory) || Cleaner.Leftovers(options).Count > 0;
        if (Daemon() is { } daemon)
        {
            progress("ending the lab's daemon");

            // The daemon is killed, because all its droplets are removed next.
            daemon.Signal(LinuxProcess.Kill);
            await Until.TrueAsync(() => !daemon.Alive, EndLimit);
        }

        if (found)
        {
            new KernelLimits("/proc/sys", options.KernelLimitsFile).Restore();
            await PackageRepositories.EndAgentAsync(options);
            await Cleaner.RemoveAllAsync(options, progress);
        }

        // A process that the killed daemon had started may still create a mount or a link.
        for (var round = 0; round < 3 && Cleaner.Leftovers(options).Count > 0; round++)
        {
            await Cleaner.RemoveAllAsync(options, progress);
        }

        return Cleaner.Leftovers(options) is { Count: > 0 } left
            ? throw new LabException($"Not everything of the lab could be removed: {string.Join(", ", left)}.")
            : found;
    }

    // Who would lose something by the end of the lab, in words. Leftovers are nobody's.
    private List<string> Others(LabUser? user)
    {
        IReadOnlyList<DropletRecord> droplets;
        try
        {
            droplets = Droplets();
        }
        catch (LabException)
        {
            // Nobody can use a lab whose records cannot be read.
            droplets = [];
        }

        return
        [
            .. new LabUses(options).Others().Select(use => use.ToString()),
            .. droplets.Where(d => d.Owner is { IsGone: false } owner && owner.Folder != user?.Folder)
                .GroupBy(d => d.Owner!, d => d.Name).Select(group => $"{group.Key}: {string.Join(", ", group)}"),
        ];
    }

    /// <summary>The leftovers in a sentence, with what removes them; null where there are none.</summary>
    public string? DescribeLeftovers() => Leftovers() is { Count: > 0 } left
        ? $"droplets are left of {string.Join(" and of ", left.GroupBy(d => d.Owner!, d => d.Name).Select(group => $"{group.Key}, which is gone ({string.Join(", ", group)})"))}; `mesos-stack lab prune` removes them"
        : null;

    private void RequireDaemon()
    {
        if (Daemon() is null)
        {
            throw new LabException("The lab does not run. `mesos-stack lab start` starts it, with the droplets that are there.");
        }
    }

    private static string MissingPackages() => Prerequisites.Missing() is { Count: > 0 } missing
        ? $", and the package(s) {string.Join(", ", missing)}, which it installs itself as root"
        : "";

    private static async Task<int> AttachedAsync(string program, IEnumerable<string> arguments)
    {
        // Ctrl-C ends the program at the terminal, not this process.
        Console.CancelKeyPress += Ignore;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Shell.Path(program), arguments))
                ?? throw new LabException($"'{program}' cannot be started.");
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        finally
        {
            Console.CancelKeyPress -= Ignore;
        }

        static void Ignore(object? sender, ConsoleCancelEventArgs e) => e.Cancel = true;
    }

    private Task<int> EnterAsync(DropletRecord droplet, string[] command)
    {
        var leader = new MachineView(options).Leader(droplet.Id) ?? throw new LabException($"Droplet '{droplet.Name}' is off.");
        return AttachedAsync("nsenter",
        [
            "--target", leader.Id.ToString(CultureInfo.InvariantCulture), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--wdns=/root",
            "env", "-i", "HOME=/root", "USER=root", "LOGNAME=root", "SHELL=/bin/bash", "LANG=C.UTF-8", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "TERM=" + (Environment.GetEnvironmentVariable("TERM") ?? "dumb"), .. command,
        ]);
    }

    // A name begins with the cluster's name. The part after a hyphen is enough where it fits one droplet.
    private DropletRecord Find(string name)
    {
        var droplets = Droplets();
        if (droplets.LastOrDefault(d => d.Name == name || d.Id.ToString(CultureInfo.InvariantCulture) == name) is { } exact)
        {
            return exact;
        }

        return droplets.Where(d => d.Name.EndsWith("-" + name, StringComparison.Ordinal)).ToList() is [var only]
            ? only
            : throw new LabException($"The lab has no droplet '{name}', or several. It has: {string.Join(", ", droplets.Select(d => d.Name).DefaultIfEmpty("none"))}.");
    }

    private List<DropletRecord> Droplets() => File.Exists(options.RecordsFile)
        ? [.. new RecordsFile(options.RecordsFile).Load().Droplets.Where(d => d.Phase != DropletPhase.Deleting)]
        : [];

    private LinuxProcess? Daemon() => LinuxProcess.FromFile(options.DaemonPidFile);

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            return (await client.GetStringAsync(options.ApiAddress, cancellationToken)).Contains(ApiServer.Label, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private string LogSince(long position)
    {
        if (!File.Exists(options.LogFile))
        {
            return "it wrote no log";
        }

        using var file = File.OpenRead(options.LogFile);
        file.Position = Math.Min(position, file.Length);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Trim();
    }
}
