namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>Clusters that one test makes and destroys. They need root and the lab's addresses for themselves.</summary>
[TestFixture]
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FreshClusterTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly Cloud _cloud = new();
    private readonly Launcher _launcher = new();

    [SetUp]
    public Task NeedsTheLabForItself() => _cloud.MustBeFreeAsync(_launcher);

    public void Dispose()
    {
        _cloud.Dispose();
        _launcher.Dispose();
    }

    [Test]
    public async Task An_up_killed_three_times_is_ended_by_the_next()
    {
        var cluster = new TestedCluster(_launcher);
        await UntilDestroyedAsync(async () =>
        {
            foreach (var moment in new[] { "mesos-network-firewall created", "-scripts created", "mesos-master-3-configuration created" })
            {
                await KilledUpAsync(moment);
            }

            await cluster.UpAsync();
            Assert.That((await _cloud.DropletsAsync())!.Keys.Select(name => name.Split('-', 3)[2]).Order(), Is.EqualTo(ClusterTests.AgentNames.Concat(ClusterTests.MasterNames)));
            await cluster.MustBeWholeAsync(Soon);
            await _launcher.MustAsync("up", "--yes", "--refresh", "--expect-no-changes");
        });
    }

    [Test]
    public async Task One_master_and_no_agent_are_a_cluster_too()
    {
        var cluster = new TestedCluster(_launcher);
        _launcher.LeaveOutApps();
        await _launcher.SetAsync("masters", "1");
        await _launcher.SetAsync("agents", "0");
        await UntilDestroyedAsync(async () =>
        {
            await cluster.UpAsync();
            Assert.That((await _cloud.DropletsAsync())!, Has.Count.EqualTo(1));
            await ClusterView.MustBeWholeAsync(cluster.MasterAddresses, 0, Soon, async () => [await cluster.Masters[0].ModeAsync()], []);
        });
    }

    [Test]
    public async Task Two_folders_share_the_lab_and_neither_takes_it_from_the_other()
    {
        using var other = new Launcher();
        await MakeSmallAsync(_launcher, "0/25");
        await MakeSmallAsync(other, "128/25");
        await UntilDestroyedAsync(async () =>
        {
            try
            {
                // No lab runs, so both want to start it.
                await Task.WhenAll(_launcher.MustAsync("up", "--yes"), other.MustAsync("up", "--yes"));
                Assert.That((await _cloud.DropletsAsync())!, Has.Count.EqualTo(2));

                var refused = await _launcher.RunAsync("lab", "stop");
                Assert.That(refused.Code, Is.EqualTo(1));
                Assert.That(refused.Error, Does.Contain("nothing was touched").And.Contain(other.Folder).And.Contain("lab stop --all").And.Not.Contain(_launcher.Folder));

                await other.SetAsync("agents", "1");
                await Task.WhenAll(_launcher.MustAsync("destroy", "--yes"), other.MustAsync("up", "--yes"));
                Assert.That((await _cloud.DropletsAsync())!, Has.Count.EqualTo(2), "both hosts of the other folder");
            }
            finally
            {
                await other.MustAsync("destroy", "--yes");
            }
        });
    }

    [Test]
    public async Task What_a_folder_left_that_is_gone_is_told_and_removed()
    {
        var gone = new Launcher();
        try
        {
            await MakeSmallAsync(gone, "0/25");
            await gone.MustAsync("up", "--yes");
            var droplet = (await _cloud.DropletsAsync())!.Keys.Single();
            gone.Dispose();

            Assert.That(await _launcher.MustAsync("lab", "status"), Does.Contain($"{gone.Folder}, which is gone ({droplet})"));
            Assert.That(await _launcher.MustAsync("lab", "prune"), Does.Contain($"deleting {droplet}"));
            Assert.That(await _cloud.DropletsAsync(), Is.Empty);
        }
        finally
        {
            await _launcher.MustAsync("lab", "stop");
        }
    }

    private static async Task MakeSmallAsync(Launcher launcher, string range)
    {
        launcher.LeaveOutApps();
        await launcher.SetAsync("vpcCidr", Launcher.PrivateRange + range);
        await launcher.SetAsync("masters", "1");
        await launcher.SetAsync("agents", "0");
    }

    [Test]
    public async Task An_app_that_finds_no_room_fails_with_the_reason_and_leaves_nothing_and_a_secret_shows_nowhere()
    {
        const string Wide = "    - {id: wide, cmd: sleep 3000, cpus: 1000}\n";
        var planted = $"planted{Guid.NewGuid():N}";
        var cluster = new TestedCluster(_launcher);
        _launcher.LeaveOutApps();
        await _launcher.SetAsync("masters", "1");
        await _launcher.SetAsync("agents", "1");
        var ciphertext = await SealAsync(planted);
        var settings = await File.ReadAllTextAsync(_launcher.Settings);
        string Apps(string more = "", string cpus = "0.1", int instances = 1) =>
            settings + "  mesos-stack:apps:\n    - id: shop/web\n      cmd: sleep 3000\n      mem: 16\n      cpus: " + cpus + "\n      instances: " + $"{instances}\n" + "      env:\n        PASSWORD:\n          secure: " + ciphertext + "\n" + more;

        // The script's own time limit is three minutes.
        using var hasty = await _launcher.ProgramWithAsync("app.sh", text => text.Replace("DEADLINE:-180", "DEADLINE:-20", StringComparison.Ordinal));
        Task<string> MarathonAsync(string path) => _launcher.OnAsync("master-1", $"curl -sSf http://127.0.0.1:8080/v2/{path} | sed 's/{planted}/it-is-there/g'");

        await UntilDestroyedAsync(async () =>
        {
            await File.WriteAllTextAsync(_launcher.Settings, Apps(Wide));
            var failed = await _launcher.RunAsync("up", "--yes", "--program", hasty.Path);
            Assert.That(failed.Code, Is.Not.Zero);
            Assert.That(failed.Output + failed.Error, Does.Contain("the app /wide does not run as asked after 20 s").And.Contain("1 for InsufficientCpus").And.Contain("The new app was removed from Marathon again."));
            Assert.That(await MarathonAsync("apps"), Does.Contain("\"id\": \"/shop/web\"").And.Contain("it-is-there").And.Not.Contain("/wide"), "the other app runs, with its secret");

            await File.WriteAllTextAsync(_launcher.Settings, Apps(cpus: "1000"));
            failed = await _launcher.RunAsync("up", "--yes", "--program", hasty.Path);
            Assert.That(failed.Code, Is.Not.Zero);
            Assert.That(failed.Output + failed.Error, Does.Contain("Marathon was told to go back to the version"));

            await File.WriteAllTextAsync(_launcher.Settings, Apps());
            await cluster.UpAsync("--program", hasty.Path);
            await cluster.MustBeWholeAsync(Soon, "/shop/web");
            Assert.That(await MarathonAsync("deployments"), Is.EqualTo("[]"));
            await _launcher.MustAsync("up", "--yes", "--refresh", "--expect-no-changes", "--program", hasty.Path);

            await File.WriteAllTextAsync(_launcher.Settings, Apps(instances: 2));
            Assert.That(await _launcher.MustAsync("preview", "--diff", "--markdown", Path.Combine(Path.GetDirectoryName(_launcher.Settings)!, "comment.md"), "--program", hasty.Path), Does.Contain("~ instances: 1 => 2"));
            await _launcher.MustAsync("preview", "--json", "--program", hasty.Path);
            await cluster.UpAsync("--program", hasty.Path);
            MustNotShow(planted);

            await File.WriteAllTextAsync(_launcher.Settings, settings);
            await cluster.UpAsync("--program", hasty.Path);
            Assert.That(await MarathonAsync("apps"), Is.EqualTo("""{"apps": []}"""));
        });
        MustNotShow(planted);
    }

    // What is sealed in one setting is taken out of it, to be put into another.
    private async Task<string> SealAsync(string text)
    {
        await _launcher.MustAsync("config", "set", "sshPrivateKey", text, "--secret");
        var lines = (await File.ReadAllLinesAsync(_launcher.Settings)).ToList();
        var at = lines.FindIndex(line => line.Contains("sshPrivateKey", StringComparison.Ordinal));
        var ciphertext = lines[at + 1].Split("secure: ")[1];
        lines.RemoveRange(at, 2);
        await File.WriteAllLinesAsync(_launcher.Settings, lines);
        return ciphertext;
    }

    private void MustNotShow(string planted)
    {
        Assert.That(_launcher.AllSaid.Where(said => said.Contains(planted, StringComparison.Ordinal)), Is.Empty);
        Assert.That(_launcher.Files.Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(planted)) >= 0), Is.Empty);
    }

    private async Task UntilDestroyedAsync(Func<Task> test)
    {
        try
        {
            await test();
        }
        finally
        {
            await Leftovers.DestroyMustLeaveNothingAsync(_launcher, _cloud);
        }
    }

    /// <summary>Starts an up, which is killed as soon as it says that something is done.</summary>
    private async Task KilledUpAsync(string moment)
    {
        using var up = _launcher.Start("up", "--yes");
        var errors = up.StandardError.ReadToEndAsync();
        while (await up.StandardOutput.ReadLineAsync() is { } line)
        {
            await TestContext.Out.WriteLineAsync(line);
            if (line.Contains(moment, StringComparison.Ordinal))
            {
                up.Kill();
            }
        }

        await up.WaitForExitAsync();
        Assert.That(up.ExitCode, Is.EqualTo(128 + 9), $"killed at '{moment}'; {await errors}");
    }
}
