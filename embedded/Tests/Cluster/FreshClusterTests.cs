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
