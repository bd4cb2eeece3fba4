namespace Pulumi.Random;

internal static class Package
{
    /// <summary>The version of the official package that this slice follows; sent with every resource, so that an official engine takes the provider of that version.</summary>
    public const string Version = "4.21.1";
}
