using MesosStack.Embedded.Engine.Configuration;
using MesosStack.Embedded.Engine.Secrets;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>Pulumi.yaml and the stack's file, put together.</summary>
internal sealed class ConfigurationTests
{
    private const string ProjectText = """
        name: try
        runtime:
          name: dotnet
          options:
            binary: bin/try.dll
        config:
          count:
            type: integer
            default: 3
            description: How many.
          name:
            type: string
          enabled:
            type: boolean
            default: false
          cidrs:
            type: array
            items:
              type: string
            default: [10.0.0.0/8]
          apps:
            type: array
            items: {type: object}
            default: []
          token:
            type: string
            secret: true
            default: none
          short: plain
          digitalocean:apiEndpoint:
            value: http://127.0.0.1:17900
        """;

    private static readonly Func<string, string> Open = ciphertext => $"opened {ciphertext}";

    [Test]
    public void A_project_is_read()
    {
        var project = Project.Parse("/somewhere", ProjectText);
        Assert.That(project.Name, Is.EqualTo("try"));
        Assert.That(project.Binary, Is.EqualTo("bin/try.dll"));
        Assert.That(project.Settings["try:count"].Description, Is.EqualTo("How many."));
        Assert.That(project.Settings["try:cidrs"].Type!.ToString(), Is.EqualTo("array<string>"));
        Assert.That(project.StackFile("dev"), Is.EqualTo("/somewhere/Pulumi.dev.yaml"));
        Assert.That(project.FullKey("count"), Is.EqualTo("try:count"));
        Assert.That(project.FullKey("a:b"), Is.EqualTo("a:b"));
    }

    [Test]
    public void Values_arrive_as_texts_with_defaults()
    {
        var loaded = Load("""
            config:
              try:name: 0815
              try:enabled: True
              try:cidrs:
                - 192.0.2.0/24
                - "x"
              try:apps:
                - id: hello
                  cpus: 0.5
                  args: [1, true, null]
              other:key: 1.50
            """);
        Assert.That(loaded.Values, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["try:name"] = "0815",
            ["try:enabled"] = "true",
            ["try:cidrs"] = """["192.0.2.0/24","x"]""",
            ["try:apps"] = """[{"id":"hello","cpus":0.5,"args":[1,true,null]}]""",
            ["other:key"] = "1.50",
            ["try:count"] = "3",
            ["try:token"] = "none",
            ["try:short"] = "plain",
            ["digitalocean:apiEndpoint"] = "http://127.0.0.1:17900",
        }));
        Assert.That(loaded.SecretKeys, Is.EqualTo(["try:token"]));
    }

    [Test]
    public void Sealed_values_are_opened_wherever_they_stand()
    {
        var loaded = Load("""
            config:
              try:name: n
              try:token:
                secure: v1:a:b
              try:apps:
                - env: {KEY: {secure: "v1:c:d"}}
            """);
        Assert.That(loaded.Values["try:token"], Is.EqualTo("opened v1:a:b"));
        Assert.That(loaded.Values["try:apps"], Is.EqualTo("""[{"env":{"KEY":"opened v1:c:d"}}]"""));
        Assert.That(loaded.SecretKeys, Is.EquivalentTo(["try:token", "try:apps"]));
        Assert.That(loaded.Opened, Is.EquivalentTo(["opened v1:a:b", "opened v1:c:d"]), "each by itself, to be masked");
    }

    [Test]
    public void All_faults_are_told_at_once_and_no_value_is_shown()
    {
        var fault = Assert.Throws<ConfigurationException>(() => Load("""
            config:
              try:count:
              try:enabled: ~
              try:cidrs: {<<: hunter2}
              try:token: hunter2
              try:apps: [{env: {secure: [hunter2]}}]
              try:name: {[hunter2]: hunter2}
              try:short: !hunter hunter2
              other:a: [{~: hunter2}]
            """));
        Assert.That(fault.Faults, Is.EqualTo(
        [
            "Pulumi.lab.yaml: other:a has a key without a name; put null or ~ in quotes where it is one",
            "Pulumi.lab.yaml: try:apps holds 'secure' without a sealed text",
            "Pulumi.lab.yaml: try:cidrs holds YAML's merge key <<, which is not known here; write the keys themselves",
            "Pulumi.lab.yaml: try:count has no value; write one, or \"\" for an empty text, or take the line out",
            "Pulumi.lab.yaml: try:enabled has no value; write one, or \"\" for an empty text, or take the line out",
            "Pulumi.lab.yaml: try:name has a list or a mapping for a key; a key is a text",
            "Pulumi.lab.yaml: try:short has the tag !hunter, which is not known here; write the value without it",
            "Pulumi.lab.yaml: try:token is a secret and stands there in clear; set it with: config set try:token --secret",
        ]));
        Assert.That(fault.Message, Does.Not.Contain("hunter2"));
    }

    /// <summary>The program judges them, so that its user reads these faults and those of meaning in one message.</summary>
    [Test]
    public void Neither_a_wrong_type_nor_a_missing_value_is_a_fault_here()
    {
        var loaded = Load("""
            config:
              try:count: three
              try:cidrs: {a: 1}
              try:apps: hunter2
            """);
        Assert.That(loaded.Values["try:count"], Is.EqualTo("three"));
        Assert.That(loaded.Values["try:cidrs"], Is.EqualTo("""{"a":1}"""));
        Assert.That(loaded.Values, Does.Not.ContainKey("try:name"));
    }

    [Test]
    public void A_sealed_value_that_cannot_be_opened_names_file_and_key()
    {
        var cipher = PassphraseCipher.Create("a passphrase");
        var sealed_ = cipher.Encrypt("hunter2");
        var other = sealed_.Split(':') is [var version, var nonce, var box] ? $"{version}:{box[..16]}:{box}" : throw new AssertionException(sealed_);
        var fault = Assert.Throws<ConfigurationException>(() => StackConfiguration.Load(Project.Parse("/", ProjectText), StackFile.Parse("Pulumi.lab.yaml", $$"""
            config:
              try:token: {secure: garbage}
              try:name: {secure: "v1:!:!"}
              try:short: {secure: "v1:AAAA:AAAA"}
              try:apps: [{env: {A: {secure: "{{other}}"} } }]
              other:a: {secure: }
              other:b: {secure: "{{sealed_}}"}
            """), cipher.Decrypt));
        Assert.That(fault.Faults, Is.EqualTo(
        [
            "Pulumi.lab.yaml: other:a holds 'secure' without a sealed text",
            "Pulumi.lab.yaml: try:apps: a sealed value was made under another passphrase or salt, or was damaged; set it anew with: config set try:apps --secret",
            "Pulumi.lab.yaml: try:name: the nonce of a sealed value is not base64; set it anew with: config set try:name --secret",
            "Pulumi.lab.yaml: try:short: a sealed value is malformed: its nonce or ciphertext is too short; set it anew with: config set try:short --secret",
            "Pulumi.lab.yaml: try:token: a sealed value is malformed: expected v1:<nonce>:<ciphertext>; set it anew with: config set try:token --secret",
        ]));
        Assert.That(() => StackConfiguration.Find(Project.Parse("/", ProjectText), StackFile.Parse("Pulumi.lab.yaml", "config: {try:token: {secure: garbage}}"), "try:token", cipher.Decrypt), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith("Pulumi.lab.yaml: try:token: a sealed value is malformed"));
    }

    [Test]
    public void A_passphrase_that_is_missing_is_told_once_and_not_for_each_value() =>
        Assert.That(
            () => StackConfiguration.Load(Project.Parse("/", ProjectText), StackFile.Parse("f", "config: {a:b: {secure: x}, a:c: {secure: y}}"), _ => throw new SecretsException("no passphrase")),
            Throws.TypeOf<SecretsException>().With.Message.EqualTo("no passphrase"));

    [Test]
    public void Aliases_are_what_they_stand_for() =>
        Assert.That(Load("config: {try:name: &n [a, &b {c: 1}], try:cidrs: *n, other:a: [*b, *b]}").Values["other:a"], Is.EqualTo("""[{"c":1},{"c":1}]"""));

    [TestCase("!!str 0815", "0815")]
    [TestCase("! 0815", "0815")]
    [TestCase("\"<<\"", "<<")]
    [TestCase("<<", "<<")]
    [TestCase("\"null\"", "null")]
    [TestCase("\"\"", "")]
    [TestCase("0o17", "0o17")]
    public void A_text_is_what_stands_there(string yaml, string text) => Assert.That(Load($"config: {{try:name: {yaml}}}").Values["try:name"], Is.EqualTo(text));

    [Test]
    public void A_setting_is_nested_64_levels_at_most()
    {
        string Nested(int levels) => $"config:\n  try:apps: {new string('[', levels)}{new string(']', levels)}\n";

        Assert.That(() => Load(Nested(64)), Throws.Nothing);
        Assert.That(() => Load(Nested(65)), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("Pulumi.lab.yaml: try:apps is nested deeper than 64 levels"));
        Assert.That(() => Load(Nested(100_000)), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("Pulumi.lab.yaml, line 2: nested deeper than 500 levels"));
    }

    [Test]
    public void More_than_a_program_can_be_given_is_refused_before_it_starts()
    {
        const string Reason = "Pulumi.lab.yaml: the settings have more than 131000 bytes in all; the program gets them in one variable of its environment, and Linux takes no larger one";
        var half = new string('x', 65_000);

        Assert.That(() => Load($"config: {{a:b: {half}, a:c: {half}}}"), Throws.Nothing);
        Assert.That(() => Load($"config: {{a:b: {half}, a:c: {half}, a:d: {half}}}"), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(Reason));
        Assert.That(() => Load($"config: {{a:b: \"{string.Concat(Enumerable.Repeat("\\\"", 65_600))}\"}}"), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(Reason), "what is escaped counts as it travels");
    }

    [Test]
    public void A_few_lines_that_mean_a_great_many_are_refused()
    {
        var lines = string.Concat(Enumerable.Range(1, 40).Select(n => $"  a:a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n"));

        Assert.That(() => Load($"config:\n  a:a0: &a0 [x]\n{lines}"), Throws.TypeOf<ConfigurationException>().With.Message.Contain("more than 131000 bytes"));
    }

    [TestCase("config: {a:b: &x [*x]}", "Pulumi.lab.yaml, line 1: the alias *x stands inside of what it means")]
    [TestCase("config: {a:b: &x {c: [*x]}}", "Pulumi.lab.yaml, line 1: the alias *x stands inside of what it means")]
    [TestCase("config: {a:b: *x}", "not valid YAML")]
    [TestCase("config: {<<: {a:b: 1}}", "Pulumi.lab.yaml: config holds YAML's merge key <<, which is not known here; write the keys themselves")]
    [TestCase("config: {[a]: 1}", "Pulumi.lab.yaml: config has a list or a mapping for a key")]
    [TestCase("config: {~: 1}", "Pulumi.lab.yaml: config has a key without a name")]
    [TestCase("encryptionsalt: [a]", "Pulumi.lab.yaml: encryptionsalt must be a text")]
    public void What_yaml_can_say_and_a_setting_cannot_is_refused(string text, string reason) =>
        Assert.That(() => Load(text), Throws.TypeOf<ConfigurationException>().With.Message.Contain(reason));

    [Test]
    public void A_message_is_cut_and_says_how_much_was_left_out()
    {
        var many = string.Concat(Enumerable.Range(0, 2000).Select(n => $"  a:{n}: ~\n"));
        var fault = Assert.Throws<ConfigurationException>(() => Load($"config:\n{many}"));

        Assert.That(fault.Faults, Has.Count.EqualTo(51));
        Assert.That(fault.Faults[^1], Is.EqualTo("and 1950 more, which are left out here; they are told once these are corrected"));
        Assert.That(Assert.Throws<ConfigurationException>(() => Load($"config:\n  ? \"a:{new string('k', 100_000)}\"\n  : ~\n")).Message, Has.Length.LessThan(300));
    }

    [Test]
    public void A_setting_stands_there_once_with_or_without_its_namespace() =>
        Assert.That(() => Load("config: {try:name: x, name: y}"), Throws.TypeOf<ConfigurationException>().With.Message.Contain("try:name stands there twice"));

    [Test]
    public void A_number_may_stand_there_as_text() =>
        Assert.That(Load("config: {try:name: x, try:count: \"5\"}").Values["try:count"], Is.EqualTo("5"));

    [Test]
    public void All_faults_of_a_project_are_told_at_once()
    {
        var fault = Assert.Throws<ConfigurationException>(() => Project.Parse("/", """
            runtime: nodejs
            config:
              a: {type: number}
              b: {type: array}
              c: {type: integer, default: x}
              d: {value: 1, default: 2}
              aws:region: {type: string, default: x}
            """));
        Assert.That(string.Join('\n', fault.Faults), Does.Contain("name is missing").And.Contain("'nodejs'").And.Contain("'number' is no type")
            .And.Contain("items").And.Contain("not of type integer").And.Contain("both a value and a default").And.Contain("no type and no default").And.Contain("needs a value"));
    }

    [TestCase("a: [", "not valid YAML")]
    [TestCase("- a", "keys and values")]
    [TestCase("config: [1]", "config must hold")]
    [TestCase("secretsprovider: awskms://x", "'awskms://x'")]
    [TestCase("environment: [a]", "environment")]
    [TestCase("a: 1\n---\nb: 2\n", "one document")]
    public void A_faulty_stack_file_is_refused_with_its_reason(string text, string reason) =>
        Assert.That(() => StackFile.Parse("Pulumi.lab.yaml", text), Throws.TypeOf<ConfigurationException>().With.Message.Contain(reason));

    [Test]
    public void Find_opens_only_what_was_asked_for()
    {
        var project = Project.Parse("/", ProjectText);
        var file = StackFile.Parse("Pulumi.lab.yaml", "config:\n  try:token: {secure: x}\n  try:name: n\n");
        Assert.That(StackConfiguration.Find(project, file, "try:name", _ => throw new AssertionException("opened")), Is.EqualTo("n"));
        Assert.That(StackConfiguration.Find(project, file, "try:count", _ => throw new AssertionException("opened")), Is.EqualTo("3"));
        Assert.That(StackConfiguration.Find(project, file, "try:token", Open), Is.EqualTo("opened x"));
        Assert.That(StackConfiguration.Find(project, file, "try:nothing", Open), Is.Null);
    }

    private static StackConfiguration Load(string stack) =>
        StackConfiguration.Load(Project.Parse("/", ProjectText), StackFile.Parse("Pulumi.lab.yaml", stack), Open);
}
