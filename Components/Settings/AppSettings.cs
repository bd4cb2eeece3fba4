using System.Collections.Immutable;
using System.Text.Json;

namespace MesosStack.Components.Settings;

/// <summary>An app for Marathon, in the shape of its <c>/v2/apps</c>.</summary>
public sealed record AppSettings
{
    /// <summary>Path-like id without a leading slash, such as <c>hello</c> or <c>shop/web</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Shell command that Marathon keeps running.</summary>
    public required string Cmd { get; init; }

    /// <summary>CPU shares of one instance. Marathon's web form fills in 0.1.</summary>
    public required double Cpus { get; init; }

    /// <summary>Memory of one instance in MB. Marathon's web form fills in 16.</summary>
    public required double Mem { get; init; }

    /// <summary>Disk of one instance in MB.</summary>
    public required double Disk { get; init; }

    /// <summary>Number of instances.</summary>
    public required int Instances { get; init; }

    /// <summary>Service ports; 0 lets Marathon choose.</summary>
    public required ImmutableArray<int> Ports { get; init; }

    /// <summary>Further fields, handed to Marathon as they are, by name.</summary>
    public required ImmutableSortedDictionary<string, JsonElement> Further { get; init; }

    /// <summary>Whether one of its texts was configured as a secret. Pulumi tells of the setting as a whole only, so it is all apps of a stack or none.</summary>
    public bool HoldsSecrets { get; init; }
}
