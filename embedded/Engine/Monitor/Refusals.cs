using Google.Protobuf.WellKnownTypes;
using MesosStack.Embedded.Engine.State;
using Pulumirpc;

namespace MesosStack.Embedded.Engine.Monitor;

/// <summary>What a program may ask for and this engine does not serve: each by its name, with what to do.</summary>
internal static class Refusals
{
    private const string Official = "use the official engine";
    private const string OrOfficial = $"leave it out, or {Official}";
    private const string OrConfiguration = $"set the package's configuration instead, or {Official}";

    /// <summary>Calls, by service and method. The value is what a program calls them by, and what to do.</summary>
    public static readonly IReadOnlyDictionary<string, (string Name, string Advice)> Calls = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["ResourceMonitor.Invoke"] = ("Invoke", $"take what it looks up from a setting, or {Official}"),
        ["ResourceMonitor.Call"] = ("Call", $"call no method of a resource, or {Official}"),
        ["ResourceMonitor.ReadResource"] = ("Get", $"take what it reads from a setting, or {Official}"),
        ["ResourceMonitor.RegisterStackTransform"] = ("ResourceTransforms", OrOfficial),
        ["ResourceMonitor.RegisterStackInvokeTransform"] = ("RegisterInvokeTransform", OrOfficial),
        ["ResourceMonitor.RegisterResourceHook"] = ("ResourceHook", OrOfficial),
        ["ResourceMonitor.RegisterErrorHook"] = ("ErrorHook", OrOfficial),
        ["ResourceMonitor.RegisterPackage"] = ("RegisterPackage", $"use no parameterized package, or {Official}"),
        ["ResourceMonitor.GetDeploymentInfo"] = ("GetDeploymentInfo", "build the program on the SDK that its project names"),
        ["Engine.RequirePulumiVersion"] = ("RequirePulumiVersion", $"leave it out, as the embedded engine is no version of the Pulumi CLI, or {Official}"),
        ["Engine.GetRootResource"] = ("GetRootResource", "build the program on the SDK that its project names"),
        ["Engine.SetRootResource"] = ("SetRootResource", "build the program on the SDK that its project names"),
        ["Engine.StartDebugging"] = ("StartDebugging", $"attach the debugger to the program's process by hand, or {Official}"),
    };

    /// <summary>Features that the .NET SDK asks for only where the program uses them. After a plain "no" it would blame the Pulumi CLI, and advise to update it.</summary>
    public static readonly IReadOnlyDictionary<string, (string Name, string Advice)> Features = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["transforms"] = ("ResourceTransforms", OrOfficial),
        ["invokeTransforms"] = ("RegisterInvokeTransform", OrOfficial),
        ["resourceHooks"] = ("Hooks", OrOfficial),
        ["errorHooks"] = ("ErrorHook", OrOfficial),
        ["replaceWith"] = ("ReplaceWith", OrOfficial),
        ["parameterization"] = ("RegisterPackage", $"use no parameterized package, or {Official}"),
    };

    /// <summary>Options of a resource: the field of the protocol, the option's name in .NET, whether a request sets it, and what to do.</summary>
    public static readonly IReadOnlyList<Option> Options =
    [
        new("remote", "remote components", r => r.Remote, $"declare its resources in the program, or {Official}"),
        new("importId", "ImportId", r => r.ImportId.Length > 0, OrOfficial),
        new("transforms", "ResourceTransforms", r => r.Transforms.Count > 0, OrOfficial),
        new("state_migrations", "state migrations", r => r.StateMigrations.Count > 0, OrOfficial),
        new("hooks", "Hooks", r => r.Hooks?.CalculateSize() > 0, OrOfficial),
        new("replace_with", "ReplaceWith", r => r.ReplaceWith.Count > 0, OrOfficial),
        new("replacement_trigger", "ReplacementTrigger", r => r.ReplacementTrigger is { KindCase: not (Value.KindOneofCase.None or Value.KindOneofCase.NullValue) }, OrOfficial),
        new("packageRef", "parameterized packages", r => r.PackageRef.Length > 0, Official),
        new("pluginDownloadURL", "PluginDownloadURL", r => r.PluginDownloadURL.Length > 0, $"leave it out, as the providers are a part of the embedded engine, or {Official}"),
        new("pluginChecksums", "plugin checksums", r => r.PluginChecksums.Count > 0, OrOfficial),
        new("envVarMappings", "EnvVarMappings", r => r.EnvVarMappings.Count > 0, OrOfficial),
        new("hideDiffs", "HideDiffs", r => r.HideDiffs.Count > 0, OrOfficial),
        new("snippetId", "snippets", r => r.SnippetId.Length > 0, Official),
        new("provider", "Provider", r => r.Provider.Length > 0, OrConfiguration),
        new("providers", "Providers", r => r.Providers.Count > 0, OrConfiguration),
        new("type", "explicit providers", r => r.Custom && Urns.IsProvider(r.Type), OrConfiguration),
        new("aliasURNs", "Aliases other than by name", r => r.AliasURNs.Count > 0, $"give the former name alone, or {Official}"),
        new("aliases", "Aliases other than by name", r => !r.Aliases.All(IsNameAlone), $"give the former name alone, or {Official}"),
        new("customTimeouts", "a time limit of reading", r => r.CustomTimeouts?.Read.Length > 0, OrOfficial),
    ];

    /// <summary>Fields of a registration that tell where it stands in the source or what the SDK can take, and change nothing: the protocol's number and name.</summary>
    public static readonly IReadOnlyDictionary<int, string> WithoutEffect = new Dictionary<int, string>
    {
        [28] = "aliasSpecs",
        [29] = "sourcePosition",
        [35] = "stackTrace",
        [36] = "parentStackTraceHandle",
        [42] = "accepts_byte_string",
    };

    /// <summary>The refusal of a call, such as <c>ResourceMonitor.Invoke</c>, with whom it is for.</summary>
    public static string OfCall(string call, string of = "") =>
        Calls.TryGetValue(call, out var known) ? Text(known.Name + of, known.Advice) : Text($"the call {call}", $"build the program on the SDK that its project names, or {Official}");

    /// <summary>The refusal of reading a resource.</summary>
    public static string OfRead(ReadResourceRequest request)
    {
        if (request.Type == "pulumi:pulumi:StackReference")
        {
            return Text($"StackReference ('{request.Name}')", $"give the other stack's outputs as settings, or {Official}");
        }

        return OfCall("ResourceMonitor.ReadResource", $" (resource '{request.Name}' of type {request.Type}, id '{request.Id}')");
    }

    /// <summary>The refusal of a function.</summary>
    public static string OfInvoke(ResourceInvokeRequest request) =>
        request.Tok == "pulumi:pulumi:getResource" ? Text("Urn (an existing resource by its URN)", OrOfficial) : OfCall("ResourceMonitor.Invoke", $" of {request.Tok}");

    /// <summary>The refusal of a feature; null where a plain "no" does.</summary>
    public static string? OfFeature(string feature) => Features.TryGetValue(feature, out var known) ? Text(known.Name, known.Advice) : null;

    /// <summary>The refusal of what a registration sets; null where all of it is served.</summary>
    public static string? OfOption(RegisterResourceRequest request) =>
        Options.FirstOrDefault(o => o.IsSet(request)) is { } option ? Text(option.Name, option.Advice) : null;

    /// <summary>The refusal of a field that this engine does not know.</summary>
    public static string OfField(string message, int number) =>
        Text($"field {number} of {message}, which is newer than it", $"build the program on the SDK that its project names, or {Official}");

    private static string Text(string what, string advice) => $"the embedded engine does not serve {what}: {advice}";

    private static bool IsNameAlone(Alias alias) => alias.Spec is { Type: "", Stack: "", Project: "", ParentUrn: "", NoParent: false };

    /// <summary>An option that is refused.</summary>
    public sealed record Option(string Field, string Name, Func<RegisterResourceRequest, bool> IsSet, string Advice);
}
