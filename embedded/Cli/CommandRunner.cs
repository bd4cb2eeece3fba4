using System.CommandLine;
using System.ComponentModel;
using MesosStack.Embedded.Engine.Configuration;
using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Lab;

namespace MesosStack.Embedded.Cli;

/// <summary>Runs one command line, and turns what goes wrong into a message and an exit code.</summary>
internal static class CommandRunner
{
    private const string TraceVariable = "MESOS_STACK_TRACE";

    /// <summary>Runs it; gives the exit code.</summary>
    public static async Task<int> RunAsync(CliHost host, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var traces = !string.IsNullOrEmpty(host.Environment(TraceVariable));
        var parsed = new CommandTree(host).Make().Parse([.. arguments]);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                host.Error.WriteLine($"error: {error.Message}");
            }

            host.Error.WriteLine($"See: mesos-stack {(parsed.CommandResult == parsed.RootCommandResult ? "" : parsed.CommandResult.Command.Name + " ")}--help");
            return ExitCodes.Configuration;
        }

        try
        {
            // Signals are the caller's, and so is what is thrown.
            var configuration = new InvocationConfiguration { Output = host.Output, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (Exception e)
        {
            var (message, code) = e switch
            {
                CommandException command => (command.Message, command.ExitCode),
                ConfigurationException configuration => (string.Join(Environment.NewLine + "error: ", configuration.Faults), ExitCodes.Configuration),
                SecretsException => (e.Message, ExitCodes.Configuration),
                StateException or LabException or Win32Exception or IOException or UnauthorizedAccessException or HttpRequestException => (e.Message, ExitCodes.Failure),
                OperationCanceledException when cancellation.IsCancellationRequested => ("stopped on request", ExitCodes.Cancelled),
                _ => ($"{e.GetType().Name}: {e.Message}{Environment.NewLine}This is a fault of mesos-stack itself.{(traces ? Environment.NewLine + e : $" With {TraceVariable}=1 it says where.")}", ExitCodes.Internal),
            };
            host.Error.WriteLine($"error: {message}");
            return code;
        }
    }
}
