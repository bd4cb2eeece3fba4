using System.Collections.Immutable;
using System.Reflection;
using MesosStack.Embedded.Providers.Command;
using MesosStack.Embedded.Providers.DigitalOcean;
using MesosStack.Embedded.Providers.Inputs;
using MesosStack.Embedded.Providers.Random;

namespace MesosStack.Embedded.Tests.Providers;

/// <summary>The inputs that the SDK can send are those that the providers know, at every depth.</summary>
public sealed class ContractTests
{
    private static readonly DigitalOceanApi Api = new(new Uri("http://127.0.0.1:1"), "none", TimeProvider.System);
    private static readonly Polling Waits = new(TimeProvider.System);

    // What the providers know beyond that: a program that was built on the official SDK can send it, or a state that the official engine wrote can hold it.
    private static readonly HashSet<string> OfficialOnly =
    [
        "CommandArgs.update", "RandomBytesArgs.keepers", "RandomIdArgs.prefix",
        "CommandArgs.connection.hostKey", "CopyToRemoteArgs.connection.hostKey",
        "DropletArgs.resizeDisk", "DropletArgs.userData", "FirewallArgs.outboundRules.destinationTags",
    ];

    private static IEnumerable<TestCaseData> Resources()
    {
        yield return Case<Pulumi.Command.Remote.CommandArgs>(new CommandResource(Liveness.Usual, new KeptConnections(TimeSpan.Zero)).Inputs);
        yield return Case<Pulumi.Command.Remote.CopyToRemoteArgs>(new CopyToRemoteResource(Liveness.Usual).Inputs);
        yield return Case<Pulumi.DigitalOcean.DropletArgs>(new DropletResource(Api, Waits, TimeProvider.System).Inputs);
        yield return Case<Pulumi.DigitalOcean.FirewallArgs>(new FirewallResource(Api).Inputs);
        yield return Case<Pulumi.DigitalOcean.SshKeyArgs>(new SshKeyResource(Api).Inputs);
        yield return Case<Pulumi.DigitalOcean.TagArgs>(new TagResource(Api).Inputs);
        yield return Case<Pulumi.DigitalOcean.VpcArgs>(new VpcResource(Api, Waits).Inputs);
        foreach (var kind in RandomKind.All)
        {
            var args = typeof(Pulumi.Random.RandomIdArgs).Assembly.GetType($"Pulumi.Random.{kind.Type.Split(':')[^1]}Args")!;
            yield return new TestCaseData(args, kind.Inputs).SetArgDisplayNames(args.Name);
        }
    }

    [TestCaseSource(nameof(Resources))]
    public void The_sdk_sends_what_the_provider_knows(Type args, object inputs) => AssertSame(args.Name, args, (ImmutableSortedDictionary<string, InputSpec>)inputs);

    [Test]
    public void Every_resource_of_the_sdk_has_its_case()
    {
        var all = new[] { typeof(Pulumi.Command.Remote.CommandArgs), typeof(Pulumi.DigitalOcean.DropletArgs), typeof(Pulumi.Random.RandomIdArgs) }
            .SelectMany(type => type.Assembly.GetExportedTypes()).Where(type => typeof(Pulumi.CustomResource).IsAssignableFrom(type)).Select(type => type.Name + "Args");

        Assert.That(Resources().Select(resource => ((Type)resource.Arguments[0]!).Name), Is.EquivalentTo(all));
    }

    private static TestCaseData Case<TArgs>(ImmutableSortedDictionary<string, InputSpec> inputs) => new TestCaseData(typeof(TArgs), inputs).SetArgDisplayNames(typeof(TArgs).Name);

    private static void AssertSame(string path, Type args, ImmutableSortedDictionary<string, InputSpec> specs)
    {
        var sent = Inputs(args).ToList();

        Assert.That(sent.Select(input => input.Name), Is.EquivalentTo(specs.Keys.Where(name => !OfficialOnly.Contains($"{path}.{name}"))), path);
        foreach (var (name, type) in sent)
        {
            var spec = specs[name];
            var fields = spec.Fields ?? spec.Items?.Fields;
            var nested = Nested(type);
            Assert.That(nested is not null, Is.EqualTo(fields is not null), $"{path}.{name}: only one of the two has fields");
            if (nested is not null)
            {
                AssertSame($"{path}.{name}", nested, fields!);
            }
        }
    }

    private static IEnumerable<(string Name, Type Type)> Inputs(Type args) =>
        from member in args.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        from attribute in member.GetCustomAttributesData()
        where attribute.AttributeType == typeof(Pulumi.InputAttribute)
        select ((string)attribute.ConstructorArguments[0].Value!, member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType);

    // What stands inside Input<T>, InputList<T> and the like, where that has inputs itself.
    private static Type? Nested(Type type) =>
        Inputs(type).Any() ? type : type.IsGenericType ? type.GetGenericArguments().Select(Nested).FirstOrDefault(inner => inner is not null) : null;
}
