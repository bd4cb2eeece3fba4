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
        catch (CommandException e)
        {
            return Fail(e.Message, e.ExitCode);
        }
        catch (ConfigurationException e)
        {
            return Fail(string.Join(Environment.NewLine + "error: ", e.Faults), ExitCodes.Configuration);
        }
        catch (SecretsException e)
        {
            return Fail(e.Message, ExitCodes.Configuration);
        }
        catch (Exception e) when (e is StateException or LabException or Win32Exception or IOException or UnauthorizedAccessException or HttpRequestException)
        {
            return Fail(e.Message, ExitCodes.Failure);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Fail("stopped on request", ExitCodes.Cancelled);
        }
        catch (Exception e)
        {
            return Fail(
                $"{e.GetType().Name}: {e.Message}{Environment.NewLine}This is a fault of mesos-stack itself.{(traces ? Environment.NewLine + e : $" With {TraceVariable}=1 it says where.")}",
                ExitCodes.Internal);
        }

        int Fail(string message, int code)
        {
            host.Error.WriteLine($"error: {message}");
            return code;
        }
    }
}
