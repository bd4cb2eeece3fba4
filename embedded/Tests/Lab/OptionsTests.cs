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

    [TestCase("198.51.100.0/16", "198.18.0.0/16", "/24")]
    [TestCase("198.51.100.0/24", "198.18.0.0/24", "/20")]
    [TestCase("nonsense", "198.18.0.0/16", "nonsense")]
    [TestCase("198.18.5.0/24", "198.18.0.0/16", "overlap")]
    [TestCase("2001:db8::/24", "198.18.0.0/16", "IPv4")]
    public void A_value_out_of_range_is_refused(string publicRange, string privateRange, string fault) =>
        Assert.That(() => new LabOptions { PublicRange = publicRange, PrivateRange = privateRange }.Validated(), Throws.TypeOf<LabException>().With.Message.Contains(fault));

    [Test]
    public void All_faults_are_named_at_once_with_their_variables()
    {
        string[] values = ["MESOS_STACK_LAB_PUBLIC_RANGE=198.51.100.0/25", "MESOS_STACK_LAB_PRIVATE_RANGE=fd00::/16", "MESOS_STACK_LAB_PACKAGE_PORT=http"];
        Assert.That(() => new LabOptions().With(Variables(values)).Validated(), Throws.TypeOf<LabException>().With.Message.Contains("198.51.100.0/25")
            .And.Message.Contains("MESOS_STACK_LAB_PUBLIC_RANGE").And.Message.Contains("fd00::/16").And.Message.Contains("MESOS_STACK_LAB_PACKAGE_PORT"));
    }

    [Test]
    public void The_environment_says_where_the_lab_is()
    {
        var options = new LabOptions().With(Variables("MESOS_STACK_LAB_PUBLIC_RANGE=203.0.113.0/24", "MESOS_STACK_LAB_PACKAGE_PORT=8000", "MESOS_STACK_LAB_PRIVATE_RANGE=")).Validated();
        Assert.That(options.PackageAddress, Is.EqualTo(new Uri("http://203.0.113.1:8000/")));
        Assert.That(options.PrivateRange, Is.EqualTo(new LabOptions().PrivateRange));
    }

    [Test]
    public void Droplets_that_are_here_keep_the_settings_they_were_made_with()
    {
        var options = new LabOptions { StateDirectory = Directory.CreateTempSubdirectory("lab-").FullName };
        try
        {
            var other = options with { PublicRange = "203.0.113.0/24" };
            Assert.That(other.RequireSameAsLiving, Throws.Nothing, "there is none");
            options.Save(options.LivingFile);
            Assert.That(options.RequireSameAsLiving, Throws.Nothing);
            Assert.That(other.RequireSameAsLiving, Throws.TypeOf<LabException>().With.Message.Contains("lab stop").And.Message.Contains("198.51.100.0/24"));
            File.WriteAllText(options.LivingFile, "{");
            Assert.That(other.RequireSameAsLiving, Throws.Nothing, "another version's");
        }
        finally
        {
            Directory.Delete(options.StateDirectory, recursive: true);
        }
    }

    [Test]
    public void Addresses_go_round_before_they_come_back()
    {
        var subnet = Subnet.Parse("10.0.0.0/29");
        var last = 0L;
        var used = new HashSet<string> { "10.0.0.3" };
        var given = Enumerable.Range(0, 6).Select(_ => subnet.Next(ref last, 2, used)).ToList();
        Assert.That(given, Is.EqualTo(new[] { "10.0.0.2", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.2", "10.0.0.4" }));
        used.UnionWith(["10.0.0.2", "10.0.0.4", "10.0.0.5", "10.0.0.6"]);
        Assert.That(subnet.Next(ref last, 2, used), Is.Null);
    }

    private static Func<string, string?> Variables(params string[] values) =>
        name => values.FirstOrDefault(v => v.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
