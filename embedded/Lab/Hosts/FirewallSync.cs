using MesosStack.Embedded.Lab.Api;

namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>Brings the rules on machines in line with the firewalls on record.</summary>
internal sealed class FirewallSync(LabState state, IMachineHost host) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Sets the rules of every droplet that are not what they should be.</summary>
    public async Task ApplyAsync()
    {
        await turn.WaitAsync();
        try
        {
            foreach (var (id, rules) in state.Read(FirewallRules.Render))
            {
                await host.SetFirewallAsync(id, rules);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
