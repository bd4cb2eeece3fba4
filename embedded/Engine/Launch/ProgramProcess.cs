using System.Diagnostics;
using MesosStack.Embedded.Engine.Secrets;

namespace MesosStack.Embedded.Engine.Launch;

/// <summary>Runs programs as processes of this machine, tied to the life of this one.</summary>
internal sealed class ProgramProcessHost : IProgramHost
{
    /// <inheritdoc />
    public IRunningProgram Start(ProgramCommand command, IReadOnlyDictionary<string, string> environment, Action<string, bool> output)
    {
        var start = new ProcessStartInfo(command.File, command.Arguments)
        {
            WorkingDirectory = command.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove(PassphraseVariables.Text);
        start.Environment.Remove(PassphraseVariables.File);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ProgramProcess(start, output);
    }

    private sealed class ProgramProcess : IRunningProgram
    {
        // A child process of the program may keep the streams open after the program has ended.
        private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(1);

        private readonly Process _process;
        private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ProgramProcess(ProcessStartInfo start, Action<string, bool> output)
        {
            _process = new Process { StartInfo = start, EnableRaisingEvents = true };
            _process.Exited += (_, _) => _exited.TrySetResult();
            _process.OutputDataReceived += (_, line) => Pass(line.Data, false);
            _process.ErrorDataReceived += (_, line) => Pass(line.Data, true);
            _process.Start();
            AppDomain.CurrentDomain.ProcessExit += Kill;
            _process.StandardInput.Close();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            Exit = WaitAsync();

            void Pass(string? line, bool isError)
            {
                if (line is not null)
                {
                    output(line, isError);
                }
            }
        }

        public Task<int> Exit { get; }

        public async ValueTask DisposeAsync()
        {
            Kill(null, EventArgs.Empty);
            await Exit;
            AppDomain.CurrentDomain.ProcessExit -= Kill;
            _process.Dispose();
        }

        private async Task<int> WaitAsync()
        {
            await _exited.Task;
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(LastLines));
            return _process.ExitCode;
        }

        private void Kill(object? sender, EventArgs args)
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
    }
}
