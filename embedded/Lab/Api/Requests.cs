using System.Text.Json;

namespace MesosStack.Embedded.Lab.Api;

// The bodies that the v2 API takes, in its own names (snake case). What the lab has no use for is not listed and so ignored, as the API does.

internal sealed record DropletRequest
{
    public string? Name { get; init; }
    public string? Region { get; init; }
    public string? Size { get; init; }
    public JsonElement? Image { get; init; }
    public List<JsonElement>? SshKeys { get; init; }
    public List<string>? Tags { get; init; }
    public string? VpcUuid { get; init; }
    public string? UserData { get; init; }
    public List<JsonElement>? Volumes { get; init; }
    public bool? Monitoring { get; init; }
    public bool? Ipv6 { get; init; }
    public bool? Backups { get; init; }
    public bool? PublicNetworking { get; init; }
}

internal sealed record ActionRequest
{
    public string? Type { get; init; }
    public string? Size { get; init; }
    public bool Disk { get; init; }
    public string? Name { get; init; }
}

internal sealed record KeyRequest
{
    public string? Name { get; init; }
    public string? PublicKey { get; init; }
}

internal sealed record VpcRequest
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? Region { get; init; }
    public string? IpRange { get; init; }
}

internal sealed record FirewallRequest
{
    public string? Name { get; init; }
    public List<InboundRule>? InboundRules { get; init; }
    public List<OutboundRule>? OutboundRules { get; init; }
    public List<long>? DropletIds { get; init; }
    public List<string>? Tags { get; init; }
}

internal sealed record TagRequest
{
    public string? Name { get; init; }
}

internal sealed record TaggedResource
{
    public JsonElement ResourceId { get; init; }
    public string? ResourceType { get; init; }
}

internal sealed record TaggingRequest
{
    public List<TaggedResource>? Resources { get; init; }
}
