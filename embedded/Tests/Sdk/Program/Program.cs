using MesosStack.Embedded.Tests.SdkProgram;
using Pulumi;

// A program with one of everything that the conversation test looks for. MODE picks a way to fail.
var mode = Environment.GetEnvironmentVariable("MODE") ?? "";
return await Deployment.RunAsync(() =>
{
    switch (mode)
    {
        case "throw":
            throw new InvalidOperationException("boom");
        case "run":
            throw new RunException("nice message");
        case "log":
            Log.Error("logged only");
            break;
    }

    var config = new Config();
    if (mode == "config")
    {
        config.Require("absent");
    }

    var rid = new Ident("rid", new IdentArgs { ByteLength = mode == "required" ? null! : 4, Keepers = { { "k", config.RequireSecret("pw") }, { "plain", "v" } } });
    var comp = new Comp("comp", rid);
    var provider = new ProviderResource("random", "rp", ResourceArgs.Empty, new CustomResourceOptions { Version = "4.18.0" });
    var command = new Command(
        "cmd",
        new CommandArgs
        {
            Connection = new ConnectionArgs { Host = "h", PrivateKey = "key" },
            Create = Output.Format($"echo {rid.Hex}"),
            Triggers = new object[] { rid.Hex, "fixed", config.RequireSecret("pw") },
            Environment = { { "A", comp.Out } },
            Logging = Logging.Stderr,
        },
        new CustomResourceOptions
        {
            DependsOn = { comp },
            CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(2) },
            Protect = true,
            IgnoreChanges = { "create" },
            ReplaceOnChanges = { "triggers[*]" },
            AdditionalSecretOutputs = { "connection" },
            Aliases = { new Alias { Name = "old" } },
            DeletedWith = comp.Inner,
            RetainOnDelete = true,
        });
    _ = new Pet("pet", new PetArgs { Length = 2 }, new CustomResourceOptions { Provider = provider, DeleteBeforeReplace = true, Parent = command });
    if (mode == "apply")
    {
        _ = rid.Hex.Apply(string (h) => throw new InvalidOperationException("in apply"));
    }

    if (mode == "task")
    {
        _ = new Ident("wrong", new IdentArgs { ByteLength = Output.Create(1), Anything = Task.FromResult(1) });
    }

    Log.Warn("take care", command);
    return new Dictionary<string, object?>
    {
        ["hex"] = rid.Hex,
        ["secret"] = config.RequireSecret("pw"),
        ["null"] = null,
        ["res"] = command,
        ["comp"] = comp,
        ["n"] = 3,
    };
});
