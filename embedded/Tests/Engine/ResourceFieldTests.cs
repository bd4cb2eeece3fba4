using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>The one list of a resource's members: each property of a resource is written, read and compared by it.</summary>
internal sealed class ResourceFieldTests
{
    // Members that no engine knows stand in Unused; they are compared beside the list.
    private static IEnumerable<PropertyInfo> Properties => typeof(ResourceState).GetProperties().Where(property => property.CanWrite && property.Name != nameof(ResourceState.Unused));

    [TestCaseSource(nameof(Properties))]
    public void A_property_is_written_read_and_compared(PropertyInfo property)
    {
        var resource = new ResourceState { Urn = "urn:pulumi:lab::try::a:b:C::name", Type = "a:b:C", Custom = false };
        property.SetValue(resource, Another(property.PropertyType));
        var plain = new ResourceState { Urn = "urn:pulumi:lab::try::a:b:C::name", Type = "a:b:C", Custom = false };

        Assert.That(ResourceFields.All.Count(field => !field.IsSame(resource, plain)), Is.EqualTo(1), "one member tells the two apart");

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            DeploymentWriter.WriteResource(json, resource, SecretsForm.Hidden);
        }

        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        var read = DeploymentReader.ReadResource(document.RootElement, new SealedValues(() => throw new AssertionException("there is no secret")), "here");
        Assert.That(ResourceFields.All.Where(field => !field.IsSame(read, resource)), Is.Empty, document.RootElement.GetRawText());
        Assert.That(read.Unused, Is.Empty);
    }

    [Test]
    public void The_list_has_no_more_than_the_properties() => Assert.That(ResourceFields.All, Has.Length.EqualTo(Properties.Count()));

    private static object Another(Type type) =>
        type == typeof(string) ? "urn:pulumi:lab::try::d:e:F::other"
        : type == typeof(bool) ? true
        : type == typeof(PropertyMap) ? PropertyMap.Empty.With("key", "value")
        : type == typeof(ImmutableArray<string>) ? ImmutableArray.Create("one", "two")
        : type == typeof(ImmutableSortedDictionary<string, ImmutableArray<string>>) ? ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal).Add("key", ["one"])
        : type == typeof(Timeouts) ? new Timeouts(TimeSpan.FromMinutes(2), null, TimeSpan.FromSeconds(3))
        : type == typeof(DateTimeOffset?) ? new DateTimeOffset(2014, 9, 25, 1, 2, 3, TimeSpan.Zero)
        : throw new AssertionException($"this test knows no other value of {type}");
}
