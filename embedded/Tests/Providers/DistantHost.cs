using System.Diagnostics;

namespace MesosStack.Embedded.Tests.Providers;

/// <summary>An sshd in a network namespace of its own, at the end of a link that can be cut. All of it ends with its processes.</summary>
internal sealed class DistantHost : IDisposable
{
    // Two of 198.19.255.0/24, which nobody else uses: a /30 for each process, so that two test runs do not meet.
    private readonly string _near;
    private readonly string _link;
    private readonly string _farLink;
    private readonly Process _holder;

    private DistantHost()
    {
        var number = Environment.ProcessId % 64;
        (_near, Address) = ($"198.19.255.{(number * 4) + 1}", $"198.19.255.{(number * 4) + 2}");
        (_link, _farLink) = ($"mstkt{Environment.ProcessId}n", $"mstkt{Environment.ProcessId}f");
        Sshd = Sshd.Prepare(Address);
        _holder = Process.Start(new ProcessStartInfo("unshare", ["--net", "sleep", "600"])) ?? throw new InvalidOperationException("unshare did not start");
    }

    /// <summary>Why none can be made here; null where one can.</summary>
    public static string? Hindrance { get; } = Sshd.Hindrance ?? Sshd.HindranceOf("unshare", "--net", "ip", "link", "add", "mstktry", "type", "veth", "peer", "name", "mstktry2");

    public string Address { get; }

    public Sshd Sshd { get; }

    public static async Task<DistantHost> StartAsync()
    {
        var host = new DistantHost();
        try
        {
            await host.ConnectAsync();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>From now on nothing arrives any more, and nobody is told.</summary>
    public void Cut() => Inside("ip", "link", "set", _farLink, "down");

    public void Dispose()
    {
        try
        {
            // Its other end goes with it.
            Process.Start("ip", ["link", "delete", _link])?.WaitForExit();
        }
        finally
        {
            Sshd.Dispose();
            _holder.Kill();
            _holder.WaitForExit();
            _holder.Dispose();
        }
    }

    private async Task ConnectAsync()
    {
        // Until unshare has made the namespace, it still is in ours.
        var ours = new FileInfo("/proc/self/ns/net").LinkTarget;
        for (var tries = 0; new FileInfo($"/proc/{_holder.Id}/ns/net").LinkTarget == ours; tries++)
        {
            if (tries > 500)
            {
                throw new InvalidOperationException("unshare made no network namespace");
            }

            await Task.Delay(10);
        }

        Sshd.Run("ip", "link", "add", _link, "type", "veth", "peer", "name", _farLink, "netns", $"{_holder.Id}");
        Sshd.Run("ip", "address", "add", $"{_near}/30", "dev", _link);
        Sshd.Run("ip", "link", "set", _link, "up");
        Inside("ip", "address", "add", $"{Address}/30", "dev", _farLink);
        Inside("ip", "link", "set", _farLink, "up");
        Sshd.Start("nsenter", $"--net=/proc/{_holder.Id}/ns/net");
        await Sshd.ListeningAsync(Address);
    }

    private void Inside(params string[] words) => Sshd.Run("nsenter", [$"--net=/proc/{_holder.Id}/ns/net", .. words]);
}
