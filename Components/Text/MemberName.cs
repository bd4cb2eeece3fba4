using System.Globalization;

namespace MesosStack.Components.Text;

/// <summary>
/// Names of a cluster's members, as descriptions and outputs use them. In a description a name in braces stands for the member's address, which travels apart from it:
/// Pulumi may not know an address yet, and an unknown one would hide all else that a preview could show of the description.
/// </summary>
public static class MemberName
{
    /// <summary>Name of a master.</summary>
    /// <param name="number">From 1.</param>
    public static string Master(int number) => string.Create(CultureInfo.InvariantCulture, $"master-{number}");

    /// <summary>Name of an agent.</summary>
    /// <param name="number">From 1.</param>
    public static string Agent(int number) => string.Create(CultureInfo.InvariantCulture, $"agent-{number}");

    /// <summary>What stands for the address by which other members reach a member.</summary>
    public static string Address(string name) => $"{{{name}}}";

    /// <summary>What stands for a member's public address, where that is another one.</summary>
    public static string PublicAddress(string name) => $"{{{name}.public}}";
}
