using System.Buffers.Binary;
using System.Text;

namespace MesosStack.Components.Settings;

/// <summary>The fields of a key in the binary form of SSH (RFC 4251, section 5), read one after another.</summary>
/// <param name="bytes">The bytes.</param>
internal sealed class SshFields(byte[] bytes)
{
    private int _at;

    /// <summary>Whether all was read.</summary>
    public bool AtEnd => _at == bytes.Length;

    /// <summary>What was not read yet.</summary>
    public ReadOnlySpan<byte> Rest => bytes.AsSpan(_at);

    /// <summary>A number of 32 bits.</summary>
    /// <exception cref="FormatException">The bytes end before.</exception>
    public uint Number() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>A field with its length before it.</summary>
    /// <exception cref="FormatException">The bytes end before.</exception>
    public byte[] Field()
    {
        var length = Number();
        return Take(length <= int.MaxValue ? (int)length : int.MaxValue).ToArray();
    }

    /// <summary>A field of ASCII text.</summary>
    /// <exception cref="FormatException">The bytes end before.</exception>
    public string Text() => Encoding.ASCII.GetString(Field());

    /// <summary>Bytes that must be there.</summary>
    /// <exception cref="FormatException">There are others.</exception>
    public void Expect(ReadOnlySpan<byte> expected)
    {
        if (!Take(expected.Length).SequenceEqual(expected))
        {
            throw new FormatException("is damaged");
        }
    }

    /// <summary>Fields in the binary form.</summary>
    public static byte[] Write(params ReadOnlySpan<byte[]> fields)
    {
        using var all = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var field in fields)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
            all.Write(length);
            all.Write(field);
        }

        return all.ToArray();
    }

    /// <summary>A number without a sign in the form that SSH gives it: no zeros before it, but one where its first bit is set.</summary>
    public static byte[] Integer(ReadOnlySpan<byte> number)
    {
        var digits = number.TrimStart((byte)0);
        return digits.Length > 0 && digits[0] >= 0x80 ? [0, .. digits] : digits.ToArray();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - _at)
        {
            throw new FormatException("is cut off");
        }

        var taken = bytes.AsSpan(_at, count);
        _at += count;
        return taken;
    }
}
