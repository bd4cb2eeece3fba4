using System.Text;

namespace MesosStack.Components.Text;

/// <summary>Values as shell text.</summary>
public static class Shell
{
    /// <summary>A word in single quotes, whatever is in it.</summary>
    /// <exception cref="ArgumentException">The value holds a NUL, which no shell word can.</exception>
    public static string Quote(string value) => value.Contains('\0', StringComparison.Ordinal)
        ? throw new ArgumentException("a shell word cannot hold a NUL character", nameof(value))
        : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A script with its values as assignments in front of it.</summary>
    /// <param name="values">Variable names and values, in order.</param>
    /// <param name="script">The script's text.</param>
    public static string WithValues(IEnumerable<KeyValuePair<string, string>> values, string script)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in values)
        {
            text.Append(name).Append('=').Append(Quote(value)).Append('\n');
        }

        return text.Append(script).ToString();
    }
}
