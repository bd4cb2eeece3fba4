using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.State;
using NUnit.Framework;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary><c>stack</c>, <c>config</c> and <c>lab</c>, and where passphrases come from.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FileCommandTests : HostFixture
{
    [Test]
    public async Task Outputs_are_shown_without_their_secrets()
    {
        await _host.SaveStateAsync(States.Full);
        Assert.That(await _host.RunAsync("stack", "output"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Contain("password: [secret]").And.Not.Contain("hunter2"));
        Assert.That(await _host.RunAsync("stack", "output", "--json"), Is.Zero);
        Assert.That((string?)JsonNode.Parse(_host.Output)!["password"], Is.EqualTo("[secret]"));
        Assert.That(await _host.RunAsync("stack", "output", "password"), Is.Zero);
        Assert.That(_host.Output, Is.EqualTo("[secret]\n"));
        Assert.That(await _host.RunAsync("stack", "output", "address"), Is.Zero);
        Assert.That(_host.Output, Is.EqualTo("10.0.0.1\n"));
    }

    [Test]
    public async Task Outputs_are_shown_with_their_secrets_on_demand()
    {
        await _host.SaveStateAsync(States.Full);
        Assert.That(await _host.RunAsync("stack", "output", "password", "--show-secrets"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Is.EqualTo("hunter2hunter\n"));
        Assert.That(await _host.RunAsync("stack", "output", "--json", "--show-secrets"), Is.Zero);
        Assert.That((string?)JsonNode.Parse(_host.Output)!["password"], Is.EqualTo("hunter2hunter"));
    }

    [Test]
    public async Task An_unknown_output_names_those_that_are_there()
    {
        await _host.SaveStateAsync(States.Full);
        Assert.That(await _host.RunAsync("stack", "output", "nothing"), Is.EqualTo(1));
        Assert.That(_host.Error, Does.Contain("address, password"));
    }

    [Test]
    public async Task A_stack_without_state_has_its_own_exit_code()
    {
        Assert.That(await _host.RunAsync("stack", "output"), Is.EqualTo(6));
        Assert.That(await _host.RunAsync("stack", "export"), Is.EqualTo(6));
    }

    [Test]
    public async Task Export_is_a_deployment_that_reads_back()
    {
        await _host.SaveStateAsync(States.Full);
        Assert.That(await _host.RunAsync("stack", "export"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Not.Contain("hunter2"));
        Assert.That(States.Read(_host.Output).Deployment.Snapshot.Resources, Has.Length.EqualTo(4));
        Assert.That(_host.Output, Does.Contain("\n    \"resources\": [\n      {\n        \"urn\": "), "indented, all the way");
        Assert.That(await _host.RunAsync("stack", "export", "--show-secrets"), Is.Zero);
        Assert.That(_host.Output, Does.Contain("hunter2hunter"));
    }

    [Test]
    public async Task A_wrong_passphrase_is_told_and_nothing_of_it_shown()
    {
        await _host.SaveStateAsync(States.Full);
        _host.Environment["PULUMI_CONFIG_PASSPHRASE"] = "wrong one";
        Assert.That(await _host.RunAsync("stack", "output"), Is.EqualTo(2));
        Assert.That(_host.Error, Is.EqualTo("error: incorrect passphrase: it came from PULUMI_CONFIG_PASSPHRASE\n"));
    }

    [Test]
    public async Task Config_set_and_get_keep_the_file_around_the_value()
    {
        _host.Write("Pulumi.lab.yaml", "# mine\nconfig:\n  try:count: 1 # one\n");
        Assert.That(await _host.RunAsync("config", "set", "count", "5"), Is.Zero, _host.Error);
        Assert.That(_host["Pulumi.lab.yaml"], Is.EqualTo("# mine\nconfig:\n  try:count: 5 # one\n"));
        Assert.That(await _host.RunAsync("config", "get", "count"), Is.Zero);
        Assert.That(_host.Output, Is.EqualTo("5\n"));
        Assert.That(await _host.RunAsync("config", "get", "nothing"), Is.EqualTo(1));
    }

    [Test]
    public async Task Config_set_secret_seals_with_the_salt_of_the_state_and_takes_the_value_from_standard_input()
    {
        await _host.SaveStateAsync(States.Full);
        _host.Input = "s3cret value\n";
        Assert.That(await _host.RunAsync("config", "set", "token", "--secret"), Is.Zero, _host.Error);
        Assert.That(_host["Pulumi.lab.yaml"], Does.StartWith($"encryptionsalt: {States.Salt}\n").And.Contain("  try:token:\n    secure: v1:").And.Not.Contain("s3cret"));
        Assert.That(_host.Output + _host.Error, Does.Not.Contain("s3cret"));
        Assert.That(await _host.RunAsync("config", "get", "token"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Is.EqualTo("s3cret value\n"));
    }

    [Test]
    public async Task A_declared_secret_is_not_written_in_clear()
    {
        Assert.That(await _host.RunAsync("config", "set", "token", "abc"), Is.EqualTo(2));
        Assert.That(_host["Pulumi.lab.yaml"], Does.Not.Contain("abc"));
    }

    [Test]
    public async Task The_lab_makes_a_passphrase_of_its_own_and_says_where()
    {
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        _host.Engine.Script[OperationMode.Update] = ([], ScriptedEngine.Result() with { After = new Snapshot([States.Stack], []) });
        var before = _host["Pulumi.lab.yaml"];
        Assert.That(await _host.RunAsync("up", "-y", "-f"), Is.Zero, _host.Error);
        var file = Path.Combine(_host.Directory, ".mesos-stack/lab.passphrase");
        var passphrase = (await File.ReadAllTextAsync(file)).Trim();
        Assert.That(_host.Error, Does.Contain(file).And.Not.Contain(passphrase));
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(_host["Pulumi.lab.yaml"], Is.EqualTo(before), "no tracked file changes by running");
        Assert.That(await _host.RunAsync("stack", "output", "password", "--show-secrets"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Is.EqualTo("hunter2hunter\n"));
    }

    [Test]
    public async Task The_lab_makes_no_passphrase_for_what_was_sealed_with_another()
    {
        await _host.SaveStateAsync(States.Full);
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        Assert.That(await _host.RunAsync("up", "-y"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("PULUMI_CONFIG_PASSPHRASE"));
        Assert.That(File.Exists(Path.Combine(_host.Directory, ".mesos-stack/lab.passphrase")), Is.False);
    }

    [Test]
    public async Task The_lab_s_own_passphrase_is_named_where_it_does_not_fit()
    {
        await _host.SaveStateAsync(States.Full);
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        _host.Write(".mesos-stack/lab.passphrase", "another\n");
        Assert.That(await _host.RunAsync("stack", "output"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain(Path.Combine(_host.Directory, ".mesos-stack/lab.passphrase")).And.Contain("PULUMI_CONFIG_PASSPHRASE"));
    }

    [TestCase("horse\nhorse\n")]
    [TestCase("hose\nhorse\nhorse\nhorse\n")]
    [TestCase("\nhorse\nhorse\n")]
    public async Task A_new_passphrase_is_asked_for_twice(string typed)
    {
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        _host.Typed = typed;
        Assert.That(await _host.RunAsync("config", "set", "token", "x", "--secret", "-s", "dev"), Is.Zero, _host.Error);
        Assert.That(_host.LeftTyped, Is.Empty);
        Assert.That(_host.Screen, Does.Not.Contain("horse"));

        _host.Environment["PULUMI_CONFIG_PASSPHRASE"] = "horse";
        Assert.That(await _host.RunAsync("config", "get", "token", "-s", "dev"), Is.Zero, _host.Error);
    }

    [Test]
    public async Task An_existing_passphrase_is_asked_for_once()
    {
        await _host.SaveStateAsync(States.Full);
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        _host.Typed = States.Passphrase + "\n";
        Assert.That(await _host.RunAsync("stack", "output"), Is.Zero, _host.Error);
        _host.Typed = "wrong\n";
        Assert.That(await _host.RunAsync("stack", "output"), Is.EqualTo(2));
        Assert.That(_host.Error, Is.EqualTo("error: incorrect passphrase: it came from the terminal\n"));
    }

    [Test]
    public async Task A_setting_without_its_namespace_is_the_one_that_is_set()
    {
        _host.Write("Pulumi.lab.yaml", "config:\n    count: 1 # one\n    token: x\n");
        Assert.That(await _host.RunAsync("config", "set", "try:count", "5"), Is.Zero, _host.Error);
        Assert.That(await _host.RunAsync("config", "set", "token", "s3cret", "--secret"), Is.Zero, _host.Error);
        Assert.That(_host["Pulumi.lab.yaml"], Does.Match("^encryptionsalt: .*\nconfig:\n    count: 5 # one\n    token:\n      secure: v1:.*\n$"));
        Assert.That(await _host.RunAsync("config", "get", "token"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Is.EqualTo("s3cret\n"));
    }

    [Test]
    public async Task A_stack_can_be_named_in_full()
    {
        await _host.SaveStateAsync(States.Full);
        Assert.That(await _host.RunAsync("stack", "output", "-s", "organization/try/lab"), Is.Zero, _host.Error);
        Assert.That(await _host.RunAsync("stack", "output", "-s", "organization/other/lab"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("'try'"));
    }

    [Test]
    public async Task Another_stack_without_a_passphrase_says_what_to_set()
    {
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        Assert.That(await _host.RunAsync("config", "set", "token", "x", "--secret", "-s", "dev"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("PULUMI_CONFIG_PASSPHRASE").And.Contain("PULUMI_CONFIG_PASSPHRASE_FILE"));
    }

    [Test]
    public async Task A_passphrase_file_is_read_and_trimmed()
    {
        await _host.SaveStateAsync(States.Full);
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        _host.Write("pass", States.Passphrase + "\n");
        _host.Environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = Path.Combine(_host.Directory, "pass");
        Assert.That(await _host.RunAsync("stack", "output"), Is.Zero, _host.Error);
        _host.Environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = "/nonexistent/pass";
        Assert.That(await _host.RunAsync("stack", "output"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("/nonexistent/pass"));
    }

    [Test]
    public async Task A_directory_without_a_project_is_told()
    {
        Assert.That(await _host.RunAsync("preview", "--cwd", "/"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("no Pulumi.yaml in /"));
    }

    [Test]
    public async Task Lab_commands_reach_the_lab()
    {
        Assert.That(await _host.RunAsync("lab", "start"), Is.Zero);
        Assert.That(_host.Lab.Running, Is.True);
        Assert.That(await _host.RunAsync("lab", "start"), Is.Zero);
        Assert.That(_host.Lab.Starts, Is.EqualTo(1));
        Assert.That(await _host.RunAsync("lab", "status"), Is.Zero);
        Assert.That(_host.Output, Is.EqualTo("status line\n"));
        Assert.That(await _host.RunAsync("lab", "ssh", "master-1", "--", "ls", "-l"), Is.EqualTo(42));
        Assert.That(await _host.RunAsync("lab", "logs", "master-1", "--follow"), Is.EqualTo(1));
        Assert.That(await _host.RunAsync("lab", "serve", "four"), Is.EqualTo(4));
        Assert.That(await _host.RunAsync("lab", "stop"), Is.Zero);
        Assert.That(_host.Output, Is.EqualTo("The lab is gone.\n"));
    }
}
