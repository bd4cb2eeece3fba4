using System.Collections.Immutable;
using System.Globalization;
using Pulumi;
using Pulumi.Utilities;

namespace MesosStack.Embedded.Tests.Sdk;

internal sealed class OutputTests
{
    private static readonly Output<int> Unknown = Outputs.Unknown(7);

    [Test]
    public async Task Apply_transforms_values_tasks_outputs_and_inputs()
    {
        var two = Output.Create(2);

        Assert.Multiple(async () =>
        {
            Assert.That(await ValueAsync(two.Apply(v => v + 1)), Is.EqualTo(3));
            Assert.That(await ValueAsync(two.Apply(v => Task.FromResult(v + 1))), Is.EqualTo(3));
            Assert.That(await ValueAsync(two.Apply(v => Output.Create(v + 1))), Is.EqualTo(3));
            Assert.That(await ValueAsync(two.Apply(v => (Input<int>)(v + 1))), Is.EqualTo(3));
            Assert.That(await ValueAsync(two.Apply(_ => (Output<string>?)null)), Is.Null);
            Assert.That(await ValueAsync(two.Apply(_ => Task.CompletedTask)), Is.EqualTo(ValueTuple.Create()));
        });
        await Task.CompletedTask;
    }

    [Test]
    public async Task Apply_does_not_run_on_an_unknown_value_and_keeps_its_secret_mark()
    {
        var ran = false;
        var result = Output.CreateSecret(Unknown).Apply(v =>
        {
            ran = true;
            return v;
        });

        Assert.That(await OutputUtilities.GetIsKnownAsync(result), Is.False);
        Assert.That(await Outputs.IsSecretAsync(result), Is.True);
        Assert.That(await ValueAsync(result), Is.Zero);
        Assert.That(ran, Is.False);
    }

    [Test]
    public async Task Apply_adds_the_facts_of_the_inner_output()
    {
        Assert.That(await Outputs.IsSecretAsync(Output.Create(1).Apply(v => Output.CreateSecret(v))), Is.True);
        Assert.That(await OutputUtilities.GetIsKnownAsync(Output.Create(1).Apply(_ => Unknown)), Is.False);
    }

    [Test]
    public async Task An_unknown_value_is_the_default_of_its_type()
    {
        Assert.That(await ValueAsync(Unknown), Is.Zero);
        Assert.That(await ValueAsync(Output.CreateSecret(Unknown)), Is.Zero);
        Assert.That((await ValueAsync(Output.All([Output.Create(1), Unknown]))).IsDefault, Is.True);
        Assert.That(await ValueAsync(Output.Tuple(Output.Create("a"), Unknown)), Is.EqualTo(((string?)null, 0)));
        Assert.That(await ValueAsync(Output.Format($"{Unknown}")), Is.Null);
    }

    [Test]
    public async Task Secrets_can_be_made_and_unmade()
    {
        var secret = Output.CreateSecret(Task.FromResult("s"));

        Assert.That(await Outputs.IsSecretAsync(secret), Is.True);
        Assert.That(await Outputs.IsSecretAsync(Output.Unsecret(secret)), Is.False);
        Assert.That(await ValueAsync(Output.Unsecret(secret)), Is.EqualTo("s"));
    }

    [Test]
    public async Task All_joins_values_and_facts()
    {
        Assert.That(await ValueAsync(Output.All([Output.Create(1), Output.Create(2)])), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(await Outputs.IsSecretAsync(Output.All([Output.Create(1), Output.CreateSecret(2)])), Is.True);
        Assert.That(await OutputUtilities.GetIsKnownAsync(Output.All([Output.Create(1), Unknown])), Is.False);
    }

    [Test]
    public async Task Tuple_joins_values_and_facts()
    {
        Assert.That(await ValueAsync(Output.Tuple(Output.Create(1), Output.Create("b"))), Is.EqualTo((1, "b")));
        Assert.That(await Outputs.IsSecretAsync(Output.Tuple(Output.Create("a"), Output.CreateSecret(0))), Is.True);
    }

    [Test]
    public async Task Format_takes_plain_values_inputs_and_outputs()
    {
        Input<string> input = "in";

        Assert.That(await ValueAsync(Output.Format($"{1:D2} {input} {Output.Create("out")} {{x}}")), Is.EqualTo("01 in out {x}"));
        Assert.That(await OutputUtilities.GetIsKnownAsync(Output.Format($"{Unknown}")), Is.False);
        Assert.That(await Outputs.IsSecretAsync(Output.Format($"{Output.CreateSecret(1)}")), Is.True);
    }

    [Test]
    public async Task Format_writes_the_same_everywhere()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
        try
        {
            Assert.That(await ValueAsync(Output.Format($"{Output.Create(1.5)}")), Is.EqualTo("1.5"));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Test]
    public void A_failure_inside_Apply_reaches_whoever_waits()
    {
        var output = Output.Create(1).Apply(int (_) => throw new InvalidOperationException("bad"));

        Assert.That(() => ValueAsync(output), Throws.InvalidOperationException.With.Message.EqualTo("bad"));
    }

    [Test]
    public void The_text_of_an_output_says_how_to_do_it() =>
        Assert.That(Output.Create(1).ToString(), Does.Contain("Output.Format").And.Contain("Apply"));

    [TestCase("1")]
    [TestCase("True")]
    [NonParallelizable]
    public void The_text_of_an_output_can_be_an_error(string value)
    {
        Environment.SetEnvironmentVariable("PULUMI_ERROR_OUTPUT_STRING", value);
        try
        {
            Assert.That(() => Output.Create(1).ToString(), Throws.InvalidOperationException.With.Message.Contains("Output.Format"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PULUMI_ERROR_OUTPUT_STRING", null);
        }
    }

    [Test]
    public void An_output_that_was_never_assigned_is_no_input() => Assert.That(
        () =>
        {
            Input<string> input = (Output<string>)null!;
            return input;
        },
        Throws.ArgumentNullException);

    [Test]
    public async Task Lists_are_made_from_many_things()
    {
        InputList<string>[] lists =
        [
            new[] { "a", "b" },
            new List<string> { "a", "b" },
            ImmutableArray.Create("a", "b"),
            new() { "a", Output.Create("b") },
            new() { (InputList<string>)new[] { "a", "b" } },
        ];
        foreach (var list in lists)
        {
            Assert.That(await ValueAsync(list.ToOutput()), Is.EqualTo(new[] { "a", "b" }));
        }

        var grown = new InputList<string> { "a" };
        var before = grown.ToOutput();
        grown.Add(Output.Create("b"));
        Assert.That(await ValueAsync(grown.ToOutput()), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(await ValueAsync(before), Is.EqualTo(new[] { "a" }));

        Assert.That(() => (InputList<string>)(string[])null!, Throws.ArgumentNullException);
        Assert.That(() => (InputList<string>)(List<string>)null!, Throws.ArgumentNullException);
    }

    [Test]
    public async Task A_list_of_an_array_that_was_never_set_is_as_it()
    {
        InputList<string> list = default(ImmutableArray<string>);

        Assert.That((await ValueAsync(list.ToOutput())).IsDefault, Is.True);
        list.Add("a");
        Assert.That(() => ValueAsync(list.ToOutput()), Throws.TypeOf<NullReferenceException>());
    }

    [Test]
    public async Task Maps_are_made_from_many_things()
    {
        var expected = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" };
        InputMap<string>[] maps = [expected, new() { { "a", "1" }, { "b", Output.Create("2") } }];
        foreach (var map in maps)
        {
            Assert.That(await ValueAsync(map.ToOutput()), Is.EquivalentTo(expected));
        }

        Assert.That(() => (InputMap<string>)(Dictionary<string, string>)null!, Throws.ArgumentNullException);
    }

    [Test]
    public void Lists_and_maps_are_not_enumerated()
    {
        Assert.That(() => ((System.Collections.IEnumerable)new InputList<int>()).GetEnumerator(), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => ((System.Collections.IEnumerable)new InputMap<int>()).GetEnumerator(), Throws.TypeOf<NotSupportedException>());
    }

    [Test]
    public async Task A_map_takes_a_key_twice_only_with_equal_values()
    {
        Assert.That(await ValueAsync(new InputMap<string> { { "a", "1" }, { "a", Output.Create("1") } }.ToOutput()), Has.Count.EqualTo(1));
        Assert.That(
            () => ValueAsync(new InputMap<string> { { "a", "1" }, { "a", "2" } }.ToOutput()),
            Throws.ArgumentException.With.Message.Contains("'a' was added twice"));
    }

    [Test]
    public async Task A_union_holds_a_value_of_its_first_type() =>
        Assert.That((await ValueAsync(((InputUnion<string, int>)"a").ToOutput())).ToString(), Is.EqualTo("a"));

    private static Task<T> ValueAsync<T>(Output<T> output) => OutputUtilities.GetValueAsync(output);
}
