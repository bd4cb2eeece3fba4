using MesosStack.Embedded.Lab;

namespace MesosStack.Embedded.Tests.Lab;

internal sealed class HostEnvironmentTests
{
    [TestCase("PATH")]
    [TestCase("HOME")]
    [TestCase("LC_ALL")]
    [TestCase("https_proxy")]
    [TestCase("NO_PROXY")]
    [TestCase("DOTNET_ROOT")]
    [TestCase("SSL_CERT_FILE")]
    public void What_says_how_the_machine_is_used_is_handed_on(string name) => Assert.That(HostEnvironment.Keeps(name), Is.True);

    [TestCase("PULUMI_CONFIG_PASSPHRASE")]
    [TestCase("PULUMI_CONFIG_PASSPHRASE_FILE")]
    [TestCase("PULUMI_ACCESS_TOKEN")]
    [TestCase("DIGITALOCEAN_TOKEN")]
    [TestCase("SSH_AUTH_SOCK")]
    [TestCase("ANYTHING")]
    public void All_else_is_not(string name) => Assert.That(HostEnvironment.Keeps(name), Is.False);
}
