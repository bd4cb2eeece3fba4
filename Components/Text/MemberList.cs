using System.Security.Cryptography;
using System.Text;

namespace MesosStack.Components.Text;

/// <summary>The members of a cluster as standard input of the scripts that look at all of it.</summary>
public static class MemberList
{
    /// <summary>For <c>readiness.sh</c>: every master and agent, and a checksum of all descriptions, so that the check runs again when one of them changes.</summary>
    /// <param name="masters">Names of the masters.</param>
    /// <param name="agents">Names of the agents.</param>
    /// <param name="descriptions">The description of every member.</param>
    public static string Whole(IEnumerable<string> masters, IEnumerable<string> agents, IEnumerable<string> descriptions) =>
        $"{Lines("master", masters)}{Lines("agent", agents)}descriptions {Checksum(string.Concat(descriptions))}\n";

    /// <summary>For <c>drain.sh</c>: every agent. One that leaves the list is drained before its droplet is deleted.</summary>
    /// <param name="agents">Names of the agents.</param>
    public static string Agents(IEnumerable<string> agents) => $"# An agent that leaves this list is drained before its droplet is deleted.\n{Lines("agent", agents)}";

    /// <summary>Twelve hexadecimal digits that tell one text from another.</summary>
    public static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    private static string Lines(string kind, IEnumerable<string> names) => string.Concat(names.Select(name => $"{kind} {name}\n"));
}
