using MesosStack.Embedded.Engine.Configuration;

namespace MesosStack.Embedded.Cli;

/// <summary>The commands that concern the lab: <c>lab start</c>, <c>lab stop</c>, <c>lab status</c>.</summary>
internal static class LabCommands
{
    private static readonly Uri UsualAddress = new("http://127.0.0.1:17900");

    /// <summary>The lab at the stack's own address where it has one, else at the usual one.</summary>
    public static ILab Of(CliHost host, StackSession session)
    {
        var endpoint = StackConfiguration.Find(session.Project, session.File, StackSession.ApiEndpointKey, session.OpenSealed);
        return host.Lab(StackSession.LoopbackAddress(endpoint) ?? UsualAddress);
    }

    public static async Task<int> StartAsync(CliHost host, ILab lab, CancellationToken cancellation)
    {
        if (lab.IsRunning())
        {
            host.Output.WriteLine("The lab is running.");
        }
        else
        {
            await lab.StartAsync(host.Output.WriteLine, cancellation);
            await lab.WaitUntilReadyAsync(cancellation);
        }

        return ExitCodes.Success;
    }

    public static async Task<int> StopAsync(CliHost host, ILab lab)
    {
        host.Output.WriteLine(await lab.StopAsync(host.Output.WriteLine) ? "The lab is gone." : "There is no lab to stop.");
        return ExitCodes.Success;
    }

    public static Task<int> StatusAsync(CliHost host, ILab lab)
    {
        foreach (var line in lab.Status())
        {
            host.Output.WriteLine(line);
        }

        return Task.FromResult(ExitCodes.Success);
    }
}
