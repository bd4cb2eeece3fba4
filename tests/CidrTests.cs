using MesosStack.Components.Settings;

namespace MesosStack.Tests;

public sealed class CidrTests
{
    [TestCase("203.0.113.0/24", "203.0.113.0/24")]
    [TestCase("203.0.113.7/32", "203.0.113.7/32")]
    [TestCase("0.0.0.0/0", "0.0.0.0/0")]
    [TestCase("2001:DB8:0:0::/32", "2001:db8::/32")]
    [TestCase("2001:0db8:0000:0000:0000:0000:0000:0000/32", "2001:db8::/32")]
    [TestCase("::/0", "::/0")]
    public void A_network_has_one_spelling(string text, string canonical)
    {
        Assert.That(Cidr.Canonical(text), Is.EqualTo(canonical));
        Assert.That(TestConfiguration.Settings(("sshCidrs", TestConfiguration.Json(text, canonical))).SshCidrs, Is.EqualTo(new[] { canonical }));
    }

    [TestCase("0.0.0.0/00", "0.0.0.0/0")]
    [TestCase("::/00", "::/0")]
    [TestCase("10.0.0.0/08", "10.0.0.0/8")]
    [TestCase("10.0.0.0/+8", null)]
    [TestCase("10.0.0.0/ 8", null)]
    [TestCase("010.0.0.0/8", "8.0.0.0/8")]
    [TestCase("0x0a.0.0.0/8", "10.0.0.0/8")]
    [TestCase("0xa000000/8", "10.0.0.0/8")]
    [TestCase("167772160/8", "10.0.0.0/8")]
    [TestCase("10/8", "0.0.0.0/8")]
    [TestCase("10.1/16", "10.0.0.0/16")]
    [TestCase("10.0.0.0/255.0.0.0", null)]
    [TestCase("10.0.0.1/8", "10.0.0.0/8")]
    [TestCase("10.0.0.1", "10.0.0.1/32")]
    [TestCase("10.0.0.0/33", null)]
    [TestCase("10.0.0.0/8/8", null)]
    [TestCase("/8", null)]
    [TestCase("", null)]
    [TestCase("10.0.0.256/32", null)]
    [TestCase("10.0.0.0/8\n", null)]
    [TestCase("fe80::%eth0/64", "fe80::/64")]
    [TestCase("fe80::%1/64", "fe80::/64")]
    [TestCase("[2001:db8::]/32", "2001:db8::/32")]
    [TestCase("2001:db8::/129", null)]
    [TestCase("2001:db8::1/32", "2001:db8::/32")]
    [TestCase("::ffff:0.0.0.0/96", "0.0.0.0/0")]
    [TestCase("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    [TestCase("١٠.0.0.0/8", null)]
    public void Another_spelling_is_refused_with_the_one_that_everybody_reads_alike(string text, string? meant)
    {
        Assert.That(Cidr.Parse(text), Is.Null);
        Assert.That(Cidr.Canonical(text), Is.EqualTo(text));
        foreach (var key in new[] { "sshCidrs", "uiCidrs" })
        {
            var fault = TestConfiguration.Read(TestConfiguration.Configuration((key, TestConfiguration.Json(text)))).Faults.Single();
            Assert.That(fault.Key, Is.EqualTo($"{key}[0]"));
            if (meant is not null)
            {
                Assert.That(fault.Allowed, Does.StartWith("must be networks in CIDR notation").And.EndWith($"if {meant} is meant, write it so"));
            }
        }
    }

    [TestCase("0.0.0.0/0")]
    [TestCase("0.0.0.0/1 128.0.0.0/1")]
    [TestCase("0.0.0.0/1")]
    [TestCase("0.0.0.0/2 64.0.0.0/2 128.0.0.0/2 192.0.0.0/2")]
    [TestCase("::/0")]
    [TestCase("::/1")]
    [TestCase("2000::/3")]
    [TestCase("2000::/4 3000::/4")]
    [TestCase("2001::/16 2002::/16")]
    [TestCase("10.0.0.0/8 ::/0")]
    [TestCase("1.0.0.0/8 2.0.0.0/8 3.0.0.0/8 4.0.0.0/8 5.0.0.0/8 6.0.0.0/8 7.0.0.0/8 8.0.0.0/8 9.0.0.0/8 11.0.0.0/8 12.0.0.0/8 13.0.0.0/8 14.0.0.0/8 15.0.0.0/8 16.0.0.0/8 17.0.0.0/8 18.0.0.0/8")]
    public void The_interfaces_are_not_open_to_the_internet_however_it_is_divided(string networks) =>
        Assert.That(Faults(networks), Has.Count.EqualTo(1).And.One.Property("Key").EqualTo("uiCidrs").And.One.Property("Allowed").StartsWith("must not be the whole internet"));

    [TestCase("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 203.0.113.0/24")]
    [TestCase("10.0.0.0/8 10.0.0.0/9 10.128.0.0/9")]
    [TestCase("2001:db8::/32 fc00::/7")]
    [TestCase("")]
    public void Networks_of_ones_own_are_taken(string networks) => Assert.That(Faults(networks), Is.Empty);

    [TestCase("198.18.0.0/24", "must be a network of /16 to /28 in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")]
    [TestCase("8.8.0.0/16", "must be a network")]
    [TestCase("172.32.0.0/16", "must be a network")]
    [TestCase("100.64.0.0/16", "must be a network")]
    [TestCase("fd00::/64", "must be a network")]
    [TestCase("10.0.0.0/15", "must be a network")]
    [TestCase("10.0.0.0/29", "must be a network")]
    [TestCase("010.0.0.0/24", "if 8.0.0.0/24 is meant, write it so")]
    [TestCase("10.244.7.0/24", "10.244.0.0/16 is DigitalOcean's own")]
    [TestCase("10.245.0.0/16", "10.245.0.0/16 is DigitalOcean's own")]
    [TestCase("10.246.0.0/16", "10.246.0.0/24 is DigitalOcean's own")]
    [TestCase("10.229.1.0/28", "10.229.0.0/16 is DigitalOcean's own")]
    public void A_vpc_lies_where_digitalocean_makes_one(string range, string reason) =>
        Assert.That(TestConfiguration.Read(TestConfiguration.Configuration(("vpcCidr", range))).Faults.Single().Allowed, Does.Contain(reason));

    [TestCase("10.42.0.0/24")]
    [TestCase("172.31.0.0/16")]
    [TestCase("192.168.255.240/28")]
    [TestCase("10.246.1.0/24")]
    [TestCase("10.10.1.0/24")]
    public void A_private_range_is_taken(string range) => Assert.That(TestConfiguration.Settings(("vpcCidr", range)).VpcCidr, Is.EqualTo(range));

    [TestCase("3", "8", null)]
    [TestCase("3", "9", "has room for 11 droplets")]
    [TestCase("7", "1000", "has room for 11 droplets")]
    public void A_vpc_has_room_for_the_cluster(string masters, string agents, string? reason)
    {
        var faults = TestConfiguration.Read(TestConfiguration.Configuration(("vpcCidr", "10.42.0.0/28"), ("masters", masters), ("agents", agents))).Faults;

        Assert.That(faults.Select(fault => fault.Allowed), reason is null ? Is.Empty : Has.One.StartsWith(reason));
    }

    [Test]
    public void Nyc1_keeps_a_range_of_its_own() =>
        Assert.That(TestConfiguration.Read(TestConfiguration.Configuration(("vpcCidr", "10.10.1.0/24"), ("region", "nyc1"))).Faults.Single().Allowed, Does.Contain("10.10.0.0/16"));

    private static List<SettingsFault> Faults(string networks) =>
        TestConfiguration.Read(TestConfiguration.Configuration(("uiCidrs", TestConfiguration.Json([.. networks.Split(' ', StringSplitOptions.RemoveEmptyEntries)])))).Faults.ToList();
}
