namespace Pulumi;

/// <summary>What every resource class of a package does alike. Compiled into each package's assembly, for the official API has no such member.</summary>
internal static class ResourceDefaults
{
    /// <summary>The options of a resource: the package's own, the program's merged over them.</summary>
    public static CustomResourceOptions Merge(CustomResourceOptions? options, string version, IEnumerable<string>? secretOutputs = null, IEnumerable<string>? replaceOnChanges = null) =>
        CustomResourceOptions.Merge(
            new CustomResourceOptions
            {
                Version = version,
                AdditionalSecretOutputs = [.. secretOutputs ?? []],
                ReplaceOnChanges = [.. replaceOnChanges ?? []],
            },
            options);

    /// <summary>An input marked secret. A null value becomes a secret null, as the official packages send it.</summary>
    public static Input<T> Secret<T>(Input<T>? value) => Output.CreateSecret(value.ToOutput());
}
