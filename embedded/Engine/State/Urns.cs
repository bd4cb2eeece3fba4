namespace MesosStack.Embedded.Engine.State;

/// <summary>Makes and takes apart URNs: <c>urn:pulumi:STACK::PROJECT::PARENT-TYPES$TYPE::NAME</c>.</summary>
internal static class Urns
{
    /// <summary>The type of every stack's root.</summary>
    public const string StackType = "pulumi:pulumi:Stack";

    private const string ProviderPrefix = "pulumi:providers:";

    /// <summary>The URN of a stack's root.</summary>
    public static string OfStack(string project, string stack) => Create(stack, project, "", StackType, $"{project}-{stack}");

    /// <summary>A URN; the stack as a parent adds nothing to the type.</summary>
    public static string Create(string stack, string project, string parent, string type, string name)
    {
        var parentType = parent.Length == 0 ? "" : QualifiedType(parent);
        var qualified = parentType.Length == 0 || parentType == StackType ? type : $"{parentType}${type}";
        return $"urn:pulumi:{stack}::{project}::{qualified}::{name}";
    }

    /// <summary>The types of a resource and its ancestors, joined by <c>$</c>.</summary>
    public static string QualifiedType(string urn) => Part(urn, 2);

    /// <summary>The type of the resource itself.</summary>
    public static string Type(string urn) => QualifiedType(urn) is var types ? types[(types.LastIndexOf('$') + 1)..] : types;

    /// <summary>The name; it may itself contain <c>::</c>.</summary>
    public static string Name(string urn) => Part(urn, 3);

    /// <summary>The package that a type token belongs to.</summary>
    public static string Package(string type) => type[..type.IndexOf(':', StringComparison.Ordinal)];

    /// <summary>Whether a type token is that of a provider.</summary>
    public static bool IsProvider(string type) => type.StartsWith(ProviderPrefix, StringComparison.Ordinal);

    /// <summary>The type token of a package's provider.</summary>
    public static string ProviderType(string package) => ProviderPrefix + package;

    private static string Part(string urn, int index)
    {
        var parts = urn.Split("::", 4);
        return parts.Length == 4 ? parts[index] : throw new FormatException($"'{urn}' is not a URN");
    }
}
