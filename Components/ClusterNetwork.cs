using MesosStack.Components.Settings;
using Pulumi;
using Pulumi.DigitalOcean;
using Pulumi.DigitalOcean.Inputs;

namespace MesosStack.Components;

/// <summary>Arguments of <see cref="ClusterNetwork"/>.</summary>
public sealed class ClusterNetworkArgs : ResourceArgs
{
    /// <summary>The cluster's settings.</summary>
    public required ClusterSettings Settings { get; init; }

    /// <summary>Name of everything in it, unique in the account.</summary>
    [Input("name")]
    public required Input<string> Name { get; init; }

    /// <summary>Id of the VPC to use; null makes one.</summary>
    [Input("vpcUuid")]
    public Input<string>? VpcUuid { get; init; }
}

/// <summary>A VPC, the tag that all members carry, and a firewall for that tag: all TCP between members, SSH and the user interfaces from named networks only.</summary>
public sealed class ClusterNetwork : ComponentResource
{
    /// <summary>Declares the network.</summary>
    public ClusterNetwork(string name, ClusterNetworkArgs args, ComponentResourceOptions? options = null)
        : base("mesos-stack:index:ClusterNetwork", name, options)
    {
        var own = new CustomResourceOptions { Parent = this };
        VpcUuid = args.VpcUuid?.ToOutput() ?? new Vpc($"{name}-vpc", new VpcArgs
        {
            Name = args.Name,
            Region = args.Settings.Region,
            IpRange = args.Settings.VpcCidr.Length > 0 ? args.Settings.VpcCidr : (Input<string>?)null,
            Description = "Mesos cluster",
        }, CustomResourceOptions.Merge(own, new CustomResourceOptions
        {
            // DigitalOcean answers 409 while it still lists a deleted droplet as a member.
            CustomTimeouts = new CustomTimeouts { Delete = TimeSpan.FromMinutes(10) },
        })).Id;

        var tag = new Tag($"{name}-tag", new TagArgs { Name = args.Name }, own);
        Firewall = new Firewall($"{name}-firewall", new FirewallArgs
        {
            Name = args.Name,
            Tags = { tag.Name },
            InboundRules = InboundRules(args.Settings, tag),
            OutboundRules =
            {
                Outbound("tcp", "1-65535"),
                Outbound("udp", "1-65535"),
                Outbound("icmp", null),
            },
        }, own);

        TagName = tag.Name;
        RegisterOutputs();
    }

    /// <summary>Id of the VPC.</summary>
    [Output("vpcUuid")]
    public Output<string> VpcUuid { get; private set; }

    /// <summary>The tag that puts a droplet behind the firewall.</summary>
    [Output("tagName")]
    public Output<string> TagName { get; private set; }

    /// <summary>The firewall; droplets come after it, so that none stands open.</summary>
    internal Firewall Firewall { get; }

    private static List<FirewallInboundRuleArgs> InboundRules(ClusterSettings settings, Tag tag)
    {
        List<FirewallInboundRuleArgs> rules =
        [
            new() { Protocol = "tcp", PortRange = "1-65535", SourceTags = { tag.Name } },
            new() { Protocol = "icmp", SourceTags = { tag.Name } },
            new() { Protocol = "tcp", PortRange = "22", SourceAddresses = settings.SshCidrs },
        ];

        // The agents' port is where a browser finds the sandbox of a task.
        string[] interfaces = ["5050", "5051", "8080"];
        return settings.UiCidrs.IsEmpty
            ? rules
            : [.. rules, .. interfaces.Select(port => new FirewallInboundRuleArgs { Protocol = "tcp", PortRange = port, SourceAddresses = settings.UiCidrs })];
    }

    private static FirewallOutboundRuleArgs Outbound(string protocol, string? ports) => new()
    {
        Protocol = protocol,
        PortRange = ports is null ? null : (Input<string>)ports,
        DestinationAddresses = { "0.0.0.0/0", "::/0" },
    };
}
