using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using MesosStack.Embedded.Lab.Api;
using MesosStack.Embedded.Lab.Hosts;
using MesosStack.Embedded.Lab.Repository;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace MesosStack.Embedded.Lab.Control;

/// <summary>The lab's own process: API, package server, and the work on droplets. Droplets outlive it; a new one takes them up again.</summary>
public static class LabDaemon
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(20);

    /// <summary>Serves until cancelled or told to end by SIGTERM or SIGINT.</summary>
    /// <param name="options">Where the lab lives.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LabException">Not root, another lab lives here, or an address is taken.</exception>
    public static async Task RunAsync(LabOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validated();
        LabController.RequireRoot();
        PrivateFolder.Make(options.RunDirectory);
        PrivateFolder.Make(options.StateDirectory);
        using var labLock = TakeLock(options);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        await File.WriteAllTextAsync(options.DaemonPidFile, LinuxProcess.Find(Environment.ProcessId).ToString(), CancellationToken.None);

        options.RequireSameAsLiving();
        RefuseTakenRange(options);
        options.Save(options.LivingFile);
        var image = new BaseImage(options);
        await image.EnsureAsync(Log, end.Token);
        image.Pin();
        var trees = Path.Combine(AppContext.BaseDirectory, "LabPackages");
        var repository = await new PackageRepositories(options, Log).EnsureAsync(image.Debs, trees, end.Token);
        var host = new NspawnHost(options, image.Root, Path.Combine(repository, PackageRepositories.KeyFile));
        await host.PrepareAsync();

        var limits = new KernelLimits("/proc/sys", options.KernelLimitsFile).Raise(Log);
        using var cloud = new Cloud(options, host, new RecordsFile(options.RecordsFile), Log, TimeProvider.System) { Owner = new LabUses(options).OwnerOf, MostDroplets = limits.MostDroplets };
        await using var packages = PackageServer.Create(repository, IPAddress.Parse(options.HostAddress), options.PackagePort);
        await StartAsync(packages, options.PackageAddress);
        cloud.Work.Resume();
        await using var api = ApiServer.Create(cloud, options.ApiPort, Log);
        await StartAsync(api, options.ApiAddress);
        Log($"ready: API at {options.ApiAddress}, packages at {options.PackageAddress}");
        try
        {
            await Task.Delay(Timeout.Infinite, end.Token);
        }
        catch (OperationCanceledException)
        {
            Log("ending; droplets stay");
        }

        await api.StopAsync(CancellationToken.None);
        cloud.Work.GiveUp();
        try
        {
            await cloud.Work.DrainAsync().WaitAsync(DrainLimit, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            Log("ended with work on droplets unfinished; the next start takes it up");
        }

        await packages.StopAsync(CancellationToken.None);
        File.Delete(options.DaemonPidFile);

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            end.Cancel();
        }
    }

    private static void Log(string line) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss} {line}"));

    private static async Task StartAsync(WebApplication server, Uri address)
    {
        try
        {
            await server.StartAsync(CancellationToken.None);
        }
        catch (IOException e)
        {
            throw new LabException($"The lab cannot listen on {address}: {e.Message}", e);
        }
    }

    private static FileStream TakeLock(LabOptions options)
    {
        try
        {
            return new FileStream(options.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new LabException($"A lab runs here already ({options.RunDirectory}). One at a time: `mesos-stack lab stop` ends it.", e);
        }
    }

    /// <summary>Another network in the droplets' range would swallow their traffic; a second lab has other links but the same range.</summary>
    private static void RefuseTakenRange(LabOptions options)
    {
        var range = Subnet.Parse(options.PublicRange);
        foreach (var link in NetworkInterface.GetAllNetworkInterfaces().Where(l => l.Name != options.PublicBridge))
        {
            foreach (var address in link.GetIPProperties().UnicastAddresses.Where(a => a.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork))
            {
                if (new Subnet(address.Address, address.PrefixLength).Overlaps(range))
                {
                    throw new LabException($"The lab's public range {range} is in use by {link.Name} ({address.Address}/{address.PrefixLength}): another lab, or a network of this machine. "
                        + $"Set {LabOptions.PublicRangeVariable} to another /24. {LabOptions.Advice}");
                }
            }
        }
    }
}
