namespace Pulumi.Deployments;

/// <summary>Parts of <c>urn:pulumi:stack::project::qualified$type::name</c>.</summary>
internal static class Urns
{
    /// <summary>The types of the resource's parents and its own, joined by <c>$</c>.</summary>
    public static string QualifiedTypeOf(string urn) => urn.Split("::") is [_, _, var type, ..] ? type : throw new FormatException($"not a URN: {urn}");
}
