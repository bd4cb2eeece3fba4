using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary>The verbs with their options, as their help and the documents name them.</summary>
internal sealed partial class CommandTreeTests : HostFixture
{
    [Test]
    public async Task The_help_of_every_verb_names_its_options()
    {
        var help = new StringBuilder();
        foreach (var verb in Verbs(_host.Commands, []))
        {
            Assert.That(await _host.RunAsync([.. verb, "--help"]), Is.Zero, _host.Error);
            help.Append(_host.Output);
        }

        Golden.Check("help.txt", help.ToString());
    }

    [Test]
    public void Every_command_line_in_the_documents_is_one()
    {
        var lines = Golden.Documents.SelectMany(file => CommandLine().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value.Trim()).Distinct().ToList();
        Assert.That(lines, Has.Count.GreaterThan(10));
        Assert.That(lines.Where(line => _host.Commands.Parse(line).UnmatchedTokens.Count > 0), Is.Empty);
    }

    private static IEnumerable<string[]> Verbs(Command command, string[] path) =>
        [path, .. command.Subcommands.Where(verb => !verb.Hidden).SelectMany(verb => Verbs(verb, [.. path, verb.Name]))];

    // The launcher's own verbs are none of these.
    [GeneratedRegex(@"\./mesos-stack ((?!test\b|build\b)[a-z][^`|#\n]*)")]
    private static partial Regex CommandLine();
}
