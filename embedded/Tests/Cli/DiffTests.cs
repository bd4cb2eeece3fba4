using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Diff;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using NUnit.Framework;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary>The differences of properties.</summary>
internal sealed class DiffTests
{
    [Test]
    public void The_old_and_the_new_value_of_a_fact_stand_together()
    {
        Assert.That(Lines("a\nfile /x 1\nfile /y 1\nz\n", "a\nfile /w 0\nfile /x 2\nfile /y 2\nz\n"), Is.EqualTo(new[]
        {
            "  ~ text:", "        a", "      + file /w 0", "      - file /x 1", "      + file /x 2", "      - file /y 1", "      + file /y 2", "        z",
        }));
        Assert.That(Lines("flag d a 1\nflag d b 1\n", "flag d b 2\nflag d c 1\n"), Is.EqualTo(new[] { "  ~ text:", "      - flag d a 1", "      - flag d b 1", "      + flag d b 2", "      + flag d c 1" }));
    }

    [Test]
    public void Unchanged_lines_are_folded_but_for_two_on_either_side() => Assert.That(
        Lines("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", "1\n2\n3\nX\n5\n6\n7\n8\n9\n10\nY\n12\n"),
        Is.EqualTo(new[]
        {
            "  ~ text:", "        ...", "        2", "        3", "      - 4", "      + X", "        5", "        6", "        ...", "        9", "        10", "      - 11", "      + Y", "        12",
        }));

    [Test]
    public void Only_the_end_of_a_text_differs() => Assert.That(Lines("a\nb", "a\nb\n"), Is.EqualTo(new[] { "  ~ text: \"a\\nb\" => \"a\\nb\\n\"" }));

    [Test]
    public void Json_is_compared_as_json_however_it_is_written()
    {
        Assert.That(Lines("""{"a":1,"b":{"c":[1,2]}}""", """{ "b": {"c": [1, 3, null]}, "a": 1 }"""), Is.EqualTo(new[]
        {
            "  ~ text: (json) {", "        a: 1", "      ~ b: {", "          ~ c: [", "                [0]: 1", "              ~ [1]: 2 => 3", "              + [2]: null", "            ]", "        }", "    }",
        }));
        Assert.That(Lines("{no json 1", "{no json 2"), Is.EqualTo(new[] { "  ~ text: \"{no json 1\" => \"{no json 2\"" }));
        Assert.That(Lines("""{"a":1}""", """{"a": 1}"""), Is.EqualTo(new[] { "  ~ text: \"{\\\"a\\\":1}\" => \"{\\\"a\\\": 1}\"" }));
    }

    [Test]
    public void Of_long_texts_of_one_line_the_words_that_differ_are_shown()
    {
        var before = $"{new string('x', 80)} a=1 b=2 c=3 {new string('y', 80)}";
        Assert.That(Lines(before, before.Replace("b=2", "b=4", StringComparison.Ordinal)), Is.EqualTo(new[] { "  ~ text: \"... a=1 b=2 c=3 ...\" => \"... a=1 b=4 c=3 ...\"" }));
        Assert.That(
            Lines(before, before.Replace("b=2", new string('z', 100), StringComparison.Ordinal)),
            Is.EqualTo(new[] { "  ~ text:", "      - \"... a=1 b=2 c=3 ...\"", $"      + \"... a=1 {new string('z', 100)} c=3 ...\"" }));
    }

    [Test]
    public void Of_a_long_text_that_became_unknown_the_beginning_is_shown()
    {
        var change = Change(StepKind.Update, States.Map(("a", new string('x', 200))), States.Map(("a", PropertyValue.NotKnown)));
        Assert.That(DiffText.Lines([change]).Last(), Is.EqualTo($"  ~ a: \"{new string('x', 60)}...\" => [unknown]"));
    }

    [Test]
    public void Secrets_and_what_holds_them_are_told_without_a_value()
    {
        var (before, after) = (new PropertyValue.Secret(PropertyValue.Nothing), new PropertyValue.Secret(PropertyValue.Nothing));
        var changed = new Dictionary<string, PropertyDiff> { ["a"] = new(PropertyDiffKind.Update, false), ["b.c"] = new(PropertyDiffKind.Update, true) };
        var change = Change(StepKind.Replace, States.Map(("a", before), ("b", before), ("d", before), ("e", "x")), States.Map(("a", after), ("b", after), ("d", after), ("e", after)), changed);
        Assert.That(DiffText.Lines([change]).Skip(1), Is.EqualTo(new[] { "  ~ a: [secret] => [secret]", "  ~ b: [secret] => [secret]", "  ~ e: \"x\" => [secret]" }));
    }

    [Test]
    public void The_connection_is_shown_where_nothing_else_differs()
    {
        var secret = new PropertyValue.Secret(PropertyValue.Nothing);
        var details = new Dictionary<string, PropertyDiff> { ["connection"] = new(PropertyDiffKind.Update, false) };
        Assert.That(DiffText.Lines([Change(StepKind.Update, States.Map(("connection", secret)), States.Map(("connection", secret)), details)]).Last(), Is.EqualTo("  ~ connection: [secret] => [secret]"));
        Assert.That(DiffText.Lines([Change(StepKind.Update, States.Map(("connection", secret), ("x", 1.0)), States.Map(("connection", secret), ("x", 2.0)), details)]), Has.None.Contain("connection"));
    }

    [Test]
    public void A_change_that_stood_there_already_comes_without_its_surroundings()
    {
        var change = Change(StepKind.Update, States.Map(("t", "a\nb\nc\n")), States.Map(("t", "a\nB\nc\n")));
        Assert.That(DiffText.Lines([change, change with { Urn = change.Urn + "2" }]), Is.EqualTo(new[]
        {
            "~  test:index:Thing thing (update)", "  ~ t:", "        a", "      - b", "      + B", "        c",
            "~  test:index:Thing thing2 (update)", "  ~ t:", "      - b", "      + B",
        }));
    }

    [Test]
    public void A_new_resource_shows_its_main_inputs_and_a_deleted_one_nothing()
    {
        var inputs = States.Map(("__defaults", new PropertyValue.Array([])), ("create", "run it"), ("logging", "x"), ("none", false), ("secret", new PropertyValue.Secret(PropertyValue.Nothing)), ("stdin", "1\n2\n3\n4\n5\n"), ("later", PropertyValue.NotKnown));
        Assert.That(DiffText.Lines([Change(StepKind.Create, PropertyMap.Empty, inputs)]), Is.EqualTo(new[]
        {
            "+  test:index:Thing thing (create)", "    stdin:", "        1", "        2", "        3", "        ... (2 more lines)",
        }));
        Assert.That(DiffText.Lines([Change(StepKind.Delete, inputs, PropertyMap.Empty)]), Is.EqualTo(new[] { "-  test:index:Thing thing (delete)" }));
    }

    private static string[] Lines(string before, string after) =>
        [.. DiffText.Lines([Change(StepKind.Update, States.Map(("text", before)), States.Map(("text", after)))]).Skip(1)];

    private static ResourceChange Change(StepKind kind, PropertyMap before, PropertyMap after, Dictionary<string, PropertyDiff>? details = null) =>
        new(kind, "urn:pulumi:lab::try::test:index:Thing::thing", "test:index:Thing", before, after, details ?? []);
}
