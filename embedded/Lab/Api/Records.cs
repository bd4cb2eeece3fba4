using System.Text.Json.Serialization;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>Everything the lab remembers; one JSON file.</summary>
internal sealed class LabRecords
{
    /// <summary>The next number for a droplet, key or action. It starts from the clock, so that ids of an earlier lab do not come back.</summary>
    public long NextId { get; set; }

    public long LastPublicAddress { get; set; }
    public List<DropletRecord> Droplets { get; init; } = [];
    public List<ActionRecord> Actions { get; init; } = [];
    public List<KeyRecord> Keys { get; init; } = [];
    public List<VpcRecord> Vpcs { get; init; } = [];
    public List<FirewallRecord> Firewalls { get; init; } = [];
    public List<string> Tags { get; init; } = [];
}

[JsonConverter(typeof(JsonStringEnumConverter<DropletPhase>))]
internal enum DropletPhase
{
    New,
    Active,
    Deleting,
}

internal sealed class DropletRecord
{
    public required long Id { get; init; }
    public required string Name { get; set; }

    /// <summary>The name it was born with; a rename does not reach into the host.</summary>
    public required string HostName { get; init; }

    public required string Region { get; init; }
    public required string Size { get; set; }

    /// <summary>Disk in GiB: grows for good when a resize says so.</summary>
    public required int Disk { get; set; }

    public required List<string> Tags { get; init; }
    public required string VpcId { get; init; }
    public required string PublicAddress { get; init; }
    public required string PrivateAddress { get; init; }
    public required List<string> AuthorizedKeys { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public List<string> Features { get; init; } = [];

    /// <summary>For whom it was made; null where that cannot be told.</summary>
    public LabUser? Owner { get; init; }
    public DropletPhase Phase { get; set; }

    /// <summary>Whether the lab boots it again where it finds it killed.</summary>
    public bool PoweredOn { get; set; } = true;
}

internal sealed class ActionRecord
{
    public required long Id { get; init; }
    public required string Type { get; init; }
    public required long DropletId { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; set; }
    public string Status { get; set; } = InProgress;

    /// <summary>Why it failed, where that is known.</summary>
    public string? Message { get; set; }

    public const string InProgress = "in-progress";
    public const string Completed = "completed";
    public const string Errored = "errored";
}

internal sealed class KeyRecord
{
    public required long Id { get; init; }
    public required string Name { get; set; }
    public required string PublicKey { get; init; }
    public required string Fingerprint { get; init; }
}

internal sealed class VpcRecord
{
    public required string Id { get; init; }
    public required string Name { get; set; }
    public required string Description { get; set; }
    public required string Region { get; init; }
    public required string IpRange { get; init; }
    public required bool Default { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Number of its bridge on this machine.</summary>
    public required int Network { get; init; }

    public long LastAddress { get; set; }
}

internal sealed class FirewallRecord
{
    public required string Id { get; init; }
    public required string Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public List<InboundRule> InboundRules { get; set; } = [];
    public List<OutboundRule> OutboundRules { get; set; } = [];
    public List<long> DropletIds { get; set; } = [];
    public List<string> Tags { get; set; } = [];
}

/// <summary>Who a firewall rule speaks of.</summary>
internal sealed record Peers
{
    public List<string>? Addresses { get; init; }
    public List<long>? DropletIds { get; init; }
    public List<string>? Tags { get; init; }
    public List<string>? LoadBalancerUids { get; init; }
    public List<string>? KubernetesIds { get; init; }
}

/// <summary>What comes in: protocol tcp, udp or icmp; ports "all", "22" or "8000-9000".</summary>
internal sealed record InboundRule
{
    public string? Protocol { get; init; }
    public string? Ports { get; init; }
    public Peers? Sources { get; init; }
}

/// <summary>What goes out: protocol tcp, udp or icmp; ports "all", "22" or "8000-9000".</summary>
internal sealed record OutboundRule
{
    public string? Protocol { get; init; }
    public string? Ports { get; init; }
    public Peers? Destinations { get; init; }
}
