using System.Text.RegularExpressions;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>What the API refuses, and the names it takes.</summary>
internal static partial class Rules
{
    /// <summary>Answers 422 where a condition holds.</summary>
    public static void Refuse(bool condition, string message)
    {
        if (condition)
        {
            throw ApiException.Unprocessable(message);
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?\z")]
    public static partial Regex HostName();

    [GeneratedRegex(@"\A[a-zA-Z0-9.-]{1,250}\z")]
    public static partial Regex VpcName();

    [GeneratedRegex(@"\A[a-zA-Z0-9:_-]{1,255}\z")]
    public static partial Regex TagName();
}
