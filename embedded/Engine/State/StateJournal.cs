using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MesosStack.Embedded.Engine.State;

/// <summary>
/// Changes of a state, in a file beside it while a run lasts, so that saving a step costs the same whatever the size of the state. The first line names the state that the
/// changes belong to, each further one holds the changes of one save. A line is a checksum, a blank, and JSON. Once the whole state is about to be written, a line names
/// it; then the journal is deleted.
/// </summary>
internal sealed class StateJournal
{
    private const int ChecksumLength = 16;

    private readonly string _path;
    private readonly byte[] _found;
    private string? _salt;

    /// <summary>A journal as it is at this moment.</summary>
    /// <param name="path">The file.</param>
    public StateJournal(string path)
    {
        _path = path;
        try
        {
            _found = File.ReadAllBytes(path);
            Exists = true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            _found = [];
        }
    }

    /// <summary>Whether there was one.</summary>
    public bool Exists { get; }

    /// <summary>Length of all whole lines, in bytes. What follows them was cut off by a crash, and the next line takes its place.</summary>
    public long Length { get; private set; }

    /// <summary>What tells one state from another.</summary>
    public static string Name(ReadOnlySpan<byte> state) => Convert.ToHexStringLower(SHA256.HashData(state));

    /// <summary>Reads it.</summary>
    /// <param name="state">Name of the state that the file beside it holds.</param>
    /// <param name="seals">Gives the memory of sealed values, given the last salt that stands in the journal (null for none).</param>
    /// <returns>The changes that are not part of that state yet; null where the journal has none.</returns>
    /// <exception cref="StateException">It is damaged, or belongs to another state.</exception>
    public IReadOnlyList<StateChange>? Read(string state, Func<string?, SealedValues> seals)
    {
        var lines = Lines();
        if (lines.Count == 0 || (lines[^1].TryGetProperty("written", out var written) && written.GetString() == state))
        {
            return null;
        }

        if (lines[0].GetProperty("state").GetString() != state)
        {
            throw new OtherStateException($"{_path}: these changes of an interrupted run belong to another state than the one beside them, which was replaced since. If that one is right, delete this file; else put the old state back");
        }

        var salt = lines.Select(line => line.TryGetProperty("salt", out var found) ? found.GetString() : null).LastOrDefault(found => found is not null);
        var values = seals(salt);
        return [.. lines.Where(line => line.TryGetProperty("changes", out _)).SelectMany(line => line.GetProperty("changes").EnumerateArray()).Select(change => StateChangeJson.Read(change, values))];
    }

    /// <summary>Begins a new one.</summary>
    /// <param name="state">Name of the state that the changes will belong to.</param>
    public void Begin(string state)
    {
        _salt = null;
        var line = Line(json => json.WriteString("state", state));
        Durable.Create(_path, line);
        Length = line.Length;
    }

    /// <summary>Adds the changes of one save.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="seals">Seals their secrets.</param>
    /// <param name="salt">Gives the salt once they are sealed: the first secret makes it.</param>
    public void Append(IEnumerable<StateChange> changes, SealedValues seals, Func<string?> salt)
    {
        var written = DeploymentWriter.WriteAside(indented: false, json =>
        {
            json.WriteStartArray();
            foreach (var change in changes)
            {
                StateChangeJson.Write(json, change, seals);
            }

            json.WriteEndArray();
        });
        var salted = salt() is { } now && now != _salt ? now : null;
        Add(json =>
        {
            if (salted is not null)
            {
                json.WriteString("salt", salted);
            }

            json.WritePropertyName("changes");
            json.WriteRawValue(written, skipInputValidation: true);
        });
        _salt = salted ?? _salt;
    }

    /// <summary>Notes that a state with all changes is about to take the place of the one that they belong to.</summary>
    /// <param name="state">Its name.</param>
    public void AnnounceWritten(string state) => Add(json => json.WriteString("written", state));

    /// <summary>Deletes it.</summary>
    public void Delete() => Durable.Delete(_path);

    private void Add(Action<Utf8JsonWriter> write)
    {
        var line = Line(write);
        Durable.Append(_path, Length, line);
        Length += line.Length;
    }

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var json = DeploymentWriter.WriteAside(indented: false, w =>
        {
            w.WriteStartObject();
            write(w);
            w.WriteEndObject();
        });
        return [.. Encoding.ASCII.GetBytes(Checksum(json)), (byte)' ', .. json, (byte)'\n'];
    }

    private static string Checksum(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json))[..ChecksumLength];

    // A crash can leave the last line unfinished: its save had not returned.
    private List<JsonElement> Lines()
    {
        List<JsonElement> lines = [];
        var bytes = _found.AsMemory();
        for (int end; (end = bytes.Span.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            var line = bytes[..end];
            if (line.Length <= ChecksumLength || Encoding.ASCII.GetString(line.Span[..ChecksumLength]) != Checksum(line.Span[(ChecksumLength + 1)..]))
            {
                return end == bytes.Length - 1 ? lines : throw new StateException($"{_path}: line {lines.Count + 1} is damaged, and lines that were saved later follow it");
            }

            using var document = JsonDocument.Parse(line[(ChecksumLength + 1)..], DeploymentReader.Options);
            lines.Add(document.RootElement.Clone());
            Length += end + 1;
        }

        return lines;
    }
}

/// <summary>A journal belongs to another state than the one beside it. A run that ends at that moment makes it look so, too.</summary>
internal sealed class OtherStateException(string message) : StateException(message);
