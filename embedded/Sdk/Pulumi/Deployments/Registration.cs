using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Pulumi.Serialization;
using Pulumirpc;
using RpcAlias = Pulumirpc.Alias;

namespace Pulumi.Deployments;

/// <summary>Sends resources to the engine and completes their outputs with its answers.</summary>
internal static class Registration
{
    /// <summary>Begins to register a resource, whose outputs complete when the engine has answered.</summary>
    public static void Start(Resource resource, ImmutableDictionary<string, IOutputSource> sources, ResourceArgs args, ResourceOptions options)
    {
        var deployment = Deployment.Current;
        deployment.Runner.Register(RegisterAsync(deployment, resource, sources, args, options));
    }

    /// <summary>Begins to end a component with its outputs.</summary>
    public static void StartOutputs(ComponentResource component, IDictionary<string, object?> outputs)
    {
        var deployment = Deployment.Current;
        deployment.Runner.Register(RegisterOutputsAsync(deployment, component, outputs));
    }

    private static async Task RegisterAsync(
        Deployment deployment, Resource resource, ImmutableDictionary<string, IOutputSource> sources, ResourceArgs args, ResourceOptions options)
    {
        try
        {
            var request = await PrepareAsync(deployment, resource, args, options);
            if (deployment.Runner.HasFailed)
            {
                // Nothing new begins after a failure. That one is told, this is not.
                throw new OperationCanceledException($"the program has failed before '{request.Name}' was registered");
            }

            var response = await deployment.Monitor.RegisterResourceAsync(resource, request);
            Complete(deployment, resource, sources, response);
        }
        catch (Exception e)
        {
            foreach (var source in sources.Values)
            {
                source.Fail(e);
            }

            throw;
        }
    }

    private static void Complete(
        Deployment deployment, Resource resource, ImmutableDictionary<string, IOutputSource> sources, RegisterResourceResponse response)
    {
        // Urn and id are set first. If a property then cannot be read, what needs only the URN or the id still works.
        sources["urn"].Set("urn", new(response.Urn, true, false));
        if (sources.TryGetValue("id", out var id))
        {
            id.Set("id", new(response.Id, response.Id.Length > 0, false));
        }

        var missingIsKnown = !deployment.Options.IsDryRun && response.Result == Result.Success;
        foreach (var (name, source) in sources.Where(s => s.Key is not ("urn" or "id")))
        {
            var context = $"{resource.GetResourceType()}.{name}";
            if (response.Object?.Fields.TryGetValue(name, out var value) ?? false)
            {
                source.Set(context, Deserializer.Deserialize(value, deployment.Monitor.Resolve));
            }
            else
            {
                source.SetMissing(missingIsKnown);
            }
        }
    }

    private static async Task RegisterOutputsAsync(Deployment deployment, ComponentResource component, IDictionary<string, object?> outputs)
    {
        var request = new RegisterResourceOutputsRequest { Urn = await UrnAsync(component), Outputs = new Struct() };
        var keepResources = await deployment.SupportsFeatureAsync("resourceReferences");
        foreach (var (name, value) in outputs.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            var (wire, _) = await Serializer.SerializePropertyAsync(name, value, keepResources);
            if (wire.KindCase != Value.KindOneofCase.NullValue)
            {
                request.Outputs.Fields[name] = wire;
            }
        }

        await deployment.Monitor.RegisterResourceOutputsAsync(request);
    }

    private static async Task<RegisterResourceRequest> PrepareAsync(Deployment deployment, Resource resource, ResourceArgs args, ResourceOptions options)
    {
        var keepResources = await deployment.SupportsFeatureAsync("resourceReferences");
        var request = new RegisterResourceRequest
        {
            Type = resource.GetResourceType(),
            Name = resource.GetResourceName(),
            Custom = resource is CustomResource,
            Object = new Struct(),
            Version = options.Version ?? "",
            AcceptSecrets = true,
            AcceptResources = !Switches.IsOn("PULUMI_DISABLE_RESOURCE_REFERENCES"),
            SupportsResultReporting = true,
            Hooks = new(),
        };
        var explicitly = (await options.DependsOn.Flat.Data) is { IsKnown: true } known ? known.Value : [];
        var byProperty = new List<(string Name, List<Resource> Resources)>();
        foreach (var (name, value) in InputMembers.ValuesOf(args).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (name is "id" or "urn")
            {
                continue;
            }

            var (wire, resources) = await Serializer.SerializePropertyAsync(name, value, keepResources, $"resource:{request.Name}[{request.Type}]");
            if (wire.KindCase == Value.KindOneofCase.NullValue)
            {
                continue;
            }

            request.Object.Fields[name] = wire;
            byProperty.Add((name, resources));
        }

        if (resource is not Stack && (options.Parent ?? deployment.Stack) is { } parent)
        {
            request.Parent = await UrnAsync(parent);
        }

        // The dependencies are expanded only now: components may have got more children while the arguments were awaited.
        var dependencies = await UrnsAsync(Expand(explicitly));
        foreach (var (name, resources) in byProperty)
        {
            var urns = await UrnsAsync(Expand(resources));
            request.PropertyDependencies[name] = new() { Urns = { urns } };
            dependencies.AddRange(urns);
        }

        request.Dependencies.AddRange(dependencies.Distinct(StringComparer.Ordinal));
        await AddOptionsAsync(deployment, request, options);
        return request;
    }

    private static async Task AddOptionsAsync(Deployment deployment, RegisterResourceRequest request, ResourceOptions options)
    {
        if (options.Protect is { } protect)
        {
            request.Protect = protect;
        }

        request.IgnoreChanges.AddRange(options.IgnoreChanges);
        if (options.CustomTimeouts is { } timeouts)
        {
            request.CustomTimeouts = new() { Create = Nanoseconds(timeouts.Create), Update = Nanoseconds(timeouts.Update), Delete = Nanoseconds(timeouts.Delete) };
        }

        if (options.DeletedWith is { } with)
        {
            Require(await deployment.SupportsFeatureAsync("deletedWith"), "deletedWith", nameof(ResourceOptions.DeletedWith));
            request.DeletedWith = await UrnAsync(with);
        }

        var canAlias = await deployment.SupportsFeatureAsync("aliasSpecs");
        Require(canAlias || options.Aliases.Count == 0, "aliasSpecs", nameof(ResourceOptions.Aliases));
        foreach (var alias in options.Aliases)
        {
            if (await alias.ToOutput().Data is { IsKnown: true } data)
            {
                var name = (await data.Value.Name.ToOutput().Data).KnownValue ?? "";
                request.Aliases.Add(new RpcAlias { Spec = new() { Name = name, NoParent = false } });
            }
        }

        if (options is CustomResourceOptions custom)
        {
            request.ReplaceOnChanges.AddRange(custom.ReplaceOnChanges);
            request.AdditionalSecretOutputs.AddRange(custom.AdditionalSecretOutputs);
            if (custom.DeleteBeforeReplace is { } first)
            {
                request.DeleteBeforeReplace = first;
                request.DeleteBeforeReplaceDefined = true;
            }
        }
    }

    private static void Require(bool isSupported, string feature, string option)
    {
        if (!isSupported)
        {
            throw new InvalidOperationException($"the option {option} was set, but this engine does not know the feature '{feature}'");
        }
    }

    private static string Nanoseconds(TimeSpan? time) =>
        time is { } t ? string.Create(CultureInfo.InvariantCulture, $"{t.Ticks}00ns") : "";

    private static async Task<string> UrnAsync(Resource resource) => (await resource.Urn.Data).Value;

    private static async Task<List<string>> UrnsAsync(IEnumerable<Resource> resources)
    {
        var urns = new List<string>();
        foreach (var resource in resources)
        {
            if (await UrnAsync(resource) is { Length: > 0 } urn)
            {
                urns.Add(urn);
            }
        }

        return urns;
    }

    // A component stands for the custom resources below it.
    private static List<Resource> Expand(IEnumerable<Resource> resources)
    {
        var result = new List<Resource>();
        var seen = new HashSet<Resource>();
        var open = new Queue<Resource>(resources);
        while (open.TryDequeue(out var resource))
        {
            if (resource is null || !seen.Add(resource))
            {
                continue;
            }

            if (resource is CustomResource)
            {
                result.Add(resource);
            }
            else
            {
                foreach (var child in resource.Children)
                {
                    open.Enqueue(child);
                }
            }
        }

        return result;
    }
}
