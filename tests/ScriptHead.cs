using System.Text.RegularExpressions;

namespace MesosStack.Tests;

/// <summary>What the head of a script says that the script takes.</summary>
/// <param name="Arguments">Names of its arguments; <c>N</c> stands for a number.</param>
/// <param name="Facts">The words that a kind of fact begins with.</param>
/// <param name="Inputs">What it takes in place of facts.</param>
/// <param name="Environment">Names of variables.</param>
internal sealed record ScriptHead(IReadOnlyList<string> Arguments, IReadOnlyList<string> Facts, IReadOnlyList<string> Inputs, IReadOnlyList<string> Environment)
{
    /// <summary>Whether the script is one that a step runs.</summary>
    public bool IsOfStep => Arguments.Count + Facts.Count + Inputs.Count > 0;

    /// <summary>Reads the head of a script.</summary>
    /// <param name="script">The text of the script.</param>
    public static ScriptHead Of(string script)
    {
        var entries = new List<(string Kind, string Form)>();
        foreach (var line in script.Split('\n').TakeWhile(line => line.StartsWith('#')).Where(line => line.StartsWith("#  ", StringComparison.Ordinal)))
        {
            var entry = Regex.Match(line, "^#   (argument|fact|input|environment) +([^ ]+( [^ ]+)*)  +[^ ]");
            Assert.That(entry.Success, $"a head has no such line: {line}");
            entries.Add((entry.Groups[1].Value, entry.Groups[2].Value));
        }

        Assert.That(entries, Is.Unique);
        List<string> Of(string kind) => [.. entries.Where(entry => entry.Kind == kind).Select(entry => entry.Form)];
        return new ScriptHead([.. Of("argument").Select(form => form.Split('=')[0])], [.. Of("fact").Select(KindOf)], Of("input"), Of("environment"));
    }

    // A fact begins with words in small letters; what follows stands for something.
    private static string KindOf(string form) => Regex.Match(form, "^(.*?)(?= [A-Z]|$)").Value;
}
