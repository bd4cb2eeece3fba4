using MesosStack.Embedded.Lab;

namespace MesosStack.Embedded.Tests.Lab;

[TestFixture]
internal sealed class OptionsTests
{
    [Test]
    public void Options_survive_the_way_to_the_daemon()
    {
        var options = new LabOptions { ApiPort = 1234, Prefix = "abcd", AptLockSeconds = 1.5 };
        var path = Path.Combine(Path.GetTempPath(), $"lab-{Guid.NewGuid():N}.json");
        try
        {
            options.Save(path);
            Assert.That(LabOptions.Load(path), Is.EqualTo(options));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void The_host_is_the_first_address() =>
        Assert.That(new LabOptions().PackageAddress, Is.EqualTo(new Uri("http://198.51.100.1:17980/")));

    [TestCase("mesos", "198.51.100.0/24", "198.18.0.0/16")]
    [TestCase("mstk", "198.51.100.0/16", "198.18.0.0/16")]
    [TestCase("mstk", "198.51.100.0/24", "198.18.0.0/24")]
    [TestCase("mstk", "nonsense", "198.18.0.0/16")]
    public void A_value_out_of_range_is_refused(string prefix, string publicRange, string privateRange) =>
        Assert.That(() => new LabOptions { Prefix = prefix, PublicRange = publicRange, PrivateRange = privateRange }.Validated(), Throws.TypeOf<LabException>());

    [Test]
    public void Addresses_go_round_before_they_come_back()
    {
        var subnet = new Subnet("10.0.0.0/29");
        var last = 0L;
        var used = new HashSet<string> { "10.0.0.3" };
        var given = Enumerable.Range(0, 6).Select(_ => subnet.Next(ref last, 2, used)).ToList();
        Assert.That(given, Is.EqualTo(new[] { "10.0.0.2", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.2", "10.0.0.4" }));
        used.UnionWith(["10.0.0.2", "10.0.0.4", "10.0.0.5", "10.0.0.6"]);
        Assert.That(subnet.Next(ref last, 2, used), Is.Null);
    }
}
