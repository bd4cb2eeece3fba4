namespace MesosStack.Embedded.Engine.Configuration;

/// <summary>Pulumi.yaml or a stack's file is not as it should be; every fault is told at once. A long list, and long faults, are cut, and it says so.</summary>
public sealed class ConfigurationException : Exception
{
    private const int MostFaults = 50;

    /// <summary>One fault.</summary>
    public ConfigurationException(string fault, Exception? inner = null)
        : base(Shown.Message(fault), inner) => Faults = [Message];

    /// <summary>Several faults.</summary>
    public ConfigurationException(IReadOnlyList<string> faults)
        : base(string.Join(Environment.NewLine, Cut(faults))) => Faults = Cut(faults);

    /// <summary>The faults, each with its file and key.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static List<string> Cut(IReadOnlyList<string> faults) => faults.Count <= MostFaults
        ? [.. faults.Select(Shown.Message)]
        : [.. faults.Take(MostFaults).Select(Shown.Message), $"and {faults.Count - MostFaults} more, which are left out here; they are told once these are corrected"];
}
