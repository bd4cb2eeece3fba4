using System.Collections.Concurrent;
using System.Globalization;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.Monitor;

/// <summary>Gives the archives among a program's properties their hashes. Reads each folder once in an operation: hosts share it.</summary>
/// <param name="directory">The program's directory, where relative paths start.</param>
internal sealed class ArchiveReader(string directory)
{
    private readonly ConcurrentDictionary<string, Lazy<string>> _hashes = new(StringComparer.Ordinal);

    /// <summary>The same properties, each archive with the hash of its files.</summary>
    /// <exception cref="FormatException">A folder cannot be read; the message names the property and the path.</exception>
    public PropertyMap WithHashes(PropertyMap properties) => Read("", properties);

    private PropertyMap Read(string place, PropertyMap properties) => PropertyMap.From(properties.Select(p =>
        KeyValuePair.Create(p.Key, Read(place.Length == 0 ? p.Key : $"{place}.{p.Key}", p.Value))));

    private PropertyValue Read(string place, PropertyValue value) => value switch
    {
        PropertyValue.Archive a => a with { Hash = Hash(place, a.Path) },
        PropertyValue.Secret s => new PropertyValue.Secret(Read(place, s.Value)),
        PropertyValue.Array a => new PropertyValue.Array([.. a.Items.Select((item, i) => Read(string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"), item))]),
        PropertyValue.Object o => new PropertyValue.Object(Read(place, o.Properties)),
        _ => value,
    };

    private string Hash(string place, string path)
    {
        var folder = Path.GetFullPath(path, directory);
        try
        {
            return _hashes.GetOrAdd(folder, f => new Lazy<string>(() => FolderHash.Compute(f))).Value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{place}: the engine cannot read the archive '{path}' ({folder}): {e.Message}", e);
        }
    }
}
