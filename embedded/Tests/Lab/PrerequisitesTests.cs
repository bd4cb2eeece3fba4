using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Lab.Hosts;
using MesosStack.Embedded.Lab.Repository;

namespace MesosStack.Embedded.Tests.Lab;

[TestFixture]
internal sealed class PrerequisitesTests
{
    [Test]
    public void Missing_packages_are_named()
    {
        Assert.That(Prerequisites.Missing(_ => true, _ => true), Is.Empty);
        Assert.That(Prerequisites.Missing(p => p is not ("gpg-agent" or "nsenter" or "setsid"), _ => false),
            Is.EqualTo(new[] { "gpg-agent", "util-linux", "debian-archive-keyring" }));
    }

    [Test]
    public async Task A_killed_labs_gpg_agent_is_ended()
    {
        if (Shell.Find("gpg-agent") is null || Shell.Find("gpgconf") is null)
        {
            Assert.Ignore("this machine has no gpg-agent");
        }

        var root = Directory.CreateTempSubdirectory("lab-").FullName;
        var home = Directory.CreateDirectory(Path.Combine(root, "gnupg")).FullName;
        await PackageRepositories.StartAgentAsync(home);
        Assert.That(Agents(), Has.Count.EqualTo(1));
        var options = new LabOptions { CacheDirectory = root };
        using (FileTurn.TryTake(options.CacheTurnFile))
        {
            await PackageRepositories.EndAgentAsync(options);
            Assert.That(Agents(), Has.Count.EqualTo(1), "a lab that packs right now keeps its own");
        }

        await PackageRepositories.EndAgentAsync(options);
        Assert.That(await Until.TrueAsync(() => Agents().Count == 0, TimeSpan.FromSeconds(5)));
        Directory.Delete(root, recursive: true);

        List<LinuxProcess> Agents() => [.. LinuxProcess.All().Where(p => p.CommandLine().Contains(home) && p.Program() == "gpg-agent")];
    }
}
