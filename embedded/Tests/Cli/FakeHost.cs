using System.CommandLine;
using System.Text;
using MesosStack.Embedded.Cli;
using MesosStack.Embedded.Cli.Status;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using Spectre.Console.Testing;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary>An engine that plays what a test wrote down for each mode.</summary>
internal sealed class ScriptedEngine : IEngine
{
    public Dictionary<OperationMode, (EngineEvent[] Events, OperationResult Result)> Script { get; } = [];

    public List<Operation> Asked { get; } = [];

    public Action<Operation>? During { get; set; }

    public static OperationResult Result(bool succeeded = true, bool outputsChanged = false, PropertyMap? outputs = null, params (StepKind Kind, int Count)[] counts) =>
        new(succeeded, counts.ToDictionary(c => c.Kind, c => c.Count), outputs ?? PropertyMap.Empty, Snapshot.Empty, outputsChanged);

    public async Task<OperationResult> RunAsync(Operation operation, Action<EngineEvent> events, CancellationToken cancellation)
    {
        Asked.Add(operation);
        During?.Invoke(operation);
        var (news, result) = Script[operation.Mode];
        Array.ForEach(news, events);
        if (!operation.IsPreview)
        {
            await operation.Store.SaveAsync(result.After, CancellationToken.None);
        }

        return result;
    }
}

/// <summary>A lab that only counts.</summary>
internal sealed class FakeLab : ILab
{
    public bool Running { get; set; }

    public int Droplets { get; set; }

    /// <summary>The id of all of them.</summary>
    public string DropletId { get; set; } = "1";

    public int Starts { get; private set; }

    public int Stops { get; private set; }

    /// <summary>How many processes have noted that they use it, this one among them.</summary>
    public int Uses { get; private set; }

    /// <summary>Whether another process uses it.</summary>
    public bool UsedByOthers { get; set; }

    public string? Left { get; set; }

    /// <summary>What was asked of it besides, in order.</summary>
    public List<string> Asked { get; } = [];

    public bool IsRunning() => Running;

    public Task<IDisposable> UseAsync(Action<string> progress, CancellationToken cancellation)
    {
        Uses++;
        return Task.FromResult<IDisposable>(new Use(this));
    }

    public Task StartAsync(Action<string> progress, CancellationToken cancellation)
    {
        (Running, Starts) = (true, Starts + 1);
        progress("lab: starting");
        return Task.CompletedTask;
    }

    /// <summary>Why it does not answer after its start; null where it does.</summary>
    public Exception? Fault { get; set; }

    public Task WaitUntilReadyAsync(CancellationToken cancellation) => Fault is null ? Task.CompletedTask : Task.FromException(Fault);

    public Task<bool> StopAsync(Action<string> progress, bool all)
    {
        if (UsedByOthers && !all)
        {
            throw new LabException("The lab is in use by others too");
        }

        Stops++;
        var was = Running;
        Running = false;
        return Task.FromResult(was);
    }

    public Task StopIfUnusedAsync(Action<string> progress) => UsedByOthers || Droplets > 0 ? Task.CompletedTask : StopAsync(progress, all: false);

    public string? Leftovers() => Left;

    public Task PruneAsync(Action<string> progress)
    {
        Asked.Add("prune");
        return Task.CompletedTask;
    }

    public Task<string> PowerOnAsync(string name)
    {
        Asked.Add($"power-on {name}");
        return Task.FromResult($"{name} is on.");
    }

    public IReadOnlyList<string> Status() => ["status line"];

    public IReadOnlyList<string> DropletIds() => [.. Enumerable.Repeat(DropletId, Droplets)];

    public Task<int> ShellAsync(string name, IReadOnlyList<string> command) => Task.FromResult(command.Count + 40);

    public Task<int> LogsAsync(string name, bool follow) => Task.FromResult(follow ? 1 : 0);

    private sealed class Use(FakeLab lab) : IDisposable
    {
        public void Dispose() => lab.Uses--;
    }
}

/// <summary>A project on disk and a command line that works on it, with everything else faked.</summary>
internal sealed class FakeHost : IDisposable
{
    public const string ProjectText = "name: try\nruntime: dotnet\nconfig:\n  count: {type: integer, default: 1}\n  token: {type: string, secret: true, default: none}\n";

    private readonly Scratch _scratch = new();
    private TestConsole _terminal = new();

    public FakeHost()
    {
        Write("Pulumi.yaml", ProjectText);
        Write("Pulumi.lab.yaml", "config:\n  digitalocean:apiEndpoint: http://127.0.0.1:17900\n");
        Write("program.dll", "");
    }

    public ScriptedEngine Engine { get; } = new();

    public FakeLab Lab { get; } = new();

    public Dictionary<string, IProvider> Providers { get; } = [];

    /// <summary>The droplets of the account by tag; null where it cannot be asked.</summary>
    public Func<string, IReadOnlyList<CloudDroplet>>? Droplets { get; set; }

    public Dictionary<string, string> Environment { get; } = new() { ["PULUMI_CONFIG_PASSPHRASE"] = States.Passphrase, ["MESOS_STACK_PROGRAM"] = "program.dll" };

    public string Input { get; set; } = "";

    /// <summary>What is typed at the terminal; null where there is none.</summary>
    public string? Typed { get; set; }

    /// <summary>What of it nobody has read yet.</summary>
    public string LeftTyped
    {
        get
        {
            var left = new StringBuilder();
            while (_terminal.Input.IsKeyAvailable())
            {
                left.Append(_terminal.Input.ReadKey(intercept: true)!.Value.KeyChar);
            }

            Type(left.ToString());
            return left.ToString();
        }
    }

    /// <summary>What the terminal shows.</summary>
    public string Screen => _terminal.Output;

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public string Directory => _scratch.Path;

    public Command Commands => new CommandTree(Make(TextWriter.Null, TextWriter.Null)).Make();

    public string StateFile => Path.Combine(Directory, ".mesos-stack/.pulumi/stacks/try/lab.json");

    public string this[string name] => File.ReadAllText(Path.Combine(Directory, name));

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Directory, name), text);

    public async Task SaveStateAsync(Snapshot snapshot)
    {
        using var store = await new FileBackend(Path.Combine(Directory, ".mesos-stack")).OpenAsync("try", "lab", States.Vault, States.Salt, CancellationToken.None);
        await store.SaveAsync(snapshot, CancellationToken.None);
    }

    public Task<int> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    public async Task<int> RunAsync(CancellationToken cancellation, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        _terminal.Dispose();
        _terminal = new TestConsole().Width(160);
        _terminal.Profile.Capabilities.Interactive = Typed is not null;
        Type(Typed ?? "");
        var code = await CommandRunner.RunAsync(Make(output, error), arguments, cancellation);
        (Output, Error) = (output.ToString(), error.ToString());
        return code;
    }

    public void Dispose()
    {
        _terminal.Dispose();
        _scratch.Dispose();
    }

    // A line feed is Enter.
    private void Type(string text)
    {
        foreach (var key in text)
        {
            _terminal.Input.PushKey(new ConsoleKeyInfo(key, key == '\n' ? ConsoleKey.Enter : ConsoleKey.None, shift: false, alt: false, control: false));
        }
    }

    private CliHost Make(TextWriter output, TextWriter error) => new()
    {
        Console = _terminal,
        Output = output,
        Error = error,
        Input = new StringReader(Input),
        Interactive = Typed is not null,
        Live = Typed is not null,
        Directory = Directory,
        Environment = name => Environment.GetValueOrDefault(name),
        Engine = () => Engine,
        Providers = () => Providers,
        Droplets = (_, tag, _) => Droplets is { } all ? Task.FromResult(all(tag)) : Task.FromException<IReadOnlyList<CloudDroplet>>(new ProviderException("no token")),
        Lab = (_, _) => Lab,
        ServeLab = (file, _) => Task.FromResult(file.Length),
    };
}
