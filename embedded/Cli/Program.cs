using System.Runtime.InteropServices;
using MesosStack.Embedded.Cli;
using Spectre.Console;

var host = Composition.MakeHost();
using var stopping = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandRunner.RunAsync(host, args, stopping.Token);

// The first signal asks; after that the default holds, and the next one ends the process.
void Stop(PosixSignalContext signal)
{
    if (!stopping.IsCancellationRequested)
    {
        signal.Cancel = true;
        const string News = "Stopping. Once more ends at once.";
        if (host.Live)
        {
            // Spectre's console writes above the tree that it draws. Other writers would write into the tree.
            host.Console.WriteLine(News);
        }
        else
        {
            host.Error.WriteLine(News);
        }

        stopping.Cancel();
    }
}
