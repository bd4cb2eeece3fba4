using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Providers;
using Spectre.Console;

namespace MesosStack.Embedded.Cli;

/// <summary>What the commands get from outside, so that tests can give them something else.</summary>
internal sealed record CliHost
{
    /// <summary>The terminal.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Standard output, for what a script may read.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input.</summary>
    public required TextReader Input { get; init; }

    /// <summary>Whether a person can be asked.</summary>
    public required bool Interactive { get; init; }

    /// <summary>Whether standard output is a terminal that can be drawn on.</summary>
    public required bool Live { get; init; }

    /// <summary>The directory that the command was given in.</summary>
    public required string Directory { get; init; }

    /// <summary>The environment.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Makes an engine.</summary>
    public required Func<IEngine> Engine { get; init; }

    /// <summary>Makes the providers by package.</summary>
    public required Func<IReadOnlyDictionary<string, IProvider>> Providers { get; init; }

    /// <summary>The lab behind an API address.</summary>
    public required Func<Uri, ILab> Lab { get; init; }

    /// <summary>Is the lab that a file of options describes, until cancelled; gives the exit code.</summary>
    public required Func<string, CancellationToken, Task<int>> ServeLab { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
