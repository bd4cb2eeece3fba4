using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>Who is at the other end of a connection within this machine.</summary>
/// <param name="user">The user's number; null where it cannot be told.</param>
/// <param name="inode">The kernel's number of the caller's socket; null where it cannot be told.</param>
internal sealed partial class Caller(int? user, string? inode = null)
{
    private const string Established = "01";
    private const int Looks = 3;

    // An IPv6 socket may carry an IPv4 connection.
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>The user's number; null where it cannot be told.</summary>
    public int? User { get; } = user;

    /// <summary>The kernel's number of the caller's socket; null where it cannot be told.</summary>
    public string? Inode { get; } = inode;

    /// <summary>Root, whose machine the droplets are made on, and whoever runs this API: root as well, but in tests.</summary>
    public bool MayMakeHosts => User == 0 || User == EffectiveUser();

    /// <summary>Looks a connection up in the kernel's tables of sockets, which name the owner of each.</summary>
    /// <param name="client">The caller's end.</param>
    /// <param name="server">The API's end.</param>
    public static Caller Of(EndPoint? client, EndPoint? server)
    {
        if (client is not IPEndPoint from || server is not IPEndPoint to)
        {
            return new Caller(null);
        }

        // A table that changes while it is read may lack a row; once more, then. And a socket that is closed between the reading of its
        // state and its owner looks like root's: the second look sees it closed.
        for (var look = 0; look < Looks; look++)
        {
            if (Owner(Rows(), from, to) is { } owner && Owner(Rows(), from, to) == owner)
            {
                return new Caller(owner.User, owner.Inode);
            }
        }

        return new Caller(null);
    }

    /// <summary>The owner of an open socket in such a table; null where it is not there, or no longer open: then the kernel tells no owner.</summary>
    /// <param name="rows">Lines of /proc/net/tcp or tcp6.</param>
    /// <param name="client">The socket's own end.</param>
    /// <param name="server">Its other end.</param>
    internal static (int User, string Inode)? Owner(IEnumerable<string> rows, IPEndPoint client, IPEndPoint server)
    {
        (string, string)[] wanted = [(Text(client, false), Text(server, false)), (Text(client, true), Text(server, true))];
        foreach (var row in rows)
        {
            var fields = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[3] == Established && fields[9] != "0" && wanted.Contains((fields[1], fields[2]))
                && int.TryParse(fields[7], NumberStyles.None, CultureInfo.InvariantCulture, out var user))
            {
                return (user, fields[9]);
            }
        }

        return null;
    }

    private static IEnumerable<string> Rows() => Tables.Where(File.Exists).SelectMany(File.ReadLines);

    /// <summary>An end as the tables write it: the address in words of this machine's byte order, the port.</summary>
    private static string Text(IPEndPoint end, bool version6)
    {
        var address = version6 && end.AddressFamily == AddressFamily.InterNetwork ? end.Address.MapToIPv6() : end.Address;
        var words = address.GetAddressBytes().Chunk(4).Select(word => BitConverter.ToUInt32(word).ToString("X8", CultureInfo.InvariantCulture));
        return string.Create(CultureInfo.InvariantCulture, $"{string.Concat(words)}:{end.Port:X4}");
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial int EffectiveUser();
}
