using System.Globalization;
using System.Text.RegularExpressions;
using MesosStack.Embedded.Cli.Display.Changes;

namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>A host of a cluster, or a part of it.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Role">Master or agent.</param>
/// <param name="Number">Its number in its role.</param>
/// <param name="Part">Which part of it: <c>droplet</c>, <c>scripts</c>, <c>packages</c>, <c>configuration</c>; "" for the host itself.</param>
internal sealed partial record Member(string Cluster, MemberRole Role, int Number, string Part)
{
    /// <summary>The name inside the cluster, such as <c>master-1</c>.</summary>
    public string Name => NameOf(Role, Number);

    /// <summary>The host that it is a part of.</summary>
    public Member Host() => this with { Part = "" };

    public static string NameOf(MemberRole role, int number) => string.Create(CultureInfo.InvariantCulture, $"{(role == MemberRole.Master ? "master" : "agent")}-{number}");

    /// <summary>The member that a resource belongs to; null where it belongs to none.</summary>
    public static Member? Of(ResourceChange change)
    {
        var match = Pattern().Match(change.Name);
        if (!match.Success || !int.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var role = match.Groups["role"].ValueSpan is "master" ? MemberRole.Master : MemberRole.Agent;
        var part = match.Groups["part"].Value;
        var type = part switch
        {
            "" => role == MemberRole.Master ? ResourceTypes.Master : ResourceTypes.Agent,
            "droplet" => ResourceTypes.Droplet,
            "scripts" => ResourceTypes.Copy,
            _ => ResourceTypes.Command,
        };
        return change.Type == type ? new Member(match.Groups["cluster"].Value, role, number, part) : null;
    }

    [GeneratedRegex(@"\A(?<cluster>.+)-(?<role>master|agent)-(?<number>[0-9]{1,6})(-(?<part>droplet|scripts|packages|configuration))?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

/// <summary>What a host is for.</summary>
internal enum MemberRole
{
    Master,
    Agent,
}
