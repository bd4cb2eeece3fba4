namespace MesosStack.Embedded.Engine.Configuration;

/// <summary>Pulumi.yaml or a stack's file is not as it should be; every fault is told at once.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>One fault.</summary>
    public ConfigurationException(string fault, Exception? inner = null)
        : base(fault, inner) => Faults = [fault];

    /// <summary>Several faults.</summary>
    public ConfigurationException(IReadOnlyList<string> faults)
        : base(string.Join(Environment.NewLine, faults)) => Faults = faults;

    /// <summary>The faults, each with its file and key.</summary>
    public IReadOnlyList<string> Faults { get; }
}
