using Pulumirpc;

namespace Pulumi;

/// <summary>Messages to the person who runs the program, through the engine.</summary>
/// <remarks>Each method throws <see cref="InvalidOperationException"/> outside of a deployment.</remarks>
public static class Log
{
    /// <summary>A warning.</summary>
    public static void Warn(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null) =>
        Send(LogSeverity.Warning, message, resource, streamId, ephemeral);

    /// <summary>An error; the program goes on, and fails at its end.</summary>
    public static void Error(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null) =>
        Send(LogSeverity.Error, message, resource, streamId, ephemeral);

    private static void Send(LogSeverity severity, string message, Resource? resource, int? streamId, bool? ephemeral) =>
        Deployment.Current.Logger.Log(severity, message, resource, streamId, ephemeral);
}
