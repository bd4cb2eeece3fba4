using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace MesosStack.Embedded.Tests.Providers;

/// <summary>A private sshd with its own keys and port, on loopback unless told otherwise; gone with all its files when disposed.</summary>
internal sealed class Sshd : IDisposable
{
    private const string Binary = "/usr/sbin/sshd";

    private readonly string _folder = Directory.CreateTempSubdirectory("mesos-stack-sshd-").FullName;
    private readonly string _binary;
    private Process? _process;

    private Sshd(string address, string binary, string settings)
    {
        _binary = binary;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PrivateKey = key.ExportECPrivateKeyPem();
        File.WriteAllText(Path("authorized_keys"), OpenSshLine(key) + "\n");
        Run("ssh-keygen", "-q", "-t", "ecdsa", "-b", "256", "-N", "", "-f", Path("host_ecdsa"));
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path("host_ed25519"));
        HostKey = File.ReadAllText(Path("host_ecdsa.pub"));
        Ed25519HostKey = File.ReadAllText(Path("host_ed25519.pub"));
        File.WriteAllText(Path("config"), $"""
            {settings}
            ListenAddress {address}:{Port}
            HostKey {Path("host_ecdsa")}
            HostKey {Path("host_ed25519")}
            AuthorizedKeysFile {Path("authorized_keys")}
            PermitRootLogin yes
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            StrictModes no
            UsePAM no
            MaxStartups 100
            PidFile none
            Subsystem sftp internal-sftp
            SetEnv HOME={_folder}
            """);
    }

    /// <summary>Why no sshd can be started here; null where one can.</summary>
    public static string? Hindrance =>
        !File.Exists(Binary) ? $"needs {Binary} (package openssh-server)"
        : Environment.UserName != "root" ? "needs root: sshd logs root in"
        : null;

    public int Port { get; }

    public string PrivateKey { get; }

    public string HostKey { get; }

    public string Ed25519HostKey { get; }

    public string Folder => _folder;

    /// <summary>One that listens already.</summary>
    /// <param name="settings">Lines of its configuration; the first of a kind counts.</param>
    public static async Task<Sshd> StartAsync(string settings = "")
    {
        var sshd = Prepare(settings: settings);
        sshd.Start();
        await sshd.ListeningAsync("127.0.0.1");
        return sshd;
    }

    /// <summary>One that listens only once <see cref="Start"/> is called.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="binary">Its program, maybe under another name.</param>
    /// <param name="settings">As for <see cref="StartAsync"/>.</param>
    public static Sshd Prepare(string address = "127.0.0.1", string binary = Binary, string settings = "") => new(address, binary, settings);

    /// <summary>Starts it.</summary>
    /// <param name="launcher">What runs it, with its arguments.</param>
    public void Start(params string[] launcher)
    {
        // Where sshd keeps its unprivileged half; packages make it when the service starts.
        Directory.CreateDirectory("/run/sshd");
        string[] words = [.. launcher, _binary, "-D", "-q", "-f", Path("config")];
        _process = Process.Start(new ProcessStartInfo(words[0], words[1..])) ?? throw new InvalidOperationException("sshd did not start");
    }

    /// <summary>Waits until it takes connections.</summary>
    public async Task ListeningAsync(string address)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(address, Port, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20, deadline.Token);
            }
        }
    }

    /// <summary>Ends it with all its connections.</summary>
    public void Stop()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
    }

    public void Dispose()
    {
        Stop();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string OpenSshLine(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        using var blob = new MemoryStream();
        Write("ecdsa-sha2-nistp256"u8);
        Write("nistp256"u8);
        Write([4, .. point.X!, .. point.Y!]);
        return $"ecdsa-sha2-nistp256 {Convert.ToBase64String(blob.ToArray())}";

        void Write(ReadOnlySpan<byte> field)
        {
            blob.Write(BitConverter.GetBytes(IPAddress.HostToNetworkOrder(field.Length)));
            blob.Write(field);
        }
    }

    /// <summary>Whether the sshd of this machine knows a setting.</summary>
    public static bool Knows(string setting)
    {
        var file = System.IO.Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, setting);
            using var process = Process.Start(new ProcessStartInfo(Binary, ["-G", "-f", file]) { RedirectStandardOutput = true, RedirectStandardError = true }) ?? throw new InvalidOperationException("sshd did not start");
            process.StandardOutput.ReadToEnd();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Why a network namespace cannot be made here, tried out with a command; null where it can.</summary>
    public static string? HindranceOf(string file, params string[] arguments)
    {
        try
        {
            Run(file, arguments);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"needs a network namespace: {e.Message}";
        }
    }

    internal static void Run(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments)) ?? throw new InvalidOperationException($"{file} did not start");
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);
}
