using MesosStack.Embedded.Cli.Status;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Providers;
using Spectre.Console;

namespace MesosStack.Embedded.Cli;

/// <summary>What the commands get from outside, so that tests can give them something else.</summary>
internal sealed record CliHost
{
    public required IAnsiConsole Console { get; init; }
    public required TextWriter Output { get; init; }
    public required TextWriter Error { get; init; }
    public required TextReader Input { get; init; }

    /// <summary>Whether a person can be asked.</summary>
    public required bool Interactive { get; init; }

    /// <summary>Whether standard output is a terminal that can be drawn on.</summary>
    public required bool Live { get; init; }

    /// <summary>The directory that the command was given in.</summary>
    public required string Directory { get; init; }

    public required Func<string, string?> Environment { get; init; }
    public required Func<IEngine> Engine { get; init; }

    /// <summary>Makes the providers by package.</summary>
    public required Func<IReadOnlyDictionary<string, IProvider>> Providers { get; init; }

    /// <summary>Lists the droplets of an account.</summary>
    public required ListDroplets Droplets { get; init; }

    /// <summary>The lab behind an API address, as one stack uses it.</summary>
    public required Func<Uri, LabUser, ILab> Lab { get; init; }

    /// <summary>Is the lab that a file of options describes, until cancelled; gives the exit code.</summary>
    public required Func<string, CancellationToken, Task<int>> ServeLab { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
