using System.Globalization;
using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Diff;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>What happens to Marathon's apps.</summary>
internal static class AppEntries
{
    private const string Instances = "instances";

    /// <summary>The entry for a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="name">The app's name where its description has none.</param>
    public static Entry Of(ResourceChange change, string name) => new(Title(change, name), MemberLines.Of(change));

    /// <summary>The app's id as a person writes it.</summary>
    public static string Id(ResourceChange change, string name) =>
        (Definition(change.New) ?? Definition(change.Old))?.GetValueOrDefault("id") is PropertyValue.Text id ? id.Value.TrimStart('/') : name;

    private static string Title(ResourceChange change, string name)
    {
        var (before, after, id) = (Definition(change.Old), Definition(change.New), Id(change, name));
        if (change.Kind is StepKind.Create or StepKind.CreateReplacement)
        {
            return $"starts app {id}{(Number(after) is { } wanted ? $" with {Shown(wanted)}" : "")}";
        }

        if (change.Kind.Deletes())
        {
            return $"removes app {id}";
        }

        // It is replaced with the droplet through which it was made, which deletes nothing in Marathon.
        var keys = before is null || after is null ? [] : before.Keys.Union(after.Keys, StringComparer.Ordinal)
            .Where(key => !Equals(before.GetValueOrDefault(key), after.GetValueOrDefault(key))).Order(StringComparer.Ordinal).ToList();
        return keys is [Instances] && Number(before) is { } from && Number(after) is { } to
            ? string.Create(CultureInfo.InvariantCulture, $"scales app {id} from {from} to {Shown(to)}")
            : keys.Count > 0 ? $"changes {MemberText.And(keys)} of app {id}"
            : before is not null && change.Differs("stdin") ? $"changes a text of app {id}, which holds secrets"
            : $"applies app {id} again";
    }

    private static PropertyMap? Definition(PropertyMap inputs) =>
        inputs.GetValueOrDefault("stdin") is PropertyValue.Text text && ValueText.Json(text.Value) is PropertyValue.Object app ? app.Properties : null;

    private static double? Number(PropertyMap? app) => app?.GetValueOrDefault(Instances) is PropertyValue.Number number ? number.Value : null;

    private static string Shown(double number) => string.Create(CultureInfo.InvariantCulture, $"{number} instance{(number == 1 ? "" : "s")}");
}
