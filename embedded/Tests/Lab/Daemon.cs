using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Lab.Control;

namespace MesosStack.Embedded.Tests.Lab;

/// <summary>The lab's daemon, as the host tests start it: <c>dotnet MesosStack.Embedded.Tests.Lab.dll OPTIONS-FILE</c>.</summary>
internal static class Daemon
{
    public static async Task<int> Main(string[] arguments)
    {
        try
        {
            await LabDaemon.RunAsync(LabOptions.Load(arguments[0]));
            return 0;
        }
        catch (LabException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
