namespace MesosStack.Embedded.Cli;

/// <summary>Stands where the lab will be: says that it is not part of this build.</summary>
internal sealed class AbsentLab(Uri address) : ILab
{
    public Task<bool> IsRunningAsync(CancellationToken cancellation) => Task.FromResult(false);

    public Task StartAsync(Action<string> progress, CancellationToken cancellation) => throw Absent();

    public Task<bool> StopAsync(Action<string> progress, CancellationToken cancellation) => throw Absent();

    public Task<IReadOnlyList<string>> StatusAsync(CancellationToken cancellation) => throw Absent();

    public Task<int> CountDropletsAsync(CancellationToken cancellation) => throw Absent();

    public Task<int> ShellAsync(string name, IReadOnlyList<string> command, CancellationToken cancellation) => throw Absent();

    public Task<int> LogsAsync(string name, IReadOnlyList<string> options, CancellationToken cancellation) => throw Absent();

    public Task<int> ServeAsync(CancellationToken cancellation) => throw Absent();

    private CommandException Absent() => new($"this build has no lab, and nothing answers at {address}");
}
