using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Pulumi.Deployments;
using Pulumi.Serialization;
using Pulumirpc;

namespace Pulumi.Testing;

/// <summary>An engine made of a test's mocks.</summary>
internal sealed class MockConnection(IMocks mocks, DeploymentOptions options) : IEngine, IMonitor
{
    private readonly Lock _lock = new();
    private readonly List<(string Urn, Resource Resource)> _resources = [];
    private readonly List<string> _errors = [];

    /// <summary>The resources registered, in their order.</summary>
    public ImmutableArray<Resource> Resources
    {
        get
        {
            lock (_lock)
            {
                return [.. _resources.Select(r => r.Resource)];
            }
        }
    }

    public Task LogAsync(LogRequest request)
    {
        if (request.Severity == LogSeverity.Error)
        {
            lock (_lock)
            {
                _errors.Add(request.Message);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Throws what the program logged as errors.</summary>
    public void ThrowErrors()
    {
        lock (_lock)
        {
            switch (_errors)
            {
                case []:
                    return;
                case [var only]:
                    throw new RunException(only);
                default:
                    throw new AggregateException(_errors.Select(e => new RunException(e)));
            }
        }
    }

    public Task<bool> SupportsFeatureAsync(string id) => Task.FromResult(true);

    public async Task<RegisterResourceResponse> RegisterResourceAsync(Resource resource, RegisterResourceRequest request)
    {
        var type = request.Parent.Length == 0 ? request.Type : $"{Urns.QualifiedTypeOf(request.Parent).Split('$')[0]}${request.Type}";
        var urn = $"urn:pulumi:{options.Stack}::{options.Project}::{type}::{request.Name}";
        lock (_lock)
        {
            _resources.Add((urn, resource));
        }

        if (resource is Stack)
        {
            return new() { Urn = urn, Object = new Struct() };
        }

        var (id, state) = await mocks.NewResourceAsync(new MockResourceArgs
        {
            Type = request.Type,
            Name = request.Name,
            Inputs = request.Object.Fields
                .Select(f => (f.Key, Value: Deserializer.Deserialize(f.Value, Resolve)))
                .Where(f => f.Value.HasValue)
                .ToImmutableDictionary(f => f.Key, f => f.Value.Value!),
        });
        var (outputs, _) = await Serializer.SerializePropertyAsync("state", state, keepResources: true);
        return new()
        {
            Urn = urn,
            Id = id ?? "",
            Object = outputs.StructValue ?? throw new InvalidOperationException($"{state?.GetType().FullName ?? "null"} is not a supported argument type: a mock's state is a dictionary or arguments"),
        };
    }

    public Task RegisterResourceOutputsAsync(RegisterResourceOutputsRequest request) => Task.CompletedTask;

    public Task SignalAndWaitForShutdownAsync() => Task.CompletedTask;

    public Resource Resolve(string urn)
    {
        lock (_lock)
        {
            return _resources.Find(r => r.Urn == urn).Resource ?? throw new InvalidOperationException($"unknown resource: {urn}");
        }
    }
}
