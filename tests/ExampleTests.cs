using System.Collections.Immutable;
using MesosStack.Examples;

namespace MesosStack.Tests;

/// <summary>The programs of <c>examples/</c>, in a preview and in an update.</summary>
public sealed class ExampleTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Two_clusters_have_nothing_in_common(bool isPreview)
    {
        var cloud = new Cloud(isPreview);
        var graph = await RunAsync(isPreview, cloud, "two-clusters", TwoClusters.Declare);

        var names = cloud.Inputs.Keys.Where(name => !name.StartsWith("two-clusters", StringComparison.Ordinal)).ToList();
        Assert.That(names, Has.All.Match("^(blue|green)(-|$)"));
        var blue = names.Where(name => name.StartsWith("blue", StringComparison.Ordinal)).Select(name => name["blue".Length..]).Order();
        Assert.That(names.Where(name => name.StartsWith("green", StringComparison.Ordinal)).Select(name => name["green".Length..]).Append("-app-hello").Order(), Is.EqualTo(blue), "but for the apps they are alike");
        if (!isPreview)
        {
            Assert.That((ImmutableArray<string>)graph.Outputs["greenMasterUiUrls"]!, Has.Length.EqualTo(3));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_cluster_joins_the_network_of_its_program(bool isPreview)
    {
        var cloud = new Cloud(isPreview);
        await RunAsync(isPreview, cloud, "own-network", OwnNetwork.Declare);

        Assert.That(cloud.Inputs.Keys, Does.Contain("office").And.None.EqualTo("mesos-network-vpc"));
        if (!isPreview)
        {
            Assert.That(cloud.Inputs["mesos-master-1-droplet"]["vpcUuid"], Is.EqualTo("office-id"));
        }
    }

    private static Task<Graph> RunAsync(bool isPreview, Cloud cloud, string project, Func<IDictionary<string, object?>> program) => Graph.Run(
        isPreview,
        cloud,
        TestConfiguration.Configuration(("apps", """[{"id": "hello", "cmd": "sleep 10"}]""")).ToDictionary(pair => $"{project}:{pair.Key}", pair => pair.Value),
        project,
        "test",
        ImmutableDictionary<string, Pulumi.ResourceTransformationArgs>.Empty,
        program);
}
