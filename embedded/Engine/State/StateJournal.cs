using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MesosStack.Embedded.Engine.State;

/// <summary>
/// Changes of a state, in a file beside it while a run lasts, so that saving a step costs the same whatever the size of the state. The first line names the state that the
/// changes belong to, each further one holds the changes of one save. A line is a checksum, a blank, and JSON. Once the whole state is about to be written, a line names
/// it; then the journal is deleted.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class StateJournal(string path)
{
    private const int ChecksumLength = 16;

    private string? _salt;

    /// <summary>Whether there is one.</summary>
    public bool Exists => File.Exists(path);

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
            throw new OtherStateException($"{path}: these changes of an interrupted run belong to another state than the one beside them, which was replaced since. If that one is right, delete this file; else put the old state back");
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
        Durable.Create(path, Line(json => json.WriteString("state", state)));
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
        Durable.Append(path, Line(json =>
        {
            if (salt() is { } now && now != _salt)
            {
                json.WriteString("salt", now);
                _salt = now;
            }

            json.WritePropertyName("changes");
            json.WriteRawValue(written, skipInputValidation: true);
        }));
    }

    /// <summary>Notes that a state with all changes is about to take the place of the one that they belong to.</summary>
    /// <param name="state">Its name.</param>
    public void AnnounceWritten(string state) => Durable.Append(path, Line(json => json.WriteString("written", state)));

    /// <summary>Deletes it.</summary>
    public void Delete() => Durable.Delete(path);

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
        var bytes = File.ReadAllBytes(path).AsSpan();
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            var isLast = end < 0 || end == bytes.Length - 1;
            if (line.Length <= ChecksumLength || Encoding.ASCII.GetString(line[..ChecksumLength]) != Checksum(line[(ChecksumLength + 1)..]))
            {
                return isLast ? lines : throw new StateException($"{path}: line {lines.Count + 1} is damaged, and lines that were saved later follow it");
            }

            if (end < 0)
            {
                return lines;
            }

            using var document = JsonDocument.Parse(line[(ChecksumLength + 1)..].ToArray(), DeploymentReader.Options);
            lines.Add(document.RootElement.Clone());
            bytes = bytes[(end + 1)..];
        }

        return lines;
    }
}

/// <summary>A journal belongs to another state than the one beside it. A run that ends at that moment makes it look so, too.</summary>
internal sealed class OtherStateException(string message) : StateException(message);
