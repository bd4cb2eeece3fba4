namespace Pulumi.DigitalOcean.Outputs;

/// <summary>A droplet that a firewall does not hold for yet.</summary>
[OutputType]
public sealed class FirewallPendingChange
{
    /// <summary>The droplet.</summary>
    public readonly int? DropletId;

    /// <summary>Whether the firewall is being taken away from it.</summary>
    public readonly bool? Removing;

    /// <summary>How far it is.</summary>
    public readonly string? Status;

    [OutputConstructor]
    private FirewallPendingChange(int? dropletId, bool? removing, string? status)
    {
        DropletId = dropletId;
        Removing = removing;
        Status = status;
    }
}
