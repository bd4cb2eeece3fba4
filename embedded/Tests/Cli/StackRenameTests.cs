using System.Runtime.Versioning;
using MesosStack.Embedded.Engine.State;
using NUnit.Framework;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary><c>stack rename</c>.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StackRenameTests : HostFixture
{
    private string NewState => _host.StateFile.Replace("lab.json", "prod.json", StringComparison.Ordinal);

    [Test]
    public async Task Settings_state_and_passphrase_get_the_new_name()
    {
        await SaveAsync();
        _host.Write(".mesos-stack/lab.passphrase", States.Passphrase + "\n");

        Assert.That(await _host.RunAsync("stack", "rename", "prod"), Is.Zero, _host.Error);

        Assert.That(_host.Output, Is.EqualTo("Renamed lab to prod\n"));
        Assert.That(Names(_host.Directory), Is.EquivalentTo(["program.dll", "Pulumi.yaml", "Pulumi.prod.yaml"]));
        Assert.That(Names(Path.GetDirectoryName(NewState)!), Is.EqualTo(["prod.json"]));
        Assert.That(File.ReadAllText(Path.Combine(_host.Directory, ".mesos-stack/prod.passphrase")), Is.EqualTo(States.Passphrase + "\n"));
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        Assert.That(await _host.RunAsync("stack", "output", "password", "--show-secrets", "-s", "prod"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Is.EqualTo("hunter2hunter\n"), "secrets open with the passphrase that went along");
        Assert.That(await _host.RunAsync("stack", "output"), Is.EqualTo(6), "the old name is free");
    }

    [Test]
    public async Task No_urn_names_the_old_stack_any_more()
    {
        await SaveAsync();
        Assert.That(await _host.RunAsync("stack", "rename", "prod"), Is.Zero, _host.Error);

        var text = await File.ReadAllTextAsync(NewState);
        Assert.That(text, Does.Contain("urn:pulumi:prod::try::pulumi:pulumi:Stack::try-prod").And.Contain("organization/try/prod").And.Not.Contain("urn:pulumi:lab:").And.Not.Contain("try-lab"));
    }

    [Test]
    public async Task What_an_interrupted_run_left_in_the_journal_goes_along()
    {
        await SaveAsync();
        using (var store = await OpenAsync())
        {
            await store.AppendAsync([new StateChange.Kept(0), new StateChange.Kept(1), new StateChange.Took(States.Resource with { Urn = States.ResourceUrn + "9", Parent = States.StackUrn }, null, false, true)], CancellationToken.None);
        }

        Assert.That(await _host.RunAsync("stack", "rename", "prod"), Is.Zero, _host.Error);
        Assert.That(await File.ReadAllTextAsync(NewState), Does.Contain("RandomBytes::key9"));
        Assert.That(Names(Path.GetDirectoryName(NewState)!), Is.EqualTo(["prod.json"]));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task A_rename_that_was_interrupted_is_ended_by_the_same_command(int step)
    {
        await SaveAsync();
        _host.Write(".mesos-stack/lab.passphrase", States.Passphrase + "\n");
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        var old = await File.ReadAllBytesAsync(_host.StateFile);
        Assert.That(await _host.RunAsync("stack", "rename", "prod"), Is.Zero, _host.Error);

        // As it was after the first, the second, the third file.
        File.Move(Path.Combine(_host.Directory, "Pulumi.prod.yaml"), Path.Combine(_host.Directory, "Pulumi.lab.yaml"));
        if (step < 3)
        {
            File.Move(Path.Combine(_host.Directory, ".mesos-stack/prod.passphrase"), Path.Combine(_host.Directory, ".mesos-stack/lab.passphrase"));
        }

        if (step < 2)
        {
            await File.WriteAllBytesAsync(_host.StateFile, old);
        }

        Assert.That(await _host.RunAsync("stack", "rename", "prod"), Is.Zero, _host.Error);
        Assert.That(Names(_host.Directory), Is.EquivalentTo(["program.dll", "Pulumi.yaml", "Pulumi.prod.yaml"]));
        Assert.That(Names(Path.GetDirectoryName(NewState)!).Where(name => name!.StartsWith("lab", StringComparison.Ordinal)), Is.Empty);
        Assert.That(await _host.RunAsync("stack", "output", "password", "--show-secrets", "-s", "prod"), Is.Zero, _host.Error);
    }

    [Test]
    public async Task A_rename_with_a_journal_that_crashed_before_any_step_is_ended_by_the_same_command()
    {
        int step, left;
        for (step = 1; ; step++)
        {
            await SaveAsync();
            _host.Write(".mesos-stack/lab.passphrase", States.Passphrase + "\n");
            using (var store = await OpenAsync())
            {
                await store.AppendAsync([new StateChange.Kept(0), new StateChange.Kept(1), new StateChange.Took(States.Resource with { Urn = States.ResourceUrn + "9", Parent = States.StackUrn }, null, false, true)], CancellationToken.None);
            }

            left = step;
            Durable.BeforeStep.Value = what => left = left > 1 ? left - 1 : throw new InvalidOperationException("crash " + what);
            var code = await _host.RunAsync("stack", "rename", "prod");
            Durable.BeforeStep.Value = null;
            if (code == 0)
            {
                break;
            }

            Assert.That(_host.Error, Does.Contain("crash "));
            var isDone = !File.Exists(Path.Combine(_host.Directory, "Pulumi.lab.yaml"));
            Assert.That(await _host.RunAsync("stack", "rename", "prod"), Is.EqualTo(isDone ? 6 : 0), $"after a crash before step {step}: {_host.Error}");
            Assert.That(await File.ReadAllTextAsync(NewState), Does.Contain("RandomBytes::key9"));
            Assert.That(Names(_host.Directory), Is.EquivalentTo(["program.dll", "Pulumi.yaml", "Pulumi.prod.yaml"]));
            RemoveHost();
            MakeHost();
        }

        Assert.That(step, Is.AtLeast(20), "steps of a rename");
    }

    [Test]
    public async Task A_name_that_is_taken_or_no_name_is_refused_and_nothing_is_touched()
    {
        await SaveAsync();
        var before = await File.ReadAllBytesAsync(_host.StateFile);
        _host.Write("Pulumi.other.yaml", "config: {}\n");

        Assert.That(await _host.RunAsync("stack", "rename", "other"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("there is a stack 'other' already"));
        Assert.That(await _host.RunAsync("stack", "rename", "no name"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("'no name' is no name of a stack"));
        Assert.That(await _host.RunAsync("stack", "rename", "lab"), Is.EqualTo(2));
        Assert.That(await _host.RunAsync("stack", "rename", "prod", "-s", "nowhere"), Is.EqualTo(6));
        Assert.That(await File.ReadAllBytesAsync(_host.StateFile), Is.EqualTo(before));

        // A state alone takes a name, too.
        await File.WriteAllTextAsync(NewState, """{"version":3,"checkpoint":{}}""");
        Assert.That(await _host.RunAsync("stack", "rename", "prod"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("there is a stack 'prod' already"));
    }

    private static IEnumerable<string?> Names(string folder) => Directory.GetFiles(folder).Select(Path.GetFileName);

    private Task SaveAsync() => _host.SaveStateAsync(States.Full);

    private Task<StackStore> OpenAsync() => new FileBackend(Path.Combine(_host.Directory, ".mesos-stack")).OpenAsync("try", "lab", States.Vault, States.Salt, CancellationToken.None);
}
