using MesosStack.Embedded.Engine.Configuration;

namespace MesosStack.Embedded.Cli;

/// <summary>The commands that concern the lab as a whole.</summary>
internal static class LabCommands
{
    private static readonly Uri UsualAddress = new("http://127.0.0.1:17900");

    /// <summary>The lab at the stack's own address where it has one, else at the usual one.</summary>
    public static ILab Of(CliHost host, StackSession session)
    {
        var endpoint = StackConfiguration.Find(session.Project, session.File, StackSession.ApiEndpointKey, session.OpenSealed);
        return host.Lab(StackSession.LoopbackAddress(endpoint) ?? UsualAddress, session.LabUser);
    }

    public static async Task<int> StartAsync(CliHost host, ILab lab, CancellationToken cancellation)
    {
        using var use = await lab.UseAsync(host.Output.WriteLine, cancellation);
        if (!await LaunchAsync(host, lab, cancellation))
        {
            host.Output.WriteLine("The lab is running.");
        }

        return ExitCodes.Success;
    }

    public static async Task<int> StopAsync(CliHost host, ILab lab, bool all)
    {
        host.Output.WriteLine(await lab.StopAsync(host.Output.WriteLine, all) ? "The lab is gone." : "There is no lab to stop.");
        return ExitCodes.Success;
    }

    /// <summary>Removes what stacks left whose folder is gone. A lab that does not run is started for that, and is ended again where nothing else is in it.</summary>
    public static async Task<int> PruneAsync(CliHost host, ILab lab, CancellationToken cancellation)
    {
        if (lab.Leftovers() is null)
        {
            host.Output.WriteLine("There is nothing to remove: the folder of every stack that has droplets is there.");
            return ExitCodes.Success;
        }

        using var use = await lab.UseAsync(host.Output.WriteLine, cancellation);
        var launched = await LaunchAsync(host, lab, cancellation);
        await lab.PruneAsync(host.Output.WriteLine);
        if (launched)
        {
            await lab.StopIfUnusedAsync(host.Output.WriteLine);
        }

        return ExitCodes.Success;
    }

    public static async Task<int> PowerOnAsync(CliHost host, ILab lab, string name)
    {
        host.Output.WriteLine(await lab.PowerOnAsync(name));
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

    // Whether it was started now.
    private static async Task<bool> LaunchAsync(CliHost host, ILab lab, CancellationToken cancellation)
    {
        if (lab.IsRunning())
        {
            return false;
        }

        await lab.StartAsync(host.Output.WriteLine, cancellation);
        await lab.WaitUntilReadyAsync(cancellation);
        return true;
    }
}
