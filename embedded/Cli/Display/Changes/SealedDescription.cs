using System.Text.Json;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Display.Changes;

/// <summary>
/// A command whose standard input is a secret, and that says below itself in remarks of JSON what may be shown of it. Displays take that for the input, so that such a
/// command is compared like any other.
/// </summary>
internal static class SealedDescription
{
    private const string Command = "create";
    private const string Description = "stdin";
    private const string Remark = "# ";

    /// <summary>The inputs of a resource with what may be shown of the secret in its place.</summary>
    public static PropertyMap Show(PropertyMap inputs)
    {
        if (inputs.GetValueOrDefault(Description) is not PropertyValue.Secret || inputs.GetValueOrDefault(Command) is not PropertyValue.Text command)
        {
            return inputs;
        }

        var lines = command.Value.Split('\n');
        var remarks = string.Concat(lines.Skip(1).Where(line => line.StartsWith(Remark, StringComparison.Ordinal)).Select(line => line[Remark.Length..] + "\n"));
        return IsJson(remarks) ? inputs.With(Command, lines[0]).With(Description, remarks) : inputs;
    }

    // Where the remarks were cut they are shown as they stand, with the command.
    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
