using System.Collections.Immutable;
using System.Text;
using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>States to test with. The cipher is derived once for all tests: it takes a good part of a second.</summary>
internal static class States
{
    public const string Passphrase = "correct horse";

    public const string ProviderUrn = "urn:pulumi:lab::try::pulumi:providers:random::default";

    public const string StackUrn = "urn:pulumi:lab::try::pulumi:pulumi:Stack::try-lab";

    public const string ResourceUrn = "urn:pulumi:lab::try::random:index/randomBytes:RandomBytes::key";

    private static readonly Lazy<PassphraseVault> SharedVault = new(() =>
    {
        var vault = new PassphraseVault(new FixedPassphrase(Passphrase));
        Salt = vault.Create().Salt;
        return vault;
    });

    public static PassphraseVault Vault => SharedVault.Value;

    public static string Salt { get; private set; } = "";

    public static ResourceState Stack { get; } = new()
    {
        Urn = StackUrn,
        Type = "pulumi:pulumi:Stack",
        Custom = false,
        Outputs = Map(("address", "10.0.0.1"), ("password", new PropertyValue.Secret("hunter2hunter"))),
    };

    public static ResourceState Provider { get; } = new()
    {
        Urn = ProviderUrn,
        Type = "pulumi:providers:random",
        Custom = true,
        Id = "6f0e3b1c-9a55-4d52-8d3c-6e0f6f3f2b11",
        Inputs = Map(("version", "4.21.1")),
    };

    public static PropertyValue Nested
    {
        get
        {
            var inner = new PropertyValue.Object(Map(("again", new PropertyValue.Secret("matryoshka"))));
            return new PropertyValue.Object(Map(("inner", new PropertyValue.Secret(inner))));
        }
    }

    public static ResourceState Resource { get; } = new()
    {
        Urn = ResourceUrn,
        Type = "random:index/randomBytes:RandomBytes",
        Custom = true,
        Id = "abc",
        Parent = StackUrn,
        Provider = $"{ProviderUrn}::{Provider.Id}",
        Protect = true,
        RetainOnDelete = true,
        Inputs = Map(("length", 32.0), ("list", new PropertyValue.Array(["<a&b>", true, PropertyValue.Nothing, 1.5, PropertyValue.NotKnown]))),
        Outputs = Map(
            ("hex", new PropertyValue.Secret("c0ffee-c0ffee")),
            ("deep", Nested),
            ("ref", new PropertyValue.Reference(StackUrn, null))),
        Dependencies = [StackUrn],
        PropertyDependencies = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add("length", [StackUrn]).Add("list", []),
        AdditionalSecretOutputs = ["hex"],
        IgnoreChanges = ["length"],
        ReplaceOnChanges = ["list[0]"],
        InitErrors = ["not yet"],
        CustomTimeouts = new Timeouts(TimeSpan.FromMinutes(2), null, TimeSpan.FromSeconds(1.5)),
        DeletedWith = StackUrn,
        Created = new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero),
        Modified = new DateTimeOffset(2026, 8, 2, 12, 0, 0, 123, TimeSpan.Zero),
        Unused = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("sourcePosition", "\"project:///Program.cs#3\"").Add("resourceHooks", """{"beforeCreate":["x"]}"""),
    };

    public static Snapshot Full { get; } = new(
        [Stack, Provider, Resource, Resource with { Id = "old", Delete = true, PendingReplacement = false }],
        [new PendingOperation(Resource with { Urn = ResourceUrn + "2", Id = "", Outputs = PropertyMap.Empty }, OperationKind.Creating)]);

    public static PropertyMap Map(params (string Key, PropertyValue Value)[] properties) =>
        PropertyMap.From(properties.Select(p => KeyValuePair.Create(p.Key, p.Value)));

    public static SealedValues Seals(string? salt = null) => new(() => salt is null ? SharedVaultCipher() : Vault.Open(salt));

    public static string Write(Snapshot snapshot, SealedValues seals, DeploymentForm form = DeploymentForm.Checkpoint, SecretsForm secrets = SecretsForm.Sealed) =>
        Encoding.UTF8.GetString(DeploymentWriter.Write(Deployment.Empty with { Snapshot = snapshot }, form, "organization/try/lab", secrets, seals, () => Salt, DateTimeOffset.UnixEpoch));

    public static (Deployment Deployment, SealedValues Seals) Read(string json) => DeploymentReader.Read(Encoding.UTF8.GetBytes(json), Seals);

    private static PassphraseCipher SharedVaultCipher()
    {
        var vault = Vault;
        return vault.Open(Salt);
    }
}
