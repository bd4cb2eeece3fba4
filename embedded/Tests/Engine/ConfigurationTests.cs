using MesosStack.Embedded.Engine.Configuration;

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
    public void All_faults_are_told_at_once_and_none_shows_a_secret()
    {
        var fault = Assert.Throws<ConfigurationException>(() => Load("""
            config:
              try:count: three
              try:enabled: maybe
              try:cidrs: 10.0.0.0/8
              try:token: visible
              try:apps:
                secure: v1:a:b
            """));
        Assert.That(fault.Faults, Is.EqualTo(
        [
            "Pulumi.lab.yaml: try:apps must be of type array<object>, is '[secret]'",
            "Pulumi.lab.yaml: try:cidrs must be of type array<string>, is '10.0.0.0/8'",
            "Pulumi.lab.yaml: try:count must be of type integer, is 'three'",
            "Pulumi.lab.yaml: try:enabled must be of type boolean, is 'maybe'",
            "Pulumi.lab.yaml: try:name is missing; set it with: config set name",
            "Pulumi.lab.yaml: try:token is a secret and stands there in clear; set it with: config set try:token --secret",
        ]));
    }

    [Test]
    public void A_secret_in_clear_is_not_shown_with_its_other_fault()
    {
        var project = Project.Parse("/", "name: try\nruntime: dotnet\nconfig:\n  token: {type: integer, secret: true}\n");
        var fault = Assert.Throws<ConfigurationException>(() => StackConfiguration.Load(project, StackFile.Parse("f", "config: {try:token: hunter2hunter}"), Open));
        Assert.That(fault.Message, Does.Contain("must be of type integer").And.Contain("stands there in clear").And.Not.Contain("hunter2"));
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
