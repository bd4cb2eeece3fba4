namespace Pulumi.Deployments;

/// <summary>Variables of the environment that turn something on.</summary>
internal static class Switches
{
    /// <summary>Whether the variable is <c>1</c> or <c>true</c>, in any case.</summary>
    public static bool IsOn(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } value && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));
}
