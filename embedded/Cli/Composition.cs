using MesosStack.Embedded.Cli.Status;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Operations;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using MesosStack.Embedded.Providers.Command;
using MesosStack.Embedded.Providers.DigitalOcean;
using MesosStack.Embedded.Providers.Random;
using Spectre.Console;

namespace MesosStack.Embedded.Cli;

/// <summary>Puts the real things together: the only place that knows engine, providers and lab by name.</summary>
internal static class Composition
{
    public static CliHost MakeHost()
    {
        var terminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";
        return new CliHost
        {
            Console = AnsiConsole.Console,
            Output = Console.Out,
            Error = Console.Error,
            Input = Console.In,
            Interactive = terminal && !Console.IsInputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")),
            Live = terminal,
            Directory = Environment.CurrentDirectory,
            Environment = Environment.GetEnvironmentVariable,
            Engine = () => new DeploymentEngine(),
            Providers = () => new IProvider[] { new CommandProvider(), new DigitalOceanProvider(), new RandomProvider() }.ToDictionary(p => p.Package, StringComparer.Ordinal),
            Droplets = DropletsAsync,
            Lab = (address, user) => new NspawnLab(address, user),
            ServeLab = NspawnLab.ServeAsync,
        };
    }

    private static async Task<IReadOnlyList<CloudDroplet>> DropletsAsync(PropertyMap settings, string tag, CancellationToken cancellation)
    {
        using var provider = new DigitalOceanProvider();
        await provider.ConfigureAsync(settings, cancellation);
        return [.. (await provider.DropletsAsync(tag, cancellation)).Select(d => new CloudDroplet(d.Id, d.Name, d.Status))];
    }
}
