using MesosStack.Embedded.Engine.Events;
using MesosStack.Embedded.Engine.Monitor;
using MesosStack.Embedded.Engine.Planning;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>URNs, paths, comparisons: what is only text and values.</summary>
[TestFixture]
internal sealed class TextTests
{
    [TestCase("", "pulumi:pulumi:Stack", "proj-dev", "urn:pulumi:dev::proj::pulumi:pulumi:Stack::proj-dev")]
    [TestCase("urn:pulumi:dev::proj::pulumi:pulumi:Stack::proj-dev", "a:b:C", "n", "urn:pulumi:dev::proj::a:b:C::n")]
    [TestCase("urn:pulumi:dev::proj::x:y:Z::p", "a:b:C", "n::m", "urn:pulumi:dev::proj::x:y:Z$a:b:C::n::m")]
    [TestCase("urn:pulumi:dev::proj::x:y:Z$u:v:W::p", "a:b:C", "n", "urn:pulumi:dev::proj::x:y:Z$u:v:W$a:b:C::n")]
    public void Urns_hold_the_types_of_all_ancestors_but_the_stack(string parent, string type, string name, string urn)
    {
        Assert.That(Urns.Create("dev", "proj", parent, type, name), Is.EqualTo(urn));
        Assert.That((Urns.Type(urn), Urns.Name(urn)), Is.EqualTo((type, name)));
    }

    [Test]
    public void What_is_no_urn_has_no_parts() => Assert.Throws<FormatException>(() => Urns.Name("urn:x"));

    [TestCase("triggers[*]", "triggers[0]", true)]
    [TestCase("triggers[*]", "triggers[3].x", true)]
    [TestCase("triggers[*]", "triggers", false)]
    [TestCase("a", "a.b[0]", true)]
    [TestCase("a.b", "a", false)]
    [TestCase("a.*.c", "a.x.c", true)]
    [TestCase("*", "anything", true)]
    [TestCase("a[\"x.y\"]", "a[\"x.y\"].z", true)]
    [TestCase("a[\"x\"]", "a.x", true)]
    [TestCase("a[1]", "a[2]", false)]
    public void Paths_contain_what_is_below_them(string pattern, string path, bool contains) =>
        Assert.That(PropertyPath.Parse(pattern).Contains(PropertyPath.Parse(path)), Is.EqualTo(contains));

    [TestCase("")]
    [TestCase("a..b")]
    [TestCase("a[")]
    [TestCase("a[x]")]
    [TestCase("a[\"x]")]
    public void Malformed_paths_are_refused(string path) => Assert.Throws<FormatException>(() => PropertyPath.Parse(path));

    [TestCase("plain", "a.plain")]
    [TestCase("x.y", "a[\"x.y\"]")]
    [TestCase("q\"\\", "a[\"q\\\"\\\\\"]")]
    public void Names_are_quoted_where_they_have_to_be(string key, string path)
    {
        Assert.That(PropertyPath.Below("a", key), Is.EqualTo(path));
        Assert.That(PropertyPath.Parse(path).Segments[1], Is.EqualTo(new PropertyPath.Segment.Key(key)));
    }

    [Test]
    public void Comparison_names_each_place_and_sees_through_secrets()
    {
        static PropertyMap Map(params (string, PropertyValue)[] p) => PropertyMap.From(p.Select(x => KeyValuePair.Create(x.Item1, x.Item2)));
        var before = Map(
            ("same", 1), ("gone", 1), ("hidden", "x"), ("list", new PropertyValue.Array([1, 2])), ("deep", new PropertyValue.Object(Map(("x.y", 1)))));
        var after = Map(
            ("same", 1), ("new", 1), ("hidden", new PropertyValue.Secret("x")), ("list", new PropertyValue.Array([1, 3, 4])),
            ("deep", new PropertyValue.Object(Map(("x.y", PropertyValue.NotKnown)))));

        Assert.That(InputDiff.Compare(before, after), Is.EquivalentTo(new Dictionary<string, PropertyDiff>
        {
            ["gone"] = new(PropertyDiffKind.Delete, false),
            ["new"] = new(PropertyDiffKind.Add, false),
            ["list[1]"] = new(PropertyDiffKind.Update, false),
            ["list[2]"] = new(PropertyDiffKind.Add, false),
            ["deep[\"x.y\"]"] = new(PropertyDiffKind.Update, false),
        }));
    }

    [Test]
    public void Mask_knows_keys_line_by_line_but_no_parts_of_secret_objects()
    {
        var mask = new SecretMask();
        mask.Add(PropertyMap.Empty.With("connection", new PropertyValue.Secret(new PropertyValue.Object(PropertyMap.Empty
            .With("host", "198.51.100.7")
            .With("key", new PropertyValue.Secret("BEGIN KEY\nMHcCAQEEIExampleExampleExample0\nEND KEY"))))));
        mask.Add("short");

        Assert.That(mask.Clean("198.51.100.7 said MHcCAQEEIExampleExampleExample0 short"), Is.EqualTo("198.51.100.7 said [secret] short"));
    }

    [Test]
    public void Mask_leaves_what_commands_print_but_hides_what_they_make()
    {
        var mask = new SecretMask();
        mask.AddOutputs(PropertyMap.Empty
            .With("stdout", new PropertyValue.Secret("staged\n"))
            .With("stderr", new PropertyValue.Secret("ready for packages\n  /etc/mesos-master/cluster_name\n"))
            .With("hex", new PropertyValue.Secret("c0ffee-c0ffee"))
            .With("pem", new PropertyValue.Secret("BEGIN KEY\nMHcCAQEEIExampleExampleExample0\nEND KEY\n")), ["stdout", "stderr"]);

        Assert.That(
            mask.Clean("what is staged is ready for packages: file /etc/mesos-master/cluster_name c0ffee-c0ffee MHcCAQEEIExampleExampleExample0"),
            Is.EqualTo("what is staged is ready for packages: file /etc/mesos-master/cluster_name [secret] [secret]"));
    }

    [Test]
    public void Mask_hides_a_secret_inside_a_text_of_json()
    {
        var mask = new SecretMask();
        mask.Add("pass\"<word>+");
        Assert.That(
            mask.Clean("""{"a":"pass\"<word>+","b":"pass\u0022\u003Cword\u003E\u002B"}"""),
            Is.EqualTo("""{"a":"[secret]","b":"[secret]"}"""));
    }

    [Test]
    public void Mask_hides_a_secret_whole_though_another_is_the_beginning_of_it()
    {
        for (var i = 0; i < 20; i++)
        {
            var (shorter, longer) = ($"abcdef{i}", $"abcdef{i}ghij");
            var mask = new SecretMask();
            mask.Add(shorter);
            mask.Add(longer);
            Assert.That(mask.Clean($"<{longer}> <{shorter}>"), Is.EqualTo("<[secret]> <[secret]>"));
        }
    }
}
