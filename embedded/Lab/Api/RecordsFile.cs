using System.Text.Json;
using System.Text.Json.Serialization;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>Keeps the lab's records in a file that is whole at every moment.</summary>
internal sealed class RecordsFile(string? path)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The records on disk, or new ones.</summary>
    /// <exception cref="LabException">The file cannot be read.</exception>
    public LabRecords Load()
    {
        if (path is not null && File.Exists(path))
        {
            try
            {
                return JsonSerializer.Deserialize<LabRecords>(File.ReadAllText(path), Json)
                    ?? throw new LabException($"{path} is empty. `mesos-stack lab stop` removes it with all droplets.");
            }
            catch (JsonException e)
            {
                throw new LabException($"{path} is no record of a lab ({e.Message}). `mesos-stack lab stop` removes it with all droplets.", e);
            }
        }

        // Ids must fit 32 bits, and a new lab must not give an id that an earlier lab has used.
        var epoch = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new LabRecords { NextId = 100_000_000 + Math.Max(0, (long)(DateTimeOffset.UtcNow - epoch).TotalSeconds) };
    }

    /// <summary>Writes the records aside and puts them in place.</summary>
    public void Save(LabRecords records)
    {
        if (path is null)
        {
            return;
        }

        var aside = path + ".new";
        File.WriteAllBytes(aside, JsonSerializer.SerializeToUtf8Bytes(records, Json));
        File.Move(aside, path, overwrite: true);
    }
}
