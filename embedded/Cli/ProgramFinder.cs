using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Configuration;

namespace MesosStack.Embedded.Cli;

/// <summary>Finds the built program of a project: the one that was asked for, the launcher's, or the project's own.</summary>
internal static class ProgramFinder
{
    private const string ProgramVariable = "MESOS_STACK_PROGRAM";

    /// <summary>How to start it. A program that was asked for comes first.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static ProgramCommand Find(CliHost host, Project project, string? asked)
    {
        var directory = Path.GetFullPath(project.Main, project.Directory);
        var file = asked is not null ? Path.GetFullPath(asked, host.Directory)
            : host.Environment(ProgramVariable) is { Length: > 0 } built ? Path.GetFullPath(built, host.Directory)
            : project.Binary is { } binary ? Path.GetFullPath(binary, directory)
            : throw new CommandException("no program to run: give one with --program, or use the launcher ./mesos-stack, which builds it", ExitCodes.Configuration);
        if (!File.Exists(file))
        {
            throw new CommandException($"the program {file} is not there", ExitCodes.Configuration);
        }

        var (executable, arguments) = file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? (DotnetHost(host), new[] { file }) : (file, []);
        return new ProgramCommand(executable, arguments, directory) { ProjectDirectory = project.Directory };
    }

    private static string DotnetHost(CliHost host) =>
        host.Environment("DOTNET_HOST_PATH") is { Length: > 0 } path ? path
        : Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath!
        : "dotnet";
}
