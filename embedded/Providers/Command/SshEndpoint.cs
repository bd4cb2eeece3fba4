using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>A host and how to log in there; the defaults are those of the official Command provider.</summary>
internal sealed class SshEndpoint
{
    // SSH.NET's first choice, sntrup761x25519, takes 127 ms of processor time for a connection (measured on two cores);
    // with one of these it is 45 ms, whatever the cipher and the kind of host key. The others stay on offer behind them.
    private static readonly string[] PreferredExchanges = ["curve25519-sha256", "ecdh-sha2-nistp256"];

    /// <summary>Where to look when something answers in the place of the user's shell.</summary>
    public const string ForcedCommand = "Look at ForceCommand in /etc/ssh/sshd_config and at command= in ~/.ssh/authorized_keys there";

    private readonly string _privateKey;
    private readonly string? _hostKey;

    /// <summary>Reads the <c>connection</c> of a resource.</summary>
    /// <exception cref="ProviderException">The inputs name no host or no key.</exception>
    public SshEndpoint(PropertyMap inputs)
    {
        var connection = inputs.Fields("connection") ?? throw new ProviderException("connection is missing");
        Login = connection.Without("dialErrorLimit").Without("perDialTimeout");
        Host = connection.RequiredText("host");
        Port = connection.Whole("port") ?? 22;
        User = connection.Text("user") ?? "root";
        DialErrorLimit = connection.Whole("dialErrorLimit") ?? 10;
        PerDialTimeout = connection.Number("perDialTimeout") is { } seconds ? Seconds(seconds) : TimeSpan.FromSeconds(15);
        _privateKey = connection.RequiredText("privateKey");
        _hostKey = connection.Text("hostKey");
    }

    /// <summary>The address.</summary>
    public string Host { get; }

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>The user.</summary>
    public string User { get; }

    /// <summary>How many attempts may fail before dialling does; -1 for no limit.</summary>
    public int DialErrorLimit { get; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan PerDialTimeout { get; }

    /// <summary>What to look at when the host refuses the key.</summary>
    public string RefusedKey =>
        $"Check that both halves of the SSH key belong together, that the host was made with this key (one that exists does not learn another), and that its sshd lets {User} log in by key (PermitRootLogin, AllowUsers)";

    /// <summary>What must never be shown.</summary>
    public string Secret => _privateKey;

    /// <summary>The inputs that say where to log in and how; two endpoints with the same ones are the same host and user.</summary>
    public PropertyMap Login { get; }

    /// <summary>Does not print secrets.</summary>
    public override string ToString() => $"{Host}:{Port}";

    /// <summary>A client that is not connected yet.</summary>
    /// <param name="make">Makes it.</param>
    /// <exception cref="ProviderException">The private key or the host key is malformed.</exception>
    public TClient CreateClient<TClient>(Func<ConnectionInfo, TClient> make)
        where TClient : BaseClient
    {
        var connection = new ConnectionInfo(Host, Port, User, KeyAuthentication()) { Timeout = PerDialTimeout };
        Prefer(connection.KeyExchangeAlgorithms, PreferredExchanges);
        var client = make(connection);
        if (_hostKey is not null)
        {
            var (type, expected) = ParseHostKey(_hostKey);
            Prefer(connection.HostKeyAlgorithms, type == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]);
            client.HostKeyReceived += (_, shown) => shown.CanTrust = shown.HostKey.AsSpan().SequenceEqual(expected);
        }

        return client;
    }

    /// <summary>Reads the form of an <c>authorized_keys</c> line.</summary>
    /// <exception cref="ProviderException">It is malformed.</exception>
    public static (string Type, byte[] Key) ParseHostKey(string line)
    {
        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var type, var encoded, ..])
        {
            var key = new byte[encoded.Length];
            if (Convert.TryFromBase64String(encoded, key, out var length))
            {
                return (type, key[..length]);
            }
        }

        throw new ProviderException("hostKey is not in the form of an authorized_keys line: TYPE BASE64");
    }

    private PrivateKeyAuthenticationMethod KeyAuthentication()
    {
        try
        {
            using var pem = new MemoryStream(Encoding.UTF8.GetBytes(_privateKey));
            return new PrivateKeyAuthenticationMethod(User, new PrivateKeyFile(pem));
        }
        catch (Exception e) when (e is SshException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException or AsnContentException or CryptographicException)
        {
            throw new ProviderException($"the private key for {Host} cannot be read: it is malformed, of an unknown kind, or sealed with a passphrase", e);
        }
    }

    // Zero means no limit to the official provider.
    private static TimeSpan Seconds(double seconds) => seconds > 0 ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromDays(1);

    private static void Prefer<T>(IOrderedDictionary<string, T> algorithms, params string[] first)
    {
        for (var i = first.Length - 1; i >= 0; i--)
        {
            if (algorithms.TryGetValue(first[i], out var algorithm))
            {
                algorithms.Remove(first[i]);
                algorithms.Insert(0, first[i], algorithm);
            }
        }
    }
}
