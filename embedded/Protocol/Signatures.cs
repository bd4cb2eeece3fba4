namespace MesosStack.Embedded.Protocol;

/// <summary>The constants by which special values are recognised on Pulumi's wire and in its state files.</summary>
public static class Signatures
{
    /// <summary>The key that marks a struct as a special value.</summary>
    public const string Key = "4dabf18193072939515e22adb298388d";

    /// <summary>A secret: <c>{Key: Secret, value: V}</c> on the wire, <c>{Key: Secret, ciphertext: C}</c> in state.</summary>
    public const string Secret = "1b47061264138c4ac30d75fd1eb44270";

    /// <summary>A reference to a resource: <c>{Key, urn, id?, packageVersion?}</c>; <c>id</c> is there for custom resources only.</summary>
    public const string ResourceReference = "5cf8f73096256a8f31e491e813e4eb8e";

    /// <summary>An output value: <c>{Key, value?, secret?, dependencies?}</c>; without <c>value</c> it is unknown.</summary>
    public const string OutputValue = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

    /// <summary>An asset: <c>{Key, text | path | uri, hash?}</c>.</summary>
    public const string Asset = "c44067f5952c0a294b673a41bacd8c17";

    /// <summary>An archive: <c>{Key, assets | path | uri, hash?}</c>.</summary>
    public const string Archive = "0def7320c3a5731c473e5ecbe6d01bc7";

    /// <summary>The string that stands for any value not known yet; the only one the .NET SDK sends.</summary>
    public const string UnknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    /// <summary>All strings that stand for an unknown value: providers send one per type.</summary>
    public static readonly IReadOnlySet<string> Unknowns = new HashSet<string>(StringComparer.Ordinal)
    {
        UnknownString,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
        "030794c1-ac77-496b-92df-f27374a8bd58", // asset
        "e48ece36-62e2-4504-bad9-02848725956a", // archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
    };
}
