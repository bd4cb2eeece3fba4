namespace MesosStack.Embedded.Cli;

/// <summary>What the commands need of the lab, the local DigitalOcean.</summary>
internal interface ILab
{
    bool IsRunning();

    /// <summary>Notes that this process uses it, so that no other process ends it, until the result is disposed. Waits for whoever starts or ends it just now.</summary>
    /// <param name="progress">Takes a line where it has to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IDisposable> UseAsync(Action<string> progress, CancellationToken cancellation);

    /// <summary>Starts it in the background; does not wait until it answers.</summary>
    /// <param name="progress">Takes a line for every part that takes time.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task StartAsync(Action<string> progress, CancellationToken cancellation);

    /// <summary>Waits until the lab that was started answers.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    Task WaitUntilReadyAsync(CancellationToken cancellation);

    /// <summary>Stops it and removes all that it made; tells whether it ran.</summary>
    /// <param name="progress">Takes a line for every part.</param>
    /// <param name="all">Also where others use it, or have droplets in it.</param>
    Task<bool> StopAsync(Action<string> progress, bool all);

    /// <summary>Stops it where it holds no droplet and no other process uses it.</summary>
    Task StopIfUnusedAsync(Action<string> progress);

    /// <summary>The droplets of stacks whose folder is gone, in a sentence; null where there are none.</summary>
    string? Leftovers();

    /// <summary>Removes those.</summary>
    Task PruneAsync(Action<string> progress);

    /// <summary>Switches a droplet on; says what happened.</summary>
    Task<string> PowerOnAsync(string name);

    /// <summary>What is there, as lines for a person.</summary>
    IReadOnlyList<string> Status();

    /// <summary>The ids of its droplets, whoever made them.</summary>
    IReadOnlyList<string> DropletIds();

    /// <summary>Opens a shell on a droplet, or runs a command there; gives its exit code.</summary>
    Task<int> ShellAsync(string name, IReadOnlyList<string> command);

    /// <summary>Shows a droplet's journal; gives the exit code of what shows it.</summary>
    /// <param name="name">The droplet.</param>
    /// <param name="follow">Goes on with new lines until interrupted.</param>
    Task<int> LogsAsync(string name, bool follow);
}
