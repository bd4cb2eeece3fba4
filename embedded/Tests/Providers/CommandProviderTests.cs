using System.Collections.Immutable;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using MesosStack.Embedded.Providers.Command;
using static MesosStack.Embedded.Tests.Providers.Requests;

namespace MesosStack.Embedded.Tests.Providers;

[TestFixture]
internal sealed class CommandProviderTests() : SshdTests(Command)
{
    private static readonly ResourceKey Command = Key("command:remote:Command", "master-1-apply");

    [Test]
    public async Task Create_runs_the_command_and_keeps_both_outputs_without_one_newline()
    {
        var created = await CreateAsync(("create", "printf 'ä\\nb\\n\\n'; echo oops >&2"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Outputs["stdout"], Is.EqualTo((PropertyValue)"ä\nb\n"));
            Assert.That(created.Outputs["stderr"], Is.EqualTo((PropertyValue)"oops"));
            Assert.That(created.Id, Does.Match("^master-1-apply[0-9a-f]{8}$"));
            Assert.That(created.Outputs["connection"], Is.InstanceOf<PropertyValue.Secret>());
        }
    }

    [Test]
    public async Task Standard_input_arrives_whole_and_ends()
    {
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"line {i}\n"));
        Assert.That((await CreateAsync(("create", "sha256sum | cut -c1-64"), ("stdin", new PropertyValue.Secret(text)))).Outputs["stdout"],
            Is.EqualTo((PropertyValue)Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))));
        Assert.That((await CreateAsync(("create", "cat"))).Outputs["stdout"], Is.EqualTo((PropertyValue)""));
    }

    [Test]
    public async Task A_command_that_ignores_its_input_ends_well() =>
        Assert.That((await CreateAsync(("create", "true"), ("stdin", new string('x', 8 << 20)))).Outputs["stdout"], Is.EqualTo((PropertyValue)""));

    [Test]
    public async Task Much_output_arrives_whole() =>
        Assert.That(((PropertyValue.Text)(await CreateAsync(("create", "seq 1 300000"))).Outputs["stdout"]).Value, Does.StartWith("1\n2\n").And.EndsWith("\n300000"));

    [Test]
    public async Task A_failure_names_host_exit_code_and_last_words_but_no_secret()
    {
        var failure = await CatchAsync(
            ("create", "read -r s; seq 1 30; echo \"got $s\"; echo 'no such unit' >&2; exit 3 # a long script"),
            ("stdin", "hunter2-hunter2\n"));
        Assert.That(FailureOf(failure), Does.Contain("127.0.0.1").And.Contain("exit code 3").And.Contain("no such unit").And.Contain("got [secret]")
            .And.Not.Contain("hunter2").And.Not.Contain("a long script").And.Not.Contain("\n  10\n"));
    }

    [TestCase("echo 'Please login as the user \"debian\" rather than the user \"root\".'", "Please login as the user \"debian\"")]
    [TestCase("cat", "ForceCommand")]
    [TestCase("echo \"You said $SSH_ORIGINAL_COMMAND\"", "You said (")]
    public async Task A_host_that_answers_in_the_place_of_the_shell_fails_every_command(string forced, string told)
    {
        using var sshd = await Sshd.StartAsync($"ForceCommand {forced}");
        var connection = Obj(("host", "127.0.0.1"), ("port", sshd.Port), ("privateKey", sshd.PrivateKey));
        var inputs = Map(("create", "echo ran"), ("delete", "echo ran"), ("stdin", "what the host shall be\n"), ("connection", connection));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(FailureOf(await CatchAsync(inputs)), Does.StartWith("127.0.0.1 ended the command well but did not run it").And.Contain(told).And.Contain("ForceCommand"));
            Assert.That(
                (await Assert.ThrowsAsync<ProviderException>(() => _provider.UpdateAsync(Update(Command, "x", inputs, inputs, inputs.With("stdin", "y")), CancellationToken.None)))!.Message, Does.Contain("did not run it"));
            Assert.That(
                (await Assert.ThrowsAsync<ProviderException>(() => _provider.DeleteAsync(Delete(Command, "x", inputs, inputs), CancellationToken.None)))!.Message, Does.Contain("did not run it"));
        }
    }

    [TestCase("exec echo a", "a")]
    [TestCase("echo a; exit 0", "a")]
    [TestCase("printf a", "a")]
    [TestCase("echo a # a remark", "a")]
    [TestCase("echo a\n# a remark", "a")]
    [TestCase("cat <<E\na\nE", "a")]
    [TestCase("true", "")]
    public async Task A_command_that_runs_may_end_in_any_way_and_its_output_is_its_own(string command, string output)
    {
        var said = new ConcurrentQueue<string>();
        var created = await _provider.CreateAsync(Create(Command, Inputs(("create", command)), status: said.Enqueue), CancellationToken.None);

        Assert.That(created.Outputs["stdout"], Is.EqualTo((PropertyValue)output));
        Assert.That(said, Is.EqualTo(output.Length > 0 ? new[] { output } : []));
    }

    [Test]
    public async Task A_signal_is_told_as_such() =>
        Assert.That(FailureOf(await CatchAsync(("create", "kill -9 $$"))), Does.Contain("signal KILL"));

    [TestCase("stdout", "out", "err")]
    [TestCase("stderr", "err", "out")]
    [TestCase("none", null, "out")]
    [TestCase("stdoutAndStderr", "err", null)]
    public async Task Status_has_the_lines_that_logging_asks_for(string logging, string? seen, string? unseen)
    {
        var said = new ConcurrentQueue<string>();
        await _provider.CreateAsync(Create(Command, Inputs(("create", "echo out; echo err >&2"), ("logging", logging)), status: said.Enqueue), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen is null || said.Contains(seen), Is.True);
            Assert.That(unseen is not null && said.Contains(unseen), Is.False);
        }
    }

    [Test]
    public async Task Status_comes_while_the_command_runs()
    {
        var first = new TaskCompletionSource();
        var running = _provider.CreateAsync(Create(Command, Inputs(("create", "echo begun; sleep 2")), status: _ => first.TrySetResult()), CancellationToken.None);
        await first.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(running.IsCompleted, Is.False);
        await running;
    }

    [Test]
    public async Task Update_runs_update_or_else_create_and_delete_the_old_delete()
    {
        var log = Path.Combine(_sshd.Folder, "log");
        var inputs = Inputs(("create", $"echo create >> {log}"), ("delete", $"echo delete >> {log}"));
        var created = await _provider.CreateAsync(Create(Command, inputs), CancellationToken.None);
        await _provider.UpdateAsync(Update(Command, created.Id, inputs, created.Outputs, inputs.With("stdin", "x")), CancellationToken.None);
        await _provider.UpdateAsync(Update(Command, created.Id, inputs, created.Outputs, inputs.With("update", $"echo update >> {log}")), CancellationToken.None);
        await _provider.DeleteAsync(Delete(Command, created.Id, inputs, created.Outputs), CancellationToken.None);
        Assert.That(await File.ReadAllLinesAsync(log), Is.EqualTo(new[] { "create", "create", "update", "delete" }));
    }

    [Test]
    public async Task Without_a_command_nobody_is_called()
    {
        var inputs = Map(("connection", Obj(("host", "127.0.0.1"), ("port", 1d), ("privateKey", _sshd.PrivateKey))));
        var created = await _provider.CreateAsync(Create(Command, inputs), CancellationToken.None);
        Assert.That(created.Outputs["stdout"], Is.EqualTo((PropertyValue)""));
        await _provider.DeleteAsync(Delete(Command, created.Id, inputs, created.Outputs), CancellationToken.None);
    }

    [Test]
    public async Task A_preview_knows_the_id_but_no_output()
    {
        var inputs = Map(("connection", Obj(("host", "127.0.0.1"), ("port", 1d))), ("create", "true"));
        var created = await _provider.CreateAsync(Create(Command, inputs, preview: true), CancellationToken.None);
        var updated = await _provider.UpdateAsync(Update(Command, "x", inputs, inputs.With("stdout", "a").With("stderr", ""), inputs.With("create", "false"), preview: true), CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Id, Does.StartWith("master-1-apply"));
            Assert.That(created.Outputs["stdout"], Is.EqualTo(PropertyValue.NotKnown));
            Assert.That(updated["stderr"], Is.EqualTo(PropertyValue.NotKnown));
        }
    }

    [Test]
    public async Task Triggers_replace_and_all_else_updates()
    {
        var before = Inputs(("create", "a"), ("triggers", List("1", 2d)));
        var trigger = await DiffAsync(before, before.With("triggers", List("1", 3d)));
        var more = await DiffAsync(before, before.With("triggers", List("1", 2d, "x")));
        var command = await DiffAsync(before, before.With("create", "b").With("delete", "c"));
        var key = await DiffAsync(before, before.With("connection", Connection(("dialErrorLimit", 3d))));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(trigger, Is.EquivalentTo(new[] { KeyValuePair.Create("triggers[1]", new PropertyDiff(PropertyDiffKind.Update, true)) }));
            Assert.That(more, Is.EquivalentTo(new[] { KeyValuePair.Create("triggers[2]", new PropertyDiff(PropertyDiffKind.Add, true)) }));
            Assert.That(command, Is.EquivalentTo(new[] { KeyValuePair.Create("create", new PropertyDiff(PropertyDiffKind.Update, false)), KeyValuePair.Create("delete", new PropertyDiff(PropertyDiffKind.Add, false)) }));
            Assert.That(key, Is.EquivalentTo(new[] { KeyValuePair.Create("connection.dialErrorLimit", new PropertyDiff(PropertyDiffKind.Add, false)) }));
        }
    }

    [Test]
    public async Task A_host_that_comes_up_late_is_waited_for()
    {
        using var late = Sshd.Prepare();
        var said = new ConcurrentQueue<string>();
        var inputs = Map(("create", "echo up"), ("connection", Obj(("host", "127.0.0.1"), ("port", late.Port), ("privateKey", late.PrivateKey), ("dialErrorLimit", -1d))));
        var running = _provider.CreateAsync(Create(Command, inputs, status: said.Enqueue), CancellationToken.None);
        await Task.Delay(500);
        late.Start();
        Assert.That((await running).Outputs["stdout"], Is.EqualTo((PropertyValue)"up"));
        Assert.That(said, Has.Some.Contains("connection refused"));
    }

    [Test]
    public async Task Dialling_ends_after_the_limit_of_failures()
    {
        var inputs = Map(("create", "true"), ("connection", Obj(("host", "127.0.0.1"), ("port", 1d), ("privateKey", _sshd.PrivateKey), ("dialErrorLimit", 2d))));
        var watch = Stopwatch.StartNew();
        var failure = await CatchAsync(inputs);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(FailureOf(failure), Does.Contain("127.0.0.1:1").And.Contain("3 attempts").And.Contain("connection refused").And.Not.Contain(_sshd.PrivateKey.Split('\n')[1]));
            Assert.That(watch.Elapsed, Is.GreaterThan(TimeSpan.FromMilliseconds(240)), "100 ms and 150 ms between the attempts");
        }
    }

    [Test]
    public void Cancellation_ends_the_wait_for_a_host()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var inputs = Map(("create", "true"), ("connection", Obj(("host", "127.0.0.1"), ("port", 1d), ("privateKey", _sshd.PrivateKey), ("dialErrorLimit", -1d))));
        var watch = Stopwatch.StartNew();
        Assert.That(() => _provider.CreateAsync(Create(Command, inputs), cancel.Token), Throws.InstanceOf<ProviderException>().With.Message.Contains("nobody waits any longer").And.Message.Contains("connection refused"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public async Task A_host_that_says_nothing_counts_as_a_failed_attempt()
    {
        using var mute = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        mute.Start();
        var port = ((System.Net.IPEndPoint)mute.LocalEndpoint).Port;
        var inputs = Map(("create", "true"), ("connection", Obj(("host", "127.0.0.1"), ("port", port), ("privateKey", _sshd.PrivateKey), ("dialErrorLimit", 0d), ("perDialTimeout", 1d))));
        var watch = Stopwatch.StartNew();
        Assert.That(FailureOf(await CatchAsync(inputs)), Does.Contain("1 attempts failed"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public async Task The_time_limit_ends_a_command_that_hangs()
    {
        var watch = Stopwatch.StartNew();
        var failure = await CatchAsync(Inputs(("create", "echo before; exec sleep 30")), TimeSpan.FromSeconds(2));
        Assert.That(FailureOf(failure), Does.Contain("00:00:02").And.Contain("still running").And.Contain("before"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(6)));
    }

    [Test]
    public async Task An_update_whose_end_nobody_saw_counts_neither_as_done_nor_as_not_done()
    {
        var (old, slow, bad) = (Inputs(("create", "true")), Inputs(("create", "exec sleep 30")), Inputs(("create", "false")));

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _provider.UpdateAsync(Update(Command, "x", old, old, slow, timeout: TimeSpan.FromSeconds(1)), CancellationToken.None));
        await Assert.ThrowsAsync<ProviderException>(() => _provider.UpdateAsync(Update(Command, "x", old, old, bad), CancellationToken.None));
    }

    [Test]
    public async Task Commands_that_follow_each_other_share_a_connection_and_one_that_broke_is_made_anew()
    {
        using var sshd = await Sshd.StartAsync();
        var connection = Map(("host", "127.0.0.1"), ("port", sshd.Port), ("privateKey", sshd.PrivateKey));
        var (port, process) = await SessionAsync(connection);
        Assert.That(await SessionAsync(connection.With("dialErrorLimit", 3)), Is.EqualTo((port, process)));

        using (var session = Process.GetProcessById(process))
        {
            session.Kill();
            await session.WaitForExitAsync();
        }

        Assert.That((await SessionAsync(connection)).Port, Is.Not.EqualTo(port));

        async Task<(string Port, int Process)> SessionAsync(PropertyMap to)
        {
            var inputs = Map(("create", "set -- $SSH_CONNECTION; echo $2 $PPID"), ("connection", new PropertyValue.Object(to)));
            var words = ((PropertyValue.Text)(await _provider.CreateAsync(Create(Command, inputs), CancellationToken.None)).Outputs["stdout"]).Value.Split(' ');
            return (words[0], int.Parse(words[1], CultureInfo.InvariantCulture));
        }
    }

    [TestCase("sleep 300", 0)]
    [TestCase("cat >/dev/null", 64 << 20, TestName = "A_host_that_vanishes_while_it_is_fed_is_noticed")]
    public async Task A_host_that_vanishes_is_noticed(string command, int input)
    {
        if (DistantHost.Hindrance is { } why)
        {
            Assert.Ignore(why);
        }

        using var host = await DistantHost.StartAsync();
        var connection = Map(("host", host.Address), ("port", host.Sshd.Port), ("privateKey", host.Sshd.PrivateKey));
        var inputs = Map(("create", $"echo begun; {command}"), ("connection", new PropertyValue.Object(connection)));
        inputs = input > 0 ? inputs.With("stdin", new string('x', input)) : inputs;
        var begun = new TaskCompletionSource();
        var provider = new CommandProvider(new Liveness(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2)));
        var running = provider.CreateAsync(Create(Command, inputs, status: line => _ = line == "begun" && begun.TrySetResult()), CancellationToken.None);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20));
        host.Cut();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => running.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.That(failure!.Message, Does.Contain(host.Address).And.Contain("went away").And.Contain("not known").And.Contain("begun"));
    }

    [TestCase("")]
    [TestCase("MaxSessions 1", TestName = "A_host_that_refuses_to_be_asked_is_alive")]
    public async Task A_command_that_is_silent_for_long_is_left_in_peace(string settings)
    {
        using var sshd = await Sshd.StartAsync(settings);
        var provider = new CommandProvider(new Liveness(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)));
        var inputs = Map(("create", "sleep 4; cat; echo done"), ("stdin", "fed; "), ("connection", Obj(("host", "127.0.0.1"), ("port", sshd.Port), ("privateKey", sshd.PrivateKey))));
        Assert.That((await provider.CreateAsync(Create(Command, inputs), CancellationToken.None)).Outputs["stdout"], Is.EqualTo((PropertyValue)"fed; done"));
    }

    [Test]
    public async Task The_host_key_is_compared_when_given()
    {
        foreach (var key in new[] { _sshd.HostKey, _sshd.Ed25519HostKey })
        {
            await _provider.CreateAsync(Create(Command, Map(("create", "true"), ("connection", Connection(("hostKey", key))))), CancellationToken.None);
        }

        using var other = Sshd.Prepare();
        var failure = await CatchAsync(Map(("create", "true"), ("connection", Connection(("hostKey", other.HostKey), ("dialErrorLimit", 0d)))));
        Assert.That(FailureOf(failure), Does.Contain("Host key could not be verified"));
    }

    [Test]
    public async Task A_refused_key_and_a_broken_one_are_told_apart()
    {
        using var other = Sshd.Prepare();
        var refused = await CatchAsync(Map(("create", "true"), ("connection", Connection(("privateKey", other.PrivateKey), ("dialErrorLimit", 0d)))));
        var broken = await CatchAsync(Map(("create", "true"), ("connection", Connection(("privateKey", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n")))));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(FailureOf(refused), Does.Contain("ermission denied").And.Contain("PermitRootLogin"));
            Assert.That(FailureOf(broken), Does.Contain("private key").And.Contain("cannot be read").And.Not.Contain("AAAA"));
        }
    }

    [Test]
    public async Task A_host_that_goes_on_refusing_the_key_is_given_up_with_the_reason_and_what_to_check()
    {
        using var other = Sshd.Prepare();
        var provider = new CommandProvider(Liveness.Usual with { RefusalLimit = TimeSpan.FromSeconds(1) });
        var inputs = Map(("create", "true"), ("connection", Connection(("privateKey", other.PrivateKey), ("dialErrorLimit", -1d))));
        var said = new ConcurrentQueue<string>();

        var failure = await Assert.ThrowsAsync<ProviderException>(
            () => provider.CreateAsync(Create(Command, inputs, status: said.Enqueue), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.That(said, Has.All.Contain("waiting for SSH").And.All.Contain("Permission denied (publickey)"));
        Assert.That(failure!.Message, Does.StartWith($"127.0.0.1:{_sshd.Port} answers, but for 1 s it refuses the login of root: Permission denied (publickey)").And.Contain("halves").And.Contain("PermitRootLogin"));
    }

    [Test]
    public async Task A_host_that_learns_the_key_late_is_waited_for()
    {
        using var sshd = await Sshd.StartAsync();
        var keys = Path.Combine(sshd.Folder, "authorized_keys");
        var known = await File.ReadAllTextAsync(keys);
        await File.WriteAllTextAsync(keys, "");
        var refused = new TaskCompletionSource();
        var inputs = Map(("create", "echo in"), ("connection", Obj(("host", "127.0.0.1"), ("port", sshd.Port), ("privateKey", sshd.PrivateKey))));
        var running = _provider.CreateAsync(Create(Command, inputs, status: line => _ = line.Contains("ermission denied", StringComparison.Ordinal) && refused.TrySetResult()), CancellationToken.None);
        await refused.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await File.WriteAllTextAsync(keys, known);

        Assert.That((await running).Outputs["stdout"], Is.EqualTo((PropertyValue)"in"));
    }

    [Test]
    public async Task Faults_name_the_property()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await FaultsAsync(Map(("create", "true"))), Is.EqualTo(new[] { "connection" }));
            Assert.That(await FaultsAsync(Map(("connection", Obj(("host", "h"), ("privateKey", "k"), ("agentSocketPath", "/tmp/a"), ("proxy", Obj(("host", "p"))))))), Is.EqualTo(new[] { "connection.agentSocketPath", "connection.proxy" }));
            Assert.That(await FaultsAsync(Map(("connection", Obj(("host", PropertyValue.NotKnown), ("privateKey", PropertyValue.NotKnown))), ("environment", Obj(("A", "1"))))), Is.EqualTo(new[] { "environment" }));
            Assert.That(await FaultsAsync(Inputs(("logging", "all"), ("dir", "/"))), Is.EqualTo(new[] { "dir" }));
            Assert.That(await FaultsAsync(Inputs(("logging", "all"))), Is.EqualTo(new[] { "logging" }));
            Assert.That(await FaultsAsync(Map(("connection", new PropertyValue.Secret(Obj(("host", "h"), ("hostKey", new PropertyValue.Secret(PropertyValue.Nothing)), ("privateKey", "k"), ("port", 70000d)))))), Is.EqualTo(new[] { "connection.port" }));
        }
    }

    [Test]
    public async Task Many_at_once_finish_together()
    {
        await CreateAsync(("create", "true"));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => CreateAsync(("create", "sleep 2"))));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(8)), "one after the other would take 24 s");
    }

    private static string FailureOf(Exception? failure) => failure?.Message ?? "";

    private async Task<ProviderException?> CatchAsync(PropertyMap inputs, TimeSpan? timeout = null)
    {
        try
        {
            await _provider.CreateAsync(Create(Command, inputs, timeout: timeout), CancellationToken.None);
            return null;
        }
        catch (ProviderException e)
        {
            return e;
        }
    }

    private Task<ProviderException?> CatchAsync(params (string, PropertyValue)[] inputs) => CatchAsync(Inputs(inputs));

    private Task<CreateResult> CreateAsync(params (string, PropertyValue)[] inputs) =>
        _provider.CreateAsync(Create(Command, Inputs(inputs)), CancellationToken.None);

    private Task<ImmutableSortedDictionary<string, PropertyDiff>> DiffAsync(PropertyMap before, PropertyMap after) =>
        _provider.DiffAsync(new DiffRequest(Command, before, after), CancellationToken.None);

    private PropertyMap Inputs(params (string, PropertyValue)[] inputs) => Map([("connection", Connection()), .. inputs]);
}
