using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Lab.Control;

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>Two clusters in one program, on real hosts. Needs root and the lab's addresses for itself.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class ExampleTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Two_clusters_stand_side_by_side_and_leave_nothing()
    {
        if (LabController.WhyNotHere() is { } reason)
        {
            Assert.Ignore($"no lab can run here: {reason}");
        }

        using var cloud = new Cloud();
        using var launcher = new Launcher("two-clusters");
        if (await cloud.DropletsAsync() is { Count: > 0 } strangers)
        {
            Assert.Ignore($"the lab of this machine is in use by somebody else: {string.Join(", ", strangers.Keys)}");
        }

        try
        {
            await launcher.MustAsync("up", "--yes");
            await launcher.MustAsync("up", "--yes", "--refresh", "--expect-no-changes");

            var droplets = (await cloud.DropletsAsync())!.Keys;
            Assert.That(droplets.Select(name => name.Split('-')[0]).Order(), Is.EqualTo(new[] { "blue", "blue", "blue", "blue", "green", "green", "green", "green" }));
            foreach (var cluster in new[] { "blue", "green" })
            {
                // Each on its own: the services of private addressing are asked from inside.
                var master = droplets.Single(name => name.StartsWith(cluster, StringComparison.Ordinal) && name.EndsWith("-master-1", StringComparison.Ordinal));
                var zk = (await launcher.OnAsync(master, "cat /etc/mesos/zk /etc/mesos-master/cluster")).Split('\n');
                Assert.That(zk[0].Split(','), Has.Length.EqualTo(3));
                Assert.That(zk[1], Is.EqualTo(cluster));
                await ClusterView.EventuallyAsync($"the agent of {cluster} is active, and no other", Soon, async () =>
                    (await launcher.OnAsync(master, "curl -fsSL http://$(cat /etc/mesos-master/ip):5050/state")).Replace(" ", "", StringComparison.Ordinal).Contains("\"activated_slaves\":1,", StringComparison.Ordinal));
            }
        }
        finally
        {
            await launcher.RunAsync("destroy", "--yes");
        }

        await Leftovers.DestroyMustLeaveNothingAsync(launcher, cloud);
    }
}
