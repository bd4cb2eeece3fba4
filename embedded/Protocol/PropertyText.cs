namespace MesosStack.Embedded.Protocol;

/// <summary>Property values in the words of the official CLI.</summary>
public static class PropertyText
{
    private const int ShownDigits = 7;

    /// <summary>An archive: <c>archive(file:597bda2) { ./scripts/ }</c>.</summary>
    public static string Archive(PropertyValue.Archive value) => Archive(value, value);

    /// <summary>An archive that changed: <c>archive(file:18950e6-&gt;597bda2) { ./scripts/ }</c>. Its path is no part of the change.</summary>
    public static string Archive(PropertyValue.Archive before, PropertyValue.Archive after) =>
        $"archive(file:{Change(Short(before.Hash), Short(after.Hash))}) {{ {after.Path} }}";

    private static string Short(string hash) => hash.Length > ShownDigits ? hash[..ShownDigits] : hash;

    private static string Change(string before, string after) => before == after ? after : $"{before}->{after}";
}
