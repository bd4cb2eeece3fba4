using System.Runtime.ExceptionServices;
using MesosStack.Embedded.Lab.Hosts;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>Brings the rules on machines in line with the firewalls on record.</summary>
internal sealed class FirewallSync(LabState state, IMachineHost host, Action<string> log) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Sets the rules of every droplet that are not what they should be.</summary>
    /// <exception cref="LabException">Those of a droplet cannot be set; the others are.</exception>
    public Task ApplyAsync() => ApplyAsync(_ => true);

    /// <summary>Does the same for the sake of one droplet: that another one's rules cannot be set is told and does not hinder it.</summary>
    /// <exception cref="LabException">The rules of this droplet cannot be set.</exception>
    public Task ApplyForAsync(long droplet) => ApplyAsync(id => id == droplet);

    private async Task ApplyAsync(Func<long, bool> hinders)
    {
        Exception? failure = null;
        await turn.WaitAsync();
        try
        {
            foreach (var (id, rules) in state.Read(FirewallRules.Render))
            {
                try
                {
                    await host.SetFirewallAsync(id, rules);
                }
                catch (Exception e) when (hinders(id))
                {
                    failure ??= e;
                }
                catch (Exception e)
                {
                    log(e.Message);
                }
            }
        }
        finally
        {
            turn.Release();
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Dispose() => turn.Dispose();
}
