using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using MesosStack.Embedded.Providers.DigitalOcean;
using static MesosStack.Embedded.Tests.Providers.Requests;

namespace MesosStack.Embedded.Tests.Providers;

[TestFixture]
internal sealed class DigitalOceanProviderTests
{
    private static readonly ResourceKey Droplet = Key("digitalocean:index/droplet:Droplet", "master-1");
    private static readonly ResourceKey SshKey = Key("digitalocean:index/sshKey:SshKey", "access");
    private static readonly ResourceKey Vpc = Key("digitalocean:index/vpc:Vpc", "network");
    private static readonly ResourceKey Tag = Key("digitalocean:index/tag:Tag", "cluster");
    private static readonly ResourceKey Firewall = Key("digitalocean:index/firewall:Firewall", "wall");

    private static readonly PropertyMap DropletInputs = Map(
        ("name", "master-1"), ("image", "debian-12-x64"), ("size", "s-1vcpu-1gb"), ("region", "nyc3"), ("tags", List("mesos", "lab")), ("sshKeys", List("101")), ("vpcUuid", "vpc-1"));

    private static readonly PropertyMap KeyInputs = Map(("name", "access"), ("publicKey", "ecdsa-sha2-nistp256 AAAA me@here"));
    private static readonly PropertyMap VpcInputs = Map(("name", "network"), ("region", "nyc3"), ("ipRange", "198.18.0.0/16"));

    private PassingTime _time = null!;
    private FakeDigitalOcean _fake = null!;
    private DigitalOceanProvider _provider = null!;

    [SetUp]
    public async Task StartFake()
    {
        _time = new PassingTime();
        _fake = new FakeDigitalOcean(_time);
        _provider = await ProviderAsync(("token", new PropertyValue.Secret(FakeDigitalOcean.Token)), ("apiEndpoint", _fake.Address));
    }

    [TearDown]
    public void StopFake()
    {
        _provider.Dispose();
        _fake.Dispose();
    }

    [Test]
    public void Without_a_token_the_message_says_what_to_set()
    {
        using var provider = new DigitalOceanProvider(_ => null, TimeProvider.System);
        Assert.That(() => provider.ConfigureAsync(PropertyMap.Empty, CancellationToken.None), Throws.InstanceOf<ProviderException>()
            .With.Message.Contains("digitalocean:token").And.Message.Contains("DIGITALOCEAN_TOKEN"));
    }

    [Test]
    public void An_endpoint_that_is_no_address_is_refused()
    {
        using var provider = new DigitalOceanProvider(_ => null, TimeProvider.System);
        Assert.That(() => provider.ConfigureAsync(Map(("token", "t"), ("apiEndpoint", "localhost:17900")), CancellationToken.None), Throws.InstanceOf<ProviderException>().With.Message.Contains("apiEndpoint"));
    }

    [Test]
    public async Task Token_and_endpoint_come_from_the_environment_too()
    {
        using var provider = new DigitalOceanProvider(name => name switch { "DIGITALOCEAN_TOKEN" => FakeDigitalOcean.Token, "DIGITALOCEAN_API_URL" => _fake.Address, _ => null }, TimeProvider.System);
        await provider.ConfigureAsync(PropertyMap.Empty, CancellationToken.None);
        Assert.That((await provider.CreateAsync(Create(Tag, Map(("name", "mesos"))), CancellationToken.None)).Id, Is.EqualTo("mesos"));
    }

    [TestCase("\n")]
    [TestCase("\r\n")]
    [TestCase(" ")]
    public async Task A_token_with_a_newline_at_its_end_works(string end)
    {
        using var given = await ProviderAsync(("token", FakeDigitalOcean.Token + end), ("apiEndpoint", _fake.Address));
        await given.CreateAsync(Create(Tag, Map(("name", "one"))), CancellationToken.None);
        using var inherited = new DigitalOceanProvider(name => name switch { "DIGITALOCEAN_TOKEN" => FakeDigitalOcean.Token + end, "DIGITALOCEAN_API_URL" => _fake.Address, _ => null }, TimeProvider.System);
        await inherited.ConfigureAsync(PropertyMap.Empty, CancellationToken.None);
        await inherited.CreateAsync(Create(Tag, Map(("name", "two"))), CancellationToken.None);
        Assert.That(_fake.Account.All("tags").Keys, Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void A_token_of_two_lines_is_refused_without_the_token()
    {
        using var provider = new DigitalOceanProvider(_ => null, TimeProvider.System);
        Assert.That(() => provider.ConfigureAsync(Map(("token", "dop_v1_one\ndop_v1_two")), CancellationToken.None), Throws.InstanceOf<ProviderException>()
            .With.Message.Contains("digitalocean:token").And.Message.Not.Contains("dop_v1"));
    }

    [Test]
    public async Task A_refused_token_is_told_without_the_token()
    {
        using var provider = await ProviderAsync(("token", "dop_wrong"), ("apiEndpoint", _fake.Address));
        Assert.That(() => provider.CreateAsync(Create(Tag, Map(("name", "mesos"))), CancellationToken.None), Throws.InstanceOf<ProviderException>()
            .With.Message.Contains("401").And.Message.Contains("digitalocean:token").And.Message.Not.Contains("dop_wrong"));
    }

    [Test]
    public async Task A_droplet_is_created_once_it_is_active_with_the_official_outputs()
    {
        var created = await _provider.CreateAsync(Create(Droplet, DropletInputs.With("userData", "#!/bin/sh\n")), CancellationToken.None);
        var body = _fake.Bodies[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Id, Is.EqualTo("101"));
            Assert.That(created.Outputs["status"], Is.EqualTo((PropertyValue)"active"));
            Assert.That(created.Outputs["ipv4Address"], Is.EqualTo((PropertyValue)"198.51.100.7"));
            Assert.That(created.Outputs["ipv4AddressPrivate"], Is.EqualTo((PropertyValue)"198.18.0.7"));
            Assert.That(created.Outputs["dropletUrn"], Is.EqualTo((PropertyValue)"do:droplet:101"));
            Assert.That(created.Outputs["priceMonthly"], Is.EqualTo((PropertyValue)6d));
            Assert.That(created.Outputs["image"], Is.EqualTo((PropertyValue)"debian-12-x64"));
            Assert.That(created.Outputs["userData"], Is.EqualTo((PropertyValue)"bd971bec88149956458a10fc9c5ecb3eb99dd452"));
            Assert.That(body["ssh_keys"]!.ToJsonString(), Is.EqualTo("[101]"));
            Assert.That(body["vpc_uuid"]!.GetValue<string>(), Is.EqualTo("vpc-1"));
            Assert.That(_fake.Requests.Count(r => r.StartsWith("GET /v2/droplets/101", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(2));
        }
    }

    [Test]
    public async Task A_droplet_that_is_active_before_its_addresses_are_listed_is_waited_for()
    {
        _fake.Account.ReadsWithoutAddresses = 4;
        var created = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Outputs["ipv4Address"], Is.EqualTo((PropertyValue)"198.51.100.7"));
            Assert.That(created.Outputs["ipv4AddressPrivate"], Is.EqualTo((PropertyValue)"198.18.0.7"));
        }
    }

    [Test]
    public async Task A_droplet_whose_addresses_are_never_listed_fails_and_the_next_update_waits_for_them()
    {
        _fake.Account.ReadsWithoutAddresses = 1000;
        var failure = await Assert.ThrowsAsync<ResourceInitException>(() => _provider.CreateAsync(Create(Droplet, DropletInputs, timeout: TimeSpan.FromMinutes(1)), CancellationToken.None));
        _fake.Account.ReadsWithoutAddresses = 3;
        var planned = await _provider.UpdateAsync(Update(Droplet, failure!.Id, DropletInputs, failure.Outputs, DropletInputs, preview: true), CancellationToken.None);
        var outputs = await _provider.UpdateAsync(Update(Droplet, failure.Id, DropletInputs, failure.Outputs, DropletInputs), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Message, Does.Contain("time limit"));
            Assert.That(planned["ipv4Address"], Is.EqualTo(PropertyValue.NotKnown), "a preview before that");
            Assert.That(outputs["ipv4Address"], Is.EqualTo((PropertyValue)"198.51.100.7"));
        }
    }

    [Test]
    public async Task What_is_not_found_just_after_its_creation_is_not_gone()
    {
        (ResourceKey Key, PropertyMap Inputs)[] all =
            [(Tag, Map(("name", "mesos"))), (SshKey, KeyInputs), (Vpc, VpcInputs), (Firewall, Map(("name", "wall"), ("tags", List("mesos")))), (Droplet, DropletInputs)];
        foreach (var (key, inputs) in all)
        {
            _fake.Account.UnlistedReads = 3;
            var created = await _provider.CreateAsync(Create(key, inputs), CancellationToken.None);
            Assert.That(created.Outputs["name"], Is.EqualTo(inputs["name"]), key.Name);
        }
    }

    [Test]
    public async Task What_is_never_found_is_told_after_a_minute_and_remembered()
    {
        foreach (var (key, inputs) in new[] { (Vpc, VpcInputs), (Droplet, DropletInputs) })
        {
            _fake.Account.UnlistedReads = 1000;
            var began = _time.GetUtcNow();
            var failure = await Assert.ThrowsAsync<ResourceInitException>(() => _provider.CreateAsync(Create(key, inputs), CancellationToken.None));
            using (Assert.EnterMultipleScope())
            {
                Assert.That(failure!.Message, Does.Contain("does not find it 60 s after it was created"));
                Assert.That(_time.GetUtcNow() - began, Is.InRange(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(65)));
            }
        }
    }

    [Test]
    public async Task A_droplet_that_comes_up_off_ends_the_wait_with_that_reason()
    {
        _fake.Account.ComesUpOff = true;
        var began = _time.GetUtcNow();
        var failure = await Assert.ThrowsAsync<ResourceInitException>(() => _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure!.Id, Is.EqualTo("101"));
            Assert.That(failure.Message, Does.Contain("came up off").And.Contain("doctl compute droplet-action power-on 101").And.Contain("--refresh"));
            Assert.That(_time.GetUtcNow() - began, Is.LessThan(TimeSpan.FromSeconds(10)));
        }
    }

    [Test]
    public async Task A_droplet_that_never_gets_active_is_remembered()
    {
        _fake.Account.Boots = false;
        var failure = await Assert.ThrowsAsync<ResourceInitException>(() => _provider.CreateAsync(Create(Droplet, DropletInputs, timeout: TimeSpan.FromMinutes(1)), CancellationToken.None));
        Assert.That(failure!.Id, Is.EqualTo("101"));
        Assert.That(failure.Message, Does.Contain("time limit"));

        // The next update finds nothing to change and waits once more.
        _fake.Account.Boots = true;
        var outputs = await _provider.UpdateAsync(Update(Droplet, "101", DropletInputs, failure.Outputs, DropletInputs), CancellationToken.None);
        Assert.That(outputs["status"], Is.EqualTo((PropertyValue)"active"));
    }

    [Test]
    public async Task A_droplet_whose_creation_failed_is_told_at_once_and_remembered()
    {
        _fake.Account.Stillborn = true;
        var failure = await Assert.ThrowsAsync<ResourceInitException>(() => _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure!.Id, Is.EqualTo("101"));
            Assert.That(failure.Message, Does.Contain("create action failed"));
            Assert.That(() => _provider.UpdateAsync(Update(Droplet, "101", DropletInputs, failure.Outputs, DropletInputs), CancellationToken.None), Throws.InstanceOf<ResourceInitException>().With.Message.Contains("create action failed"));
        }
    }

    [Test]
    public async Task The_rate_limit_is_waited_out_even_for_a_create()
    {
        _fake.Refuse("POST /v2/droplets", 429, ("Retry-After", "20"));
        _fake.Refuse("POST /v2/droplets", 429, ("RateLimit-Reset", $"{_time.GetUtcNow().ToUnixTimeSeconds() - 5}"));
        var began = _time.GetUtcNow();
        await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_time.GetUtcNow() - began, Is.InRange(TimeSpan.FromSeconds(21), TimeSpan.FromSeconds(25)));
            Assert.That(_fake.Account.All("droplets"), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task A_servers_fault_is_tried_again_for_reads_only()
    {
        _fake.Refuse("GET /v2/droplets", 503);
        _fake.Refuse("GET /v2/droplets", 500);
        await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        _fake.Refuse("POST /v2/droplets", 500);
        Assert.That(() => _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None), Throws.InstanceOf<OutcomeUnknownException>().With.Message.Contains("500 as the test asked (request 4d9d8375)"));
        Assert.That(_fake.Account.All("droplets"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_read_that_gets_no_answer_is_tried_again_and_a_create_is_not()
    {
        using var api = new DigitalOceanApi(new Uri(_fake.Address), FakeDigitalOcean.Token, _time);
        var silence = _fake.SilentTo("GET /v2/tags");
        var read = api.GetAsync("tags/mesos", CancellationToken.None);
        await silence;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await read, Is.Null);
        silence = _fake.SilentTo("POST /v2/tags");
        var created = api.PostAsync("tags", new JsonObject { ["name"] = "mesos" }, CancellationToken.None);
        await silence;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(() => created, Throws.InstanceOf<LostAnswerException>().With.Message.Contains("none within 60 s"));
        Assert.That(_fake.Requests, Is.EqualTo(new[] { "GET /v2/tags/mesos" }), "what was answered");
    }

    [Test]
    public async Task A_wait_that_is_over_already_does_not_use_up_the_retries()
    {
        using var api = new DigitalOceanApi(new Uri(_fake.Address), FakeDigitalOcean.Token, _time);
        for (var i = 0; i < 4; i++)
        {
            _fake.Refuse("GET /v2/tags", 429, i % 2 == 0 ? ("Retry-After", "Fri, 31 Dec 1999 00:00:00 GMT") : ("RateLimit-Reset", "946598400"));
        }

        var began = _time.GetUtcNow();
        await api.GetAsync("tags/mesos", CancellationToken.None);
        Assert.That(_time.GetUtcNow() - began, Is.EqualTo(TimeSpan.FromSeconds(7.5)), "0.5, 1, 2 and 4 s");
    }

    [TestCase(504)]
    [TestCase(0)]
    public async Task What_a_lost_answer_left_is_taken_over_by_the_next_create(int status)
    {
        (ResourceKey Key, PropertyMap Inputs, string Path, string Kind)[] all =
        [
            (Tag, Map(("name", "mesos")), "tags", "tags"),
            (SshKey, KeyInputs, "account/keys", "ssh_keys"),
            (Vpc, VpcInputs, "vpcs", "vpcs"),
            (Firewall, Map(("name", "wall"), ("tags", List("mesos"))), "firewalls", "firewalls"),
            (Droplet, DropletInputs, "droplets", "droplets"),
        ];
        foreach (var (key, inputs, path, kind) in all)
        {
            _fake.LoseAnswer($"POST /v2/{path}", status);
            var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => _provider.CreateAsync(Create(key, inputs), CancellationToken.None));
            Assert.That(failure!.Message, Does.StartWith(key.Name).And.Contains("may have been created"));
            var again = await _provider.CreateAsync(Create(key, inputs) with { Interrupted = new Interruption(new HashSet<string>()) }, CancellationToken.None);
            Assert.That(_fake.Account.All(kind).Keys, kind == "tags" ? Does.Contain(again.Id) : Is.EqualTo(new[] { again.Id }));
            Assert.That(_fake.Requests.Count(r => r == $"POST /v2/{path}"), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task A_create_that_the_time_limit_cuts_off_may_have_happened()
    {
        var silence = _fake.SilentTo("POST /v2/vpcs");
        var created = _provider.CreateAsync(Create(Vpc, VpcInputs, timeout: TimeSpan.FromSeconds(30)), CancellationToken.None);
        await silence;
        _time.Advance(TimeSpan.FromSeconds(30));
        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => created);
        Assert.That(failure!.Message, Does.Contain("time limit of 00:00:30").And.Contain("may have been created"));
    }

    [Test]
    public void While_it_cannot_be_looked_up_the_outcome_stays_unknown()
    {
        _fake.Refuse("GET /v2/vpcs", 403);
        Assert.That(
            () => _provider.CreateAsync(Create(Vpc, VpcInputs) with { Interrupted = new Interruption(new HashSet<string>()) }, CancellationToken.None),
            Throws.InstanceOf<OutcomeUnknownException>().With.Message.Contains("an earlier run").And.Message.Contains("403"));
    }

    [Test]
    public async Task Where_nothing_can_have_happened_the_failure_says_so()
    {
        _fake.Refuse("POST /v2/vpcs", 422);
        Assert.That(() => _provider.CreateAsync(Create(Vpc, VpcInputs), CancellationToken.None), Throws.InstanceOf<ProviderException>());
        _fake.Refuse("POST /v2/vpcs", 429, ("Retry-After", "60"));
        Assert.That(() => _provider.CreateAsync(Create(Vpc, VpcInputs, timeout: TimeSpan.FromSeconds(30)), CancellationToken.None), Throws.InstanceOf<ProviderException>());
        using var unreachable = await ProviderAsync(("token", "t"), ("apiEndpoint", "http://127.0.0.1:1"));
        Assert.That(() => unreachable.CreateAsync(Create(Vpc, VpcInputs), CancellationToken.None), Throws.InstanceOf<ProviderException>().With.Message.Contains("no usable answer"));
    }

    [Test]
    public async Task What_is_gone_reads_as_null_and_deletes_in_peace()
    {
        Assert.That(await _provider.ReadAsync(new ReadRequest(Droplet, "999", DropletInputs, DropletInputs), CancellationToken.None), Is.Null);
        await _provider.DeleteAsync(Delete(Droplet, "999", DropletInputs, DropletInputs), CancellationToken.None);
    }

    [Test]
    public async Task Deleting_a_droplet_waits_until_it_is_gone()
    {
        var created = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        _fake.Refuse("DELETE /v2/droplets", 422);
        await _provider.DeleteAsync(Delete(Droplet, created.Id, DropletInputs, created.Outputs), CancellationToken.None);
        Assert.That(_fake.Account.All("droplets"), Is.Empty);
    }

    [Test]
    public async Task An_update_renames_retags_and_resizes_with_a_power_cycle()
    {
        var created = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        var wanted = DropletInputs.With("name", "first").With("size", "s-2vcpu-4gb").With("tags", List("lab", "blue"));
        var outputs = await _provider.UpdateAsync(Update(Droplet, created.Id, DropletInputs, created.Outputs, wanted), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outputs["name"], Is.EqualTo((PropertyValue)"first"));
            Assert.That(outputs["size"], Is.EqualTo((PropertyValue)"s-2vcpu-4gb"));
            Assert.That(outputs["tags"], Is.EqualTo(List("lab", "blue")));
            Assert.That(outputs["status"], Is.EqualTo((PropertyValue)"active"));
            Assert.That(_fake.Bodies.Select(b => (string?)b["type"]).OfType<string>(), Is.EqualTo(new[] { "rename", "power_off", "resize", "power_on" }));
        }
    }

    [Test]
    public async Task A_failed_update_keeps_the_droplet_and_starts_it_again()
    {
        var created = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        Assert.That(
            () => _provider.UpdateAsync(Update(Droplet, created.Id, DropletInputs, created.Outputs, DropletInputs.With("size", FakeAccount.NoSize)), CancellationToken.None),
            Throws.InstanceOf<ResourceInitException>().With.Message.Contains("no such size"));
        Assert.That((string?)_fake.Account.All("droplets")[created.Id]["status"], Is.EqualTo("active"));
    }

    [Test]
    public async Task A_resize_that_outlasts_the_time_limit_still_ends_with_the_droplet_started()
    {
        var created = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        var wanted = DropletInputs.With("size", "s-2vcpu-4gb");
        _fake.Account.SlowAction = ("resize", TimeSpan.FromSeconds(90));
        var failure = await Assert.ThrowsAsync<ResourceInitException>(() => _provider.UpdateAsync(Update(Droplet, created.Id, DropletInputs, created.Outputs, wanted, timeout: TimeSpan.FromSeconds(30)), CancellationToken.None));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure!.Message, Does.Contain("time limit"));
            Assert.That((string?)_fake.Account.All("droplets")[created.Id]["status"], Is.EqualTo("active"));
            Assert.That((string?)_fake.Account.All("droplets")[created.Id]["size_slug"], Is.EqualTo("s-2vcpu-4gb"));
        }
    }

    [Test]
    public async Task A_resize_goes_on_wherever_it_was_cut_off()
    {
        _fake.Account.ActionTime = TimeSpan.FromSeconds(2);
        var wanted = DropletInputs.With("size", "s-2vcpu-4gb");
        var cut = true;
        for (var answers = 0; cut; answers++)
        {
            // Killed: the rest of it asks in vain, also to start the droplet again.
            using var mortal = await ProviderAsync(("token", FakeDigitalOcean.Token), ("apiEndpoint", _fake.Address));
            var created = await mortal.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
            _fake.AnswersLeft = answers;
            try
            {
                await mortal.UpdateAsync(Update(Droplet, created.Id, DropletInputs, created.Outputs, wanted), CancellationToken.None);
                cut = false;
            }
            catch (ResourceInitException)
            {
            }

            _fake.AnswersLeft = null;
            var outputs = await _provider.UpdateAsync(Update(Droplet, created.Id, DropletInputs, created.Outputs, wanted), CancellationToken.None);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(outputs["status"], Is.EqualTo((PropertyValue)"active"), $"cut off after {answers} answers");
                Assert.That(outputs["size"], Is.EqualTo((PropertyValue)"s-2vcpu-4gb"), $"cut off after {answers} answers");
            }
        }
    }

    [TestCase("off", "s-1vcpu-1gb", TestName = "An_update_starts_a_droplet_that_was_switched_off_for_a_resize")]
    [TestCase("off", "s-2vcpu-4gb", TestName = "An_update_starts_a_droplet_that_was_resized_already")]
    public async Task An_update_starts_what_an_earlier_one_left_off(string status, string size)
    {
        var created = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        (_fake.Account.All("droplets")[created.Id]["status"], _fake.Account.All("droplets")[created.Id]["size_slug"]) = (status, size);
        var outputs = await _provider.UpdateAsync(Update(Droplet, created.Id, DropletInputs, created.Outputs, DropletInputs.With("size", "s-2vcpu-4gb")), CancellationToken.None);
        Assert.That(outputs["status"], Is.EqualTo((PropertyValue)"active"));
    }

    [Test]
    public async Task A_droplet_that_somebody_switched_off_stays_off_when_only_a_tag_changes()
    {
        var created = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        _fake.Account.All("droplets")[created.Id]["status"] = "off";
        var outputs = await _provider.UpdateAsync(Update(Droplet, created.Id, DropletInputs, created.Outputs, DropletInputs.With("tags", List("lab"))), CancellationToken.None);
        Assert.That(outputs["status"], Is.EqualTo((PropertyValue)"off"));
        await _provider.DeleteAsync(Delete(Droplet, created.Id, DropletInputs, outputs), CancellationToken.None);
        Assert.That(_fake.Account.All("droplets"), Is.Empty);
    }

    [Test]
    public async Task Refresh_tells_what_changed_behind_its_back()
    {
        var created = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        _fake.Account.All("droplets")[created.Id]["size_slug"] = "s-4vcpu-8gb";
        _fake.Account.All("droplets")[created.Id]["tags"] = new JsonArray("lab", "mesos");
        var read = await _provider.ReadAsync(new ReadRequest(Droplet, created.Id, DropletInputs, created.Outputs), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read!.Inputs["size"], Is.EqualTo((PropertyValue)"s-4vcpu-8gb"));
            Assert.That(read.Inputs["tags"], Is.EqualTo(DropletInputs["tags"]), "another order is no change");
        }
    }

    [Test]
    public async Task An_interrupted_create_takes_over_what_it_made_and_nothing_else()
    {
        var first = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        var second = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        var key = await _provider.CreateAsync(Create(SshKey, KeyInputs), CancellationToken.None);
        Interruption cut = new(new HashSet<string> { first.Id });
        var again = await _provider.CreateAsync(Create(Droplet, DropletInputs) with { Interrupted = cut }, CancellationToken.None);
        var keyAgain = await _provider.CreateAsync(Create(SshKey, KeyInputs) with { Interrupted = cut }, CancellationToken.None);
        var other = await _provider.CreateAsync(Create(Droplet, DropletInputs.With("vpcUuid", "vpc-2")) with { Interrupted = cut }, CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.Id, Is.EqualTo(second.Id));
            Assert.That(keyAgain.Id, Is.EqualTo(key.Id));
            Assert.That(other.Id, Is.Not.AnyOf(first.Id, second.Id));
            Assert.That(_fake.Requests, Has.Some.Contains("page=2"));
        }
    }

    [TestCase(409)]
    [TestCase(403)]
    public async Task A_network_is_deleted_once_its_members_have_left(int status)
    {
        _fake.Account.MembersStatus = status;
        var created = await _provider.CreateAsync(Create(Vpc, VpcInputs), CancellationToken.None);
        Assert.That(created.Outputs["vpcUrn"], Is.EqualTo((PropertyValue)"do:vpc:101"));
        _fake.Account.LingeringMembers = 2;
        var said = new List<string>();
        await _provider.DeleteAsync(Delete(Vpc, created.Id, VpcInputs, created.Outputs) with { Status = said.Add }, CancellationToken.None);
        Assert.That(_fake.Account.All("vpcs"), Is.Empty);
        Assert.That(said, Has.Some.Contains("lingerer"));
    }

    [Test]
    public async Task A_network_whose_members_stay_is_told_with_the_reason()
    {
        var created = await _provider.CreateAsync(Create(Vpc, VpcInputs), CancellationToken.None);
        _fake.Account.LingeringMembers = 1000;
        Assert.That(
            () => _provider.DeleteAsync(Delete(Vpc, created.Id, VpcInputs, created.Outputs, TimeSpan.FromMinutes(2)), CancellationToken.None),
            Throws.InstanceOf<ProviderException>().With.Message.Contains("Can not delete VPC with members"));
    }

    [Test]
    public async Task A_network_with_a_droplet_that_lives_is_told_at_once_with_the_droplet()
    {
        var network = await _provider.CreateAsync(Create(Vpc, VpcInputs), CancellationToken.None);
        var stranger = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        (_fake.Account.LingeringMembers, _fake.Account.Member) = (1000, $"do:droplet:{stranger.Id}");
        var began = _time.GetUtcNow();
        var failure = await Assert.CatchAsync<ProviderException>(() => _provider.DeleteAsync(Delete(Vpc, network.Id, VpcInputs, network.Outputs), CancellationToken.None));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure!.Message, Does.Contain($"droplet master-1 (id {stranger.Id}, created 2026-01-02T03:04:05Z)").And.Contain("this stack's state does not know").And.Contain("doctl compute droplet delete"));
            Assert.That(_time.GetUtcNow() - began, Is.LessThan(TimeSpan.FromSeconds(5)));
        }
    }

    [Test]
    public async Task A_network_with_a_member_of_another_kind_is_told_at_once()
    {
        var network = await _provider.CreateAsync(Create(Vpc, VpcInputs), CancellationToken.None);
        (_fake.Account.LingeringMembers, _fake.Account.Member) = (1000, "do:dbaas:4f2c");
        Assert.That(
            () => _provider.DeleteAsync(Delete(Vpc, network.Id, VpcInputs, network.Outputs), CancellationToken.None),
            Throws.InstanceOf<ProviderException>().With.Message.Contains("lingerer (do:dbaas:4f2c)"));
    }

    [Test]
    public async Task A_key_that_the_account_has_is_named_with_the_way_to_use_it()
    {
        await _provider.CreateAsync(Create(SshKey, KeyInputs.With("name", "laptop")), CancellationToken.None);
        Assert.That(
            () => _provider.CreateAsync(Create(SshKey, KeyInputs), CancellationToken.None),
            Throws.InstanceOf<ProviderException>().With.Message.Contains("SSH Key is already in use on your account").And.Message.Contains("'laptop', fingerprint 3b:16:bf:e4:8b:00:8b:b8:59:8c:a9:d3:f0:19:45:fa, id 101")
                .And.Message.Contains("set mesos-stack:sshKeyFingerprint to 3b:16:bf:e4:8b:00:8b:b8:59:8c:a9:d3:f0:19:45:fa"));
    }

    [Test]
    public async Task A_name_or_a_range_that_the_account_has_is_told_with_who_has_it()
    {
        var wall = Map(("name", "wall"), ("tags", List("mesos")));
        await _provider.CreateAsync(Create(Vpc, VpcInputs), CancellationToken.None);
        await _provider.CreateAsync(Create(Firewall, wall), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => _provider.CreateAsync(Create(Vpc, VpcInputs), CancellationToken.None), Refused("name is already in use", "'network' already (id 101, created 2026-01-02T03:04:05Z)"));
            Assert.That(() => _provider.CreateAsync(Create(Firewall, wall), CancellationToken.None), Refused("name is already in use", "'wall' already (id 102, created 2026-01-02T03:04:05Z)"));
        }

        _fake.Refuse("POST /v2/vpcs", 422);
        var within = VpcInputs.With("name", "other").With("ipRange", "198.18.16.0/20");
        Assert.That(() => _provider.CreateAsync(Create(Vpc, within), CancellationToken.None), Refused("as the test asked", "range 198.18.16.0/20 overlaps with that of the network 'network' (198.18.0.0/16, id 101)"));

        _fake.Refuse("POST /v2/vpcs", 422);
        Assert.That(() => _provider.CreateAsync(Create(Vpc, within.With("ipRange", "10.1.0.0/20")), CancellationToken.None), Throws.InstanceOf<ProviderException>().With.Message.EndsWith("as the test asked (request 4d9d8375)"));

        _fake.Refuse("POST /v2/vpcs", 422);
        _fake.Refuse("GET /v2/vpcs", 403);
        Assert.That(() => _provider.CreateAsync(Create(Vpc, within), CancellationToken.None), Throws.InstanceOf<ProviderException>().With.Message.Contains("POST /v2/vpcs: 422"), "the refusal, not what came of asking about it");

        static NUnit.Framework.Constraints.IResolveConstraint Refused(string words, string obstacle) => Throws.InstanceOf<ProviderException>().With.Message.Contains(words).And.Message.Contains(obstacle);
    }

    [Test]
    public async Task A_regions_default_network_is_not_waited_for()
    {
        var created = await _provider.CreateAsync(Create(Vpc, VpcInputs), CancellationToken.None);
        _fake.Account.All("vpcs")[created.Id]["default"] = true;
        Assert.That(
            () => _provider.DeleteAsync(Delete(Vpc, created.Id, VpcInputs, created.Outputs), CancellationToken.None),
            Throws.InstanceOf<ProviderException>().With.Message.Contains("make another network the default first"));
    }

    [Test]
    public async Task A_firewalls_rules_survive_the_apis_own_way_of_writing_them()
    {
        var inputs = Map(
            ("name", "wall"),
            ("tags", List("mesos")),
            ("inboundRules", List(
                Obj(("protocol", "tcp"), ("portRange", "22"), ("sourceAddresses", List("203.0.113.0/24"))),
                Obj(("protocol", "icmp"), ("sourceAddresses", List("198.18.0.0/16"))))),
            ("outboundRules", List(Obj(("protocol", "tcp"), ("portRange", "1-65535"), ("destinationAddresses", List("0.0.0.0/0"))))));
        var created = await _provider.CreateAsync(Create(Firewall, inputs), CancellationToken.None);
        _fake.Account.All("firewalls")[created.Id]["outbound_rules"]![0]!["ports"] = "0";
        var read = await _provider.ReadAsync(new ReadRequest(Firewall, created.Id, inputs, created.Outputs), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Outputs["status"], Is.EqualTo((PropertyValue)"succeeded"));
            Assert.That(_fake.Bodies[0]["inbound_rules"]!.ToJsonString(), Is.EqualTo("""[{"protocol":"tcp","sources":{"addresses":["203.0.113.0/24"]},"ports":"22"},{"protocol":"icmp","sources":{"addresses":["198.18.0.0/16"]}}]"""));
            Assert.That(read!.Inputs, Is.EqualTo(inputs));
        }

        _fake.Account.All("firewalls")[created.Id]["inbound_rules"]![0]!["ports"] = "2222";
        read = await _provider.ReadAsync(new ReadRequest(Firewall, created.Id, inputs, created.Outputs), CancellationToken.None);
        Assert.That((await DiffAsync(Firewall, read!.Inputs, inputs)).Keys, Is.EqualTo(new[] { "inboundRules[0].portRange" }));

        _fake.Account.All("firewalls")[created.Id]["inbound_rules"]![0]!["ports"] = "22";
        _fake.Account.All("firewalls")[created.Id]["inbound_rules"]![0]!["sources"]!["load_balancer_uids"] = new JsonArray("4de7ac8b");
        read = await _provider.ReadAsync(new ReadRequest(Firewall, created.Id, inputs, created.Outputs), CancellationToken.None);
        Assert.That((await DiffAsync(Firewall, read!.Inputs, inputs)).Keys, Is.EqualTo(new[] { "inboundRules[0].sourceLoadBalancerUids" }), "what somebody opened, which the program cannot say");
    }

    [Test]
    public async Task Key_and_tag_are_created_changed_and_deleted()
    {
        var key = await _provider.CreateAsync(Create(SshKey, KeyInputs), CancellationToken.None);
        var renamed = await _provider.UpdateAsync(Update(SshKey, key.Id, KeyInputs, key.Outputs, KeyInputs.With("name", "other")), CancellationToken.None);
        var tag = await _provider.CreateAsync(Create(Tag, Map(("name", "mesos"))), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(key.Outputs["fingerprint"], Is.InstanceOf<PropertyValue.Text>());
            Assert.That(renamed["name"], Is.EqualTo((PropertyValue)"other"));
            Assert.That(tag.Outputs["dropletsCount"], Is.EqualTo((PropertyValue)0d));
        }

        await _provider.DeleteAsync(Delete(SshKey, key.Id, KeyInputs, key.Outputs), CancellationToken.None);
        await _provider.DeleteAsync(Delete(Tag, tag.Id, tag.Outputs, tag.Outputs), CancellationToken.None);
        Assert.That(_fake.Account.All("ssh_keys").Count + _fake.Account.All("tags").Count, Is.Zero);
    }

    [TestCase("name", "other", false)]
    [TestCase("size", "s-2vcpu-4gb", false)]
    [TestCase("image", "debian-13-x64", true)]
    [TestCase("region", "ams3", true)]
    [TestCase("vpcUuid", "vpc-2", true)]
    [TestCase("userData", "#!/bin/sh", true)]
    public async Task A_changed_droplet_input_replaces_or_not(string input, string value, bool replaces)
    {
        var diff = await DiffAsync(Droplet, DropletInputs, DropletInputs.With(input, value));
        Assert.That(diff, Is.Not.Empty);
        Assert.That(diff[input].Replaces, Is.EqualTo(replaces));
    }

    [Test]
    public async Task Another_order_of_tags_and_a_secret_mark_are_no_change()
    {
        var diff = await DiffAsync(Droplet, DropletInputs, DropletInputs.With("tags", List("lab", "mesos")).With("size", new PropertyValue.Secret("s-1vcpu-1gb")));
        Assert.That(diff, Is.Empty);
    }

    [Test]
    public async Task A_name_is_made_once_and_kept()
    {
        var inputs = DropletInputs.Without("name");
        var first = await _provider.CheckAsync(new CheckRequest(Droplet, null, inputs), CancellationToken.None);
        var second = await _provider.CheckAsync(new CheckRequest(Droplet, first.Inputs, inputs), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Faults, Is.Empty);
            Assert.That(((PropertyValue.Text)first.Inputs["name"]).Value, Does.Match("^master-1-[0-9a-f]{7}$"));
            Assert.That(second.Inputs, Is.EqualTo(first.Inputs));
        }
    }

    [Test]
    public async Task Faults_name_the_property()
    {
        var droplet = await _provider.CheckAsync(new CheckRequest(Droplet, null, Map(("size", 4d), ("ipv6", true))), CancellationToken.None);
        var firewall = await _provider.CheckAsync(new CheckRequest(Firewall, null, Map(("inboundRules", List(Obj(("protocol", "tcp")))))), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(droplet.Faults.Select(f => f.Property), Is.EquivalentTo(new[] { "image", "size", "ipv6" }));
            Assert.That(firewall.Faults.Select(f => f.Property), Is.EqualTo(new[] { "inboundRules[0].portRange" }));
        }
    }

    [Test]
    public async Task A_preview_calls_nobody_and_leaves_open_what_only_the_api_knows()
    {
        var created = await _provider.CreateAsync(Create(Droplet, DropletInputs, preview: true), CancellationToken.None);
        var outputs = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        var before = _fake.Requests.Count;
        var changed = await _provider.UpdateAsync(Update(Droplet, "101", DropletInputs, outputs.Outputs, DropletInputs.With("size", "s-2vcpu-4gb"), preview: true), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Id, Is.Empty);
            Assert.That(created.Outputs["ipv4Address"], Is.EqualTo(PropertyValue.NotKnown));
            Assert.That(created.Outputs["region"], Is.EqualTo((PropertyValue)"nyc3"));
            Assert.That(changed["memory"], Is.EqualTo(PropertyValue.NotKnown));
            Assert.That(changed["ipv4Address"], Is.EqualTo((PropertyValue)"198.51.100.7"));
            Assert.That(_fake.Requests, Has.Count.EqualTo(before));
        }
    }

    [Test]
    public async Task What_the_official_provider_filled_in_is_read_back_and_is_no_change()
    {
        var rule = Map(("protocol", "tcp"), ("portRange", "22"), ("sourceAddresses", List("0.0.0.0/0", "::/0")));
        var program = Map(("tags", List("mesos")), ("inboundRules", List(new PropertyValue.Object(rule))));
        var wall = await _provider.CreateAsync(Create(Firewall, program.With("name", "wall-1a2b3c4")), CancellationToken.None);
        var droplet = await _provider.CreateAsync(Create(Droplet, DropletInputs), CancellationToken.None);
        var wallInputs = program.With("name", "wall-1a2b3c4").With("__defaults", List("name")).With("inboundRules", List(new PropertyValue.Object(rule.With("__defaults", List()))));
        var dropletInputs = DropletInputs.With("__defaults", List("backups", "resizeDisk")).With("backups", false).With("resizeDisk", true);

        var wallRead = await _provider.ReadAsync(new ReadRequest(Firewall, wall.Id, wallInputs, wall.Outputs), CancellationToken.None);
        var dropletRead = await _provider.ReadAsync(new ReadRequest(Droplet, droplet.Id, dropletInputs, droplet.Outputs), CancellationToken.None);
        var check = await _provider.CheckAsync(new CheckRequest(Firewall, wallRead!.Inputs, program), CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((wallRead.Inputs, dropletRead!.Inputs), Is.EqualTo((wallInputs, dropletInputs)), "the official engine finds what it wrote");
            Assert.That(wallRead.Outputs, Is.EqualTo(wall.Outputs));
            Assert.That(check.Inputs, Is.EqualTo(program.With("name", "wall-1a2b3c4")));
            Assert.That((await DiffAsync(Firewall, wallRead.Inputs, check.Inputs)), Is.Empty);
            Assert.That((await DiffAsync(Droplet, dropletRead.Inputs, DropletInputs)), Is.Empty);
            Assert.That((await DiffAsync(Droplet, dropletRead.Inputs, DropletInputs.With("resizeDisk", false))).Keys, Is.EqualTo(new[] { "resizeDisk" }));
        }

        _fake.Account.All("firewalls")[wall.Id]["inbound_rules"]![0]!["ports"] = "2222";
        wallRead = await _provider.ReadAsync(new ReadRequest(Firewall, wall.Id, wallInputs, wall.Outputs), CancellationToken.None);
        Assert.That((await DiffAsync(Firewall, wallRead!.Inputs, check.Inputs)).Keys, Is.EqualTo(new[] { "inboundRules[0].portRange" }));
    }

    private async Task<DigitalOceanProvider> ProviderAsync(params (string, PropertyValue)[] settings)
    {
        var provider = new DigitalOceanProvider(_ => null, _time);
        await provider.ConfigureAsync(Map(settings), CancellationToken.None);
        return provider;
    }

    private Task<ImmutableSortedDictionary<string, PropertyDiff>> DiffAsync(ResourceKey key, PropertyMap before, PropertyMap after) =>
        _provider.DiffAsync(new DiffRequest(key, before, after), CancellationToken.None);
}
