using Pulumi;

namespace MesosStack.Embedded.Tests.SdkProgram;

/// <summary>In place of the official package's class of that name, which the slice has not.</summary>
internal sealed class RandomPet(string name, RandomPetArgs args, CustomResourceOptions? options = null)
    : CustomResource("random:index/randomPet:RandomPet", name, args, CustomResourceOptions.Merge(new CustomResourceOptions { Version = Version }, options))
{
    public const string Version = "4.21.1";

    [Output("prefix")]
    public Output<string?> Prefix { get; private set; } = null!;
}

/// <summary>In place of the official package's class of that name.</summary>
internal sealed class RandomPetArgs : ResourceArgs
{
    [Input("length")]
    public Input<int>? Length { get; set; }

    [Input("prefix")]
    public Input<string>? Prefix { get; set; }
}

/// <summary>In place of the official package's class of that name, which the slice has not.</summary>
internal sealed class RandomUuid(string name, CustomResourceOptions? options = null)
    : CustomResource("random:index/randomUuid:RandomUuid", name, null, CustomResourceOptions.Merge(new CustomResourceOptions { Version = RandomPet.Version }, options));
