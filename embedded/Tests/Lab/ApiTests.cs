using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Lab.Api;
using MesosStack.Embedded.Lab.Control;
using MesosStack.Embedded.Lab.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;

namespace MesosStack.Embedded.Tests.Lab;

[TestFixture]
internal sealed class ApiTests
{
    private FakeTimeProvider time = null!;
    private FakeMachineHost host = null!;
    private ConcurrentQueue<string> log = null!;
    private Cloud cloud = null!;
    private WebApplication server = null!;
    private ApiClient api = null!;
    private int most;

    [SetUp]
    public async Task StartAsync()
    {
        time = new FakeTimeProvider();
        host = new FakeMachineHost();
        log = [];
        most = int.MaxValue;
        cloud = new Cloud(new LabOptions(), host, new RecordsFile(null), log.Enqueue, time)
        {
            Owner = caller => caller is null ? null : new LabUser("/home/me/project", "lab"),
            MostDroplets = () => most,
        };
        server = ApiServer.Create(cloud, 0, log.Enqueue);
        await server.StartAsync();
        api = new ApiClient(new Uri(server.Urls.First()));
    }

    [TearDown]
    public async Task StopAsync()
    {
        api.Dispose();
        await server.DisposeAsync();
        cloud.Dispose();
        TestContext.Out.WriteLine(string.Join('\n', log));
    }

    [Test]
    public async Task Root_says_what_this_is() =>
        Assert.That(await api.Http.GetStringAsync(new Uri("/", UriKind.Relative)), Does.Contain("local stand-in of DigitalOcean"));

    [Test]
    public async Task No_more_droplets_are_made_than_this_machine_can_run()
    {
        var key = await api.AddKeyAsync();
        await api.CreateDropletAsync("one", key);
        most = 1;
        var (status, body) = await api.SendAsync(HttpMethod.Post, "droplets", new { name = "two", region = "lab1", size = "s-1vcpu-2gb", image = "debian-12-x64", ssh_keys = new[] { key } });
        Assert.That(((int)status, (string?)body!["message"]), Is.EqualTo((422, "The lab of this machine can run 1 droplets, since its kernel's limit fs.inotify.max_user_instances is low and cannot be raised by the lab. "
            + "Raise it: sysctl fs.inotify.max_user_instances=8192")));
    }

    [Test]
    public async Task A_droplet_is_noted_with_whom_it_is_for()
    {
        var droplet = await api.CreateDropletAsync("one", await api.AddKeyAsync());
        Assert.That(cloud.State.Read(r => r.Droplet((long)droplet["id"]!).Owner), Is.EqualTo(new LabUser("/home/me/project", "lab")));
    }

    [Test]
    public async Task Power_on_waits_until_the_droplet_is_on()
    {
        var id = (long)(await api.CreateDropletAsync("one", await api.AddKeyAsync()))["id"]!;
        await api.WaitForAsync(id, "active");
        using var verbs = new LabApi(new Uri(server.Urls.First()));
        Assert.That(await verbs.PowerOnAsync(id), Is.False, "it is on");
        await api.ActAsync(id, "power_off");
        Assert.That(await verbs.PowerOnAsync(id), Is.True);
        Assert.That((string?)(await api.DropletAsync(id))["status"], Is.EqualTo("active"));

        await api.ActAsync(id, "power_off");
        host.Failures.Enqueue(new LabException("no room to boot"));
        Assert.That(() => verbs.PowerOnAsync(id), Throws.TypeOf<LabException>().With.Message.Contains("no room to boot"));
    }

    [Test]
    public async Task Leftovers_go_with_what_is_theirs_alone()
    {
        var key = await api.AddKeyAsync();
        string[] networks = [await NetworkAsync("left"), await NetworkAsync("kept")];
        long[] ids = [await DropletAsync("left-1", networks[0], "left", "both"), await DropletAsync("left-2", networks[0], "left"), await DropletAsync("kept-1", networks[1], "kept", "both")];
        foreach (var tag in new[] { "left", "kept", "both" })
        {
            await api.DoAsync(HttpMethod.Post, "firewalls", new { name = tag, tags = new[] { tag }, inbound_rules = new[] { new { protocol = "tcp", ports = "22", sources = new { addresses = new[] { "0.0.0.0/0" } } } } });
        }

        using var verbs = new LabApi(new Uri(server.Urls.First()));
        await verbs.RemoveAsync(ids[..2], _ => { });

        cloud.State.Read(r =>
        {
            Assert.That(r.Droplets.Select(d => d.Name), Is.EqualTo(new[] { "kept-1" }));
            Assert.That(r.Vpcs.Where(v => !v.Default).Select(v => v.Name), Is.EqualTo(new[] { "kept" }));
            Assert.That(r.Firewalls.Select(f => f.Name), Is.EquivalentTo(new[] { "kept", "both" }));
            Assert.That(r.Tags, Is.EquivalentTo(new[] { "kept", "both" }));
            return true;
        });

        async Task<string> NetworkAsync(string name) => (string)(await api.DoAsync(HttpMethod.Post, "vpcs", new { name, region = "lab1" }))!["vpc"]!["id"]!;
        async Task<long> DropletAsync(string name, string network, params string[] tags) => (long)(await api.DoAsync(
            HttpMethod.Post, "droplets", new { name, region = "lab1", size = "s-1vcpu-2gb", image = "debian-12-x64", ssh_keys = new[] { key }, tags, vpc_uuid = network }))!["droplet"]!["id"]!;
    }

    [Test]
    public async Task A_request_without_a_token_is_refused()
    {
        api.Http.DefaultRequestHeaders.Authorization = null;
        var (status, body) = await api.SendAsync(HttpMethod.Get, "droplets");
        Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((string?)body!["id"], Is.EqualTo("unauthorized"));
    }

    [Test]
    public async Task An_ordinary_user_of_this_machine_is_refused()
    {
        RequireOtherUsers();
        var answer = await AsNobodyAsync("printf 'GET /v2/droplets HTTP/1.0\\r\\nAuthorization: Bearer x\\r\\n\\r\\n' >&3; cat <&3");
        Assert.That(answer, Does.StartWith("HTTP/1.1 403").And.Contain("\"id\":\"forbidden\"").And.Contain("Use sudo"));
        Assert.That((await api.SendAsync(HttpMethod.Get, "droplets")).Status, Is.EqualTo(HttpStatusCode.OK), "who runs the API is not");
    }

    [Test]
    public async Task An_ordinary_user_who_hangs_up_at_once_is_refused()
    {
        RequireOtherUsers();
        var body = JsonSerializer.Serialize(new { name = "k", public_key = ApiClient.PublicKey });
        var request = $"POST /v2/account/keys HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer x\\r\\nContent-Type: application/json\\r\\nContent-Length: {body.Length}\\r\\n\\r\\n{body}";
        await AsNobodyAsync($"for i in $(seq 50); do exec 3<>\"/dev/tcp/127.0.0.1/$0\"; printf '{request}' >&3; exec 3>&-; done");
        await Task.Delay(300);
        Assert.That((await api.DoAsync(HttpMethod.Get, "account/keys"))!["ssh_keys"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task What_is_not_there_is_404_with_a_reason()
    {
        var (status, body) = await api.SendAsync(HttpMethod.Get, "kubernetes/clusters");
        Assert.That(status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((string?)body!["message"], Does.Contain("lab"));
        Assert.That((await api.SendAsync(HttpMethod.Get, "droplets/1")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_body_that_is_no_JSON_is_400()
    {
        using var content = new StringContent("{", System.Text.Encoding.UTF8, "application/json");
        using var response = await api.Http.PostAsync(new Uri("v2/droplets", UriKind.Relative), content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task A_droplet_is_new_then_active_and_gone_after_delete()
    {
        var boots = new TaskCompletionSource();
        host.Gate = boots.Task;
        var key = await api.AddKeyAsync();
        var droplet = await api.CreateDropletAsync("master-1", key, "mesos");
        var id = (long)droplet["id"]!;
        Assert.That((string?)droplet["status"], Is.EqualTo("new"));
        Assert.That((bool)droplet["locked"]!, Is.True);
        Assert.That((await api.SendAsync(HttpMethod.Post, $"droplets/{id}/actions", new { type = "reboot" })).Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));

        boots.SetResult();
        await api.WaitForAsync(id, "active");
        var networks = (await api.DropletAsync(id))["networks"]!["v4"]!.AsArray();
        Assert.That(networks.Select(n => (string?)n!["type"]), Is.EquivalentTo(new[] { "public", "private" }));
        Assert.That((string?)networks.Single(n => (string?)n!["type"] == "public")!["ip_address"], Is.EqualTo("198.51.100.10"));
        Assert.That((string?)networks.Single(n => (string?)n!["type"] == "private")!["ip_address"], Does.StartWith("198.18.0."));
        Assert.That(host.Specs[id].AuthorizedKeys, Is.EqualTo(new[] { ApiClient.PublicKey }));

        await api.DoAsync(HttpMethod.Delete, $"droplets/{id}");
        Assert.That((await api.SendAsync(HttpMethod.Get, $"droplets/{id}")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        await cloud.Work.DrainAsync();
        Assert.That(host.Specs, Is.Empty);
    }

    [Test]
    public async Task An_address_is_not_used_again_at_once()
    {
        var key = await api.AddKeyAsync();
        var first = await api.CreateDropletAsync("a", key);
        await api.DoAsync(HttpMethod.Delete, $"droplets/{first["id"]}");
        await cloud.Work.DrainAsync();
        var second = await api.CreateDropletAsync("a", key);
        Assert.That(second["networks"]!.ToJsonString(), Is.Not.EqualTo(first["networks"]!.ToJsonString()));
    }

    [TestCase("image", "ubuntu-14-04-x64")]
    [TestCase("size", "tiny")]
    [TestCase("region", "mars1")]
    [TestCase("name", "under_score")]
    [TestCase("user_data", "#cloud-config")]
    [TestCase("vpc_uuid", "0c5e3a36-0000-0000-0000-000000000000")]
    public async Task A_droplet_with_a_fault_is_422(string field, string value)
    {
        var body = new JsonObject
        {
            ["name"] = "a", ["region"] = "lab1", ["size"] = "s-1vcpu-2gb", ["image"] = "debian-12-x64", ["ssh_keys"] = new JsonArray(await api.AddKeyAsync()),
        };
        body["tags"] = new JsonArray("unwanted");
        body[field] = value;
        var (status, answer) = await api.SendAsync(HttpMethod.Post, "droplets", body);
        Assert.That(status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That((string?)answer!["id"], Is.EqualTo("unprocessable_entity"));
        Assert.That(cloud.State.Read(r => (r.Droplets.Count, r.Tags.Count, r.Vpcs.Count)), Is.EqualTo((0, 0, 0)), "nothing of it is left");
    }

    [Test]
    public async Task What_is_refused_in_the_middle_changes_nothing()
    {
        var id = (long)(await api.CreateDropletAsync("a", await api.AddKeyAsync()))["id"]!;
        await api.DoAsync(HttpMethod.Post, "tags", new { name = "t" });
        var resources = new[] { new { resource_id = $"{id}", resource_type = "droplet" }, new { resource_id = "1", resource_type = "droplet" } };
        Assert.That((await api.SendAsync(HttpMethod.Post, "tags/t/resources", new { resources })).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await api.DropletAsync(id))["tags"]!.AsArray(), Is.Empty);
        Assert.That((await api.SendAsync(HttpMethod.Post, "vpcs", new { name = "far", region = "nyc3", ip_range = "8.8.8.0/24" })).Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(cloud.State.Read(r => r.Vpcs.Select(v => v.Region)), Is.EqualTo(new[] { "lab1" }), "no default network for it either");
    }

    [Test]
    public async Task A_VPC_may_have_the_range_that_the_regions_default_would_take()
    {
        await api.DoAsync(HttpMethod.Post, "vpcs", new { name = "own", region = "lab1", ip_range = "198.18.0.0/20" });
        Assert.That(cloud.State.Read(r => r.Vpcs.Select(v => (v.Name, v.IpRange)).ToList()),
            Is.EqualTo(new[] { ("default-lab1", "198.18.16.0/20"), ("own", "198.18.0.0/20") }));
    }

    [Test]
    public async Task An_answer_is_not_changed_by_what_happens_while_it_is_written()
    {
        var id = (long)(await api.CreateDropletAsync("a", await api.AddKeyAsync(), "t"))["id"]!;
        var rule = new { protocol = "tcp", ports = "22", sources = new { tags = new[] { "t" } } };
        await api.DoAsync(HttpMethod.Post, "firewalls", new { name = "f", tags = new[] { "t" }, droplet_ids = new[] { id }, inbound_rules = new[] { rule } });
        var answers = cloud.State.Read(r => new[] { Views.Droplet(r, r.Droplets[0], "new"), Views.Firewall(r.Firewalls[0]) });
        var before = JsonSerializer.Serialize(answers);
        cloud.State.Change(r =>
        {
            r.Droplets[0].Tags.Clear();
            r.Firewalls[0].Tags.Clear();
            r.Firewalls[0].DropletIds.Clear();
            r.Firewalls[0].InboundRules.Clear();
        });
        Assert.That(JsonSerializer.Serialize(answers), Is.EqualTo(before));
    }

    [Test]
    public async Task Power_follows_the_actions_and_resize_needs_power_off()
    {
        var id = (long)(await api.CreateDropletAsync("a", await api.AddKeyAsync()))["id"]!;
        await api.WaitForAsync(id, "active");
        await cloud.Work.DrainAsync();
        Assert.That((await api.SendAsync(HttpMethod.Post, $"droplets/{id}/actions", new { type = "resize", size = "s-2vcpu-4gb" })).Status,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(await api.ActAsync(id, "power_off"), Is.EqualTo("completed"));
        Assert.That((string?)(await api.DropletAsync(id))["status"], Is.EqualTo("off"));
        var (again, answer) = await api.SendAsync(HttpMethod.Post, $"droplets/{id}/actions", new { type = "power_off" });
        Assert.That((again, (string?)answer!["message"]), Is.EqualTo((HttpStatusCode.UnprocessableEntity, "Droplet is already powered off.")));
        Assert.That(await api.ActAsync(id, "shutdown"), Is.EqualTo("completed"), "of what is off already");
        Assert.That((await api.SendAsync(HttpMethod.Post, $"droplets/{id}/actions", new { type = "reboot" })).Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        await api.DoAsync(HttpMethod.Post, $"droplets/{id}/actions", new { type = "resize", size = "s-2vcpu-4gb", disk = true });
        await cloud.Work.DrainAsync();
        var droplet = await api.DropletAsync(id);
        Assert.That(((string?)droplet["size_slug"], (int)droplet["disk"]!, (int)droplet["memory"]!), Is.EqualTo(("s-2vcpu-4gb", 80, 4096)));
        Assert.That(await api.ActAsync(id, "power_on"), Is.EqualTo("completed"));
        Assert.That((string?)(await api.DropletAsync(id))["status"], Is.EqualTo("active"));
    }

    [Test]
    public async Task A_rename_is_shown_and_the_host_keeps_its_name()
    {
        var id = (long)(await api.CreateDropletAsync("old", await api.AddKeyAsync()))["id"]!;
        await cloud.Work.DrainAsync();
        await api.DoAsync(HttpMethod.Post, $"droplets/{id}/actions", new { type = "rename", name = "new" });
        await cloud.Work.DrainAsync();
        Assert.That((string?)(await api.DropletAsync(id))["name"], Is.EqualTo("new"));
        Assert.That(host.Specs[id].Name, Is.EqualTo("old"));
    }

    [Test]
    public async Task Keys_have_DigitalOceans_fingerprint_and_come_once()
    {
        var id = await api.AddKeyAsync();
        var key = (await api.DoAsync(HttpMethod.Get, $"account/keys/{id}"))!["ssh_key"]!;
        var fingerprint = (string)key["fingerprint"]!;
        Assert.That(fingerprint, Does.Match("^([0-9a-f]{2}:){15}[0-9a-f]{2}$"));
        Assert.That((await api.SendAsync(HttpMethod.Get, "account/keys/" + fingerprint)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await api.SendAsync(HttpMethod.Post, "account/keys", new { name = "again", public_key = ApiClient.PublicKey })).Status,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        await api.DoAsync(HttpMethod.Put, $"account/keys/{id}", new { name = "renamed" });
        await api.DoAsync(HttpMethod.Delete, $"account/keys/{id}");
        Assert.That((await api.SendAsync(HttpMethod.Get, $"account/keys/{id}")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("")]
    [TestCase("ssh-ed25519 AAAA")]
    [TestCase("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl")]
    [TestCase("not a key")]
    public async Task A_bad_public_key_is_422(string line) =>
        Assert.That((await api.SendAsync(HttpMethod.Post, "account/keys", new { name = "key", public_key = line })).Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));

    [Test]
    public async Task A_VPC_is_kept_while_it_has_members()
    {
        var own = (string)(await api.DoAsync(HttpMethod.Post, "vpcs", new { name = "own", region = "lab1", ip_range = "10.20.0.0/24" }))!["vpc"]!["id"]!;
        var regions = (await api.DoAsync(HttpMethod.Get, "vpcs"))!["vpcs"]!.AsArray().Single(v => (bool)v!["default"]!)!;
        Assert.That((await api.SendAsync(HttpMethod.Delete, $"vpcs/{regions["id"]}")).Status, Is.EqualTo(HttpStatusCode.Forbidden), "a region's default");
        var key = await api.AddKeyAsync();
        var gone = new TaskCompletionSource();
        var droplet = (await api.DoAsync(HttpMethod.Post, "droplets",
            new { name = "a", region = "lab1", size = "s-1vcpu-1gb", image = "debian-12-x64", ssh_keys = new[] { key }, vpc_uuid = own }))!["droplet"]!;
        Assert.That(droplet["networks"]!.ToJsonString(), Does.Contain("10.20.0.2"));
        Assert.That((await api.SendAsync(HttpMethod.Delete, "vpcs/" + own)).Status, Is.EqualTo(HttpStatusCode.Forbidden), "members");
        await cloud.Work.DrainAsync();
        host.Gate = gone.Task;
        await api.DoAsync(HttpMethod.Delete, $"droplets/{droplet["id"]}");
        Assert.That((await api.SendAsync(HttpMethod.Delete, "vpcs/" + own)).Status, Is.EqualTo(HttpStatusCode.Forbidden), "a droplet that lingers");
        gone.SetResult();
        await cloud.Work.DrainAsync();
        Assert.That((await api.SendAsync(HttpMethod.Delete, "vpcs/" + own)).Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [TestCase("10.20.0.0/24", "10.20.0.128/25")]
    [TestCase("10.20.0.0/24", "8.8.8.0/24")]
    [TestCase("10.20.0.0/24", "10.30.0.0/29")]
    [TestCase("10.20.0.0/24", "nonsense")]
    public async Task A_VPC_with_a_bad_range_is_422(string taken, string range)
    {
        await api.DoAsync(HttpMethod.Post, "vpcs", new { name = "first", region = "lab1", ip_range = taken });
        Assert.That((await api.SendAsync(HttpMethod.Post, "vpcs", new { name = "second", region = "lab1", ip_range = range })).Status,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity));
    }

    [Test]
    public async Task A_firewall_by_tag_covers_droplets_as_they_come_and_go()
    {
        var key = await api.AddKeyAsync();
        await api.DoAsync(HttpMethod.Post, "tags", new { name = "mesos" });
        var firewall = (await api.DoAsync(HttpMethod.Post, "firewalls", new
        {
            name = "mesos",
            tags = new[] { "mesos" },
            inbound_rules = new object[]
            {
                new { protocol = "tcp", ports = "22", sources = new { addresses = new[] { "0.0.0.0/0", "::/0" } } },
                new { protocol = "tcp", ports = "all", sources = new { tags = new[] { "mesos" } } },
                new { protocol = "icmp", sources = new { addresses = new[] { "203.0.113.9/24" } } },
            },
            outbound_rules = new object[] { new { protocol = "tcp", ports = "1-65535", destinations = new { addresses = new[] { "0.0.0.0/0" } } } },
        }))!["firewall"]!;
        Assert.That((string?)firewall["status"], Is.EqualTo("succeeded"));
        Assert.That((string?)firewall["inbound_rules"]![1]!["ports"], Is.EqualTo("0"), "all ports read back as 0");

        var first = (long)(await api.CreateDropletAsync("a", key, "mesos"))["id"]!;
        var other = (long)(await api.CreateDropletAsync("b", key))["id"]!;
        await cloud.Work.DrainAsync();
        Assert.That(host.Firewalls[other], Is.EqualTo("flush ruleset\n"), "open without a firewall");
        Assert.That(host.Firewalls[first], Does.Contain("meta nfproto ipv4 tcp dport 22 accept").And.Contain("ip saddr 203.0.113.0/24 meta l4proto icmp accept"));
        Assert.That(host.Firewalls[first], Does.Not.Contain(host.Specs[other].PrivateAddress));

        await api.DoAsync(HttpMethod.Post, "tags/mesos/resources", new { resources = new[] { new { resource_id = $"{other}", resource_type = "droplet" } } });
        Assert.That(host.Firewalls[first], Does.Contain($"ip saddr {host.Specs[other].PrivateAddress} meta l4proto tcp accept"));
        Assert.That(host.Firewalls[other], Does.Contain("policy drop"));
        await api.DoAsync(HttpMethod.Delete, $"firewalls/{firewall["id"]}");
        Assert.That(host.Firewalls[first], Is.EqualTo("flush ruleset\n"));
    }

    [TestCase("tcp", "", "0.0.0.0/0")]
    [TestCase("tcp", "70000", "0.0.0.0/0")]
    [TestCase("tcp", "90-80", "0.0.0.0/0")]
    [TestCase("gre", "1", "0.0.0.0/0")]
    [TestCase("tcp", "22", "anywhere")]
    [TestCase("tcp", "22", "1")]
    [TestCase("tcp", "22", "1/8")]
    [TestCase("tcp", "22", "010.0.0.1")]
    [TestCase("tcp", "22", "fe80::1%eth0")]
    [TestCase("tcp", "22", "[2001:db8::1]")]
    [TestCase("tcp", "22", "10.0.0.0/33")]
    public async Task A_firewall_with_a_fault_is_422(string protocol, string ports, string address)
    {
        var body = new { name = "f", inbound_rules = new[] { new { protocol, ports, sources = new { addresses = new[] { address } } } } };
        Assert.That((await api.SendAsync(HttpMethod.Post, "firewalls", body)).Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
    }

    [TestCase("192.0.2.7")]
    [TestCase("192.0.2.7/24")]
    [TestCase("2001:DB8::1")]
    [TestCase("2001:db8::/32")]
    [TestCase("::/0")]
    public void An_address_or_range_is_taken(string address) => Assert.That(FirewallRules.IsAddress(address), Is.True);

    [Test]
    public async Task One_droplets_broken_firewall_does_not_hinder_another_one()
    {
        var key = await api.AddKeyAsync();
        var broken = (long)(await api.CreateDropletAsync("a", key))["id"]!;
        await cloud.Work.DrainAsync();
        host.BrokenFirewalls[broken] = true;
        var other = (long)(await api.CreateDropletAsync("b", key))["id"]!;
        await cloud.Work.DrainAsync();
        Assert.That((string?)(await api.DropletAsync(other))["status"], Is.EqualTo("active"));
        Assert.That(host.Firewalls.Keys, Does.Contain(other));

        // Whoever asks for a rule hears where it could not be set.
        var rule = new { protocol = "tcp", ports = "22", sources = new { addresses = new[] { "0.0.0.0/0" } } };
        var (status, _) = await api.SendAsync(HttpMethod.Post, "firewalls", new { name = "f", droplet_ids = new[] { broken, other }, inbound_rules = new[] { rule } });
        Assert.That(status, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(host.Firewalls[other], Does.Contain("tcp dport 22"), "the others have it");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_droplet_that_does_not_boot_has_a_failed_action_with_the_reason_and_takes_another(bool unexpected)
    {
        host.Failures.Enqueue(unexpected ? new InvalidOperationException("no disk") : new LabException("no disk"));
        var id = (long)(await api.CreateDropletAsync("a", await api.AddKeyAsync()))["id"]!;
        await cloud.Work.DrainAsync();
        var action = (await api.DoAsync(HttpMethod.Get, $"droplets/{id}/actions"))!["actions"]!.AsArray().Single()!;
        Assert.That(((string?)action["type"], (string?)action["status"]), Is.EqualTo(("create", "errored")));
        Assert.That((string?)action["message"], Does.Contain("no disk").And.Contain("lab.log"));
        Assert.That(log, Has.Some.Contains("no disk"));
        Assert.That(await api.ActAsync(id, "power_on"), Is.EqualTo("completed"));
        Assert.That((string?)(await api.DropletAsync(id))["status"], Is.EqualTo("active"));
    }

    [Test]
    public async Task A_removal_that_fails_is_tried_again()
    {
        var id = (long)(await api.CreateDropletAsync("a", await api.AddKeyAsync()))["id"]!;
        await cloud.Work.DrainAsync();
        host.Failures.Enqueue(new IOException("busy"));
        host.Failures.Enqueue(new LabException("still busy"));
        await api.DoAsync(HttpMethod.Delete, $"droplets/{id}");
        Assert.That(await Until.TrueAsync(() => log.Any(line => line.Contains("tried again in 0.2 s: busy", StringComparison.Ordinal)), TimeSpan.FromSeconds(5)));
        Assert.That(await Until.TrueAsync(() => Later().Any(line => line.Contains("tried again in 0.4 s: still busy", StringComparison.Ordinal)), TimeSpan.FromSeconds(5)));
        Assert.That(await Until.TrueAsync(() => Later() is not null && cloud.State.Read(r => r.Droplets.Count) == 0, TimeSpan.FromSeconds(5)));

        ConcurrentQueue<string> Later()
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            return log;
        }
    }

    [Test]
    public async Task A_daemon_that_ends_waits_for_no_removal_that_fails()
    {
        var id = (long)(await api.CreateDropletAsync("a", await api.AddKeyAsync()))["id"]!;
        await cloud.Work.DrainAsync();
        host.Failures.Enqueue(new IOException("busy"));
        await api.DoAsync(HttpMethod.Delete, $"droplets/{id}");
        Assert.That(await Until.TrueAsync(() => log.Any(line => line.Contains("tried again", StringComparison.Ordinal)), TimeSpan.FromSeconds(5)));
        cloud.Work.GiveUp();
        await cloud.Work.DrainAsync().WaitAsync(TimeSpan.FromSeconds(5));
        Assert.That(cloud.State.Read(r => r.Droplets.Single().Phase), Is.EqualTo(DropletPhase.Deleting), "for the next daemon");
    }

    [Test]
    public async Task Tags_count_what_they_are_on()
    {
        await api.CreateDropletAsync("a", await api.AddKeyAsync(), "t");
        var tag = (await api.DoAsync(HttpMethod.Get, "tags/t"))!["tag"]!;
        Assert.That((int)tag["resources"]!["droplets"]!["count"]!, Is.EqualTo(1));
        await api.DoAsync(HttpMethod.Delete, "tags/t");
        Assert.That((await api.SendAsync(HttpMethod.Get, "tags/t")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_new_daemon_finishes_what_an_old_one_began()
    {
        var path = Path.Combine(Path.GetTempPath(), $"lab-{Guid.NewGuid():N}.json");
        try
        {
            // Killed while one droplet boots, one is on, one is off by wish, one was killed with this machine, and one is being removed.
            var file = new RecordsFile(path);
            var records = file.Load();
            records.Vpcs.Add(new VpcRecord
            {
                Id = "v", Name = "v", Description = "", Region = "lab1", IpRange = "198.18.0.0/20", Default = true, CreatedAt = DateTimeOffset.UnixEpoch, Network = 1,
            });
            records.Droplets.AddRange([Made(1, DropletPhase.New), Made(2, DropletPhase.Active), Made(3, DropletPhase.Active), Made(4, DropletPhase.Active), Made(5, DropletPhase.Deleting)]);
            records.Actions.Add(new ActionRecord { Id = 9, Type = "create", DropletId = 1, StartedAt = DateTimeOffset.UnixEpoch });
            file.Save(records);
            host.States[2] = MachineState.Running;
            host.States[3] = MachineState.Off;

            using var next = new Cloud(new LabOptions(), host, file, TestContext.Out.WriteLine, time);
            next.Work.Resume();
            await next.Work.DrainAsync();
            Assert.That(next.State.Read(r => r.Droplets.Select(d => (d.Id, next.Droplets.Status(d)))),
                Is.EqualTo(new[] { (1L, "active"), (2L, "active"), (3L, "off"), (4L, "active") }));
            Assert.That(next.State.Read(r => r.Action(9).Status), Is.EqualTo("completed"));
        }
        finally
        {
            File.Delete(path);
        }

        static DropletRecord Made(long id, DropletPhase phase) => new()
        {
            Id = id, Name = $"d{id}", HostName = $"d{id}", Region = "lab1", Size = "s-1vcpu-1gb", Disk = 25, Tags = [], VpcId = "v",
            PublicAddress = $"198.51.100.{10 + id}", PrivateAddress = $"198.18.0.{1 + id}", AuthorizedKeys = [], CreatedAt = DateTimeOffset.UnixEpoch, Phase = phase,
        };
    }

    private static void RequireOtherUsers()
    {
        if (!Environment.IsPrivilegedProcess || Shell.Find("runuser") is null)
        {
            Assert.Ignore("needs root, to be another user");
        }
    }

    /// <summary>Runs lines of bash as another user, with a connection to the API at descriptor 3.</summary>
    private async Task<string> AsNobodyAsync(string lines) => (await Shell.TryAsync("runuser",
        ["-u", "nobody", "--", "bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/$0\"; " + lines, new Uri(server.Urls.First()).Port.ToString(CultureInfo.InvariantCulture)])).StandardOutput;
}
