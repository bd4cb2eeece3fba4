using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MesosStack.Embedded.Lab;

/// <summary>An IPv4 range with the arithmetic the lab needs.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Subnet
{
    private readonly uint first;

    /// <summary>The range that an address of it belongs to.</summary>
    public Subnet(IPAddress address, int prefixLength)
        : this(BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()) & (prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength)), prefixLength)
    {
    }

    private Subnet(uint first, int prefixLength)
    {
        this.first = first;
        PrefixLength = prefixLength;
    }

    public int PrefixLength { get; }

    public long Size => 1L << (32 - PrefixLength);

    /// <exception cref="FormatException">The text is no IPv4 range.</exception>
    public static Subnet Parse(string range) => TryParse(range) ?? throw new FormatException($"'{range}' is no IPv4 range.");

    /// <summary>The range that a text names; null where it is none of IPv4.</summary>
    public static Subnet? TryParse(string range) =>
        IPNetwork.TryParse(range, out var network) && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
            ? new Subnet(network.BaseAddress, network.PrefixLength)
            : null;

    public IPAddress Address(long index) => From((uint)(first + index));

    public bool Overlaps(Subnet other) => first < other.first + other.Size && other.first < first + Size;

    public IEnumerable<Subnet> Split(int prefixLength)
    {
        for (var i = 0L; i < 1L << (prefixLength - PrefixLength); i++)
        {
            yield return new Subnet((uint)(first + (i << (32 - prefixLength))), prefixLength);
        }
    }

    /// <summary>The next free address after the last one given out, around the range: an address rests before it is used again.</summary>
    /// <param name="last">Index of the last one given out; updated.</param>
    /// <param name="lowest">The lowest index to give out.</param>
    /// <param name="used">Addresses in use.</param>
    /// <returns>The address, or null where all are taken.</returns>
    public string? Next(ref long last, long lowest, ISet<string> used)
    {
        var count = Size - 1 - lowest;
        for (var i = 0L; i < count; i++)
        {
            last = last < lowest || last >= Size - 2 ? lowest : last + 1;
            var address = Address(last).ToString();
            if (!used.Contains(address))
            {
                return address;
            }
        }

        return null;
    }

    public override string ToString() => $"{From(first)}/{PrefixLength}";

    private static IPAddress From(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }
}
