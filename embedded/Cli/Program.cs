using System.Runtime.InteropServices;
using MesosStack.Embedded.Cli;

using var stopping = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandRunner.RunAsync(Composition.MakeHost(), args, stopping.Token);

// The first signal asks; after that the default holds, and the next one ends the process.
void Stop(PosixSignalContext signal)
{
    if (!stopping.IsCancellationRequested)
    {
        signal.Cancel = true;
        Console.Error.WriteLine("Stopping: what runs is brought to its end and saved. Once more ends at once.");
        stopping.Cancel();
    }
}
