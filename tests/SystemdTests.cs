namespace MesosStack.Tests;

/// <summary>What the script that configures a host does under systemd alone.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class SystemdTests
{
    [Test]
    public void A_service_that_is_disabled_cannot_be_started_by_hand()
    {
        ScriptHost.Assume();
        using var host = new ScriptHost(InitSystem.Systemd);
        host.Configure(ScriptHost.Agent());
        File.Delete($"{host.Root}/etc/systemd/system/chronos.service");
        host.Init("daemon-reload");

        // Nothing is left to enable, which would make systemd read its units again, too.
        host.Configure(ScriptHost.Agent());

        var (status, text) = host.Init("start", "chronos");
        Assert.That(status, Is.EqualTo(1), text);
        Assert.That(text, Does.Contain("is masked"));
    }
}
