using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace MesosStack.Tests;

/// <summary>The files of the scripts, as the build puts them beside the program.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ScriptFileTests
{
    private static readonly string[] InitSystems = ["systemd.sh", "upstart.sh"];

    [Test]
    public void The_list_of_checksums_names_every_script()
    {
        var sums = File.ReadAllLines(Path.Combine(ScriptHost.Scripts, "SHA256SUMS")).Select(line => line.Split("  ")).ToDictionary(pair => pair[1], pair => pair[0]);

        Assert.That(Names(), Is.Not.Empty);
        Assert.That(sums.Keys, Is.EquivalentTo(Names()));
        foreach (var name in Names())
        {
            Assert.That(sums[name], Is.EqualTo(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(ScriptHost.Scripts, name))))).IgnoreCase, name);
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Scripts_pass_shellcheck(string name) => Check(Path.Combine(ScriptHost.Scripts, name));

    [TestCase("initctl")]
    [TestCase("systemctl")]
    public void What_plays_an_init_system_passes_shellcheck(string name) => Check(Path.Combine(ScriptHost.Fixtures, name));


    [Test]
    public void Each_init_system_has_the_same_functions()
    {
        var functions = InitSystems.Select(name => Regex.Matches(Read(name), @"^([a-z]\w*)\(\)", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToList()).ToList();

        Assert.That(functions[0], Is.Not.Empty);
        Assert.That(functions[1], Is.EqualTo(functions[0]));
    }

    [Test]
    public void No_other_script_knows_what_an_init_system_does()
    {
        foreach (var name in Names().Except(InitSystems))
        {
            Assert.That(Read(name), Does.Not.Match("systemctl|journalctl|initctl (?!version)|/etc/(init|systemd)/"), name);
        }
    }

    private static void Check(string path)
    {
        Assume.That(File.Exists("/usr/bin/shellcheck"), "shellcheck is not installed");
        var (status, text) = ScriptHost.Execute("/usr/bin/shellcheck", ["--external-sources", path], []);
        Assert.That(status, Is.Zero, text);
    }

    private static IEnumerable<string> Names() => Directory.GetFiles(ScriptHost.Scripts, "*.sh").Select(path => Path.GetFileName(path));

    private static string Read(string name) => File.ReadAllText(Path.Combine(ScriptHost.Scripts, name));
}
