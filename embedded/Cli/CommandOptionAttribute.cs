namespace MesosStack.Embedded.Cli;

/// <summary>Makes a property of <see cref="CommandOptions"/> an option of the command line.</summary>
/// <param name="verbs">The verbs that take it.</param>
/// <param name="name">Its name, with both dashes.</param>
/// <param name="description">What the help says of it.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CommandOptionAttribute(Verbs verbs, string name, string description) : Attribute
{
    public Verbs Verbs { get; } = verbs;

    public string Name { get; } = name;

    public string Description { get; } = description;

    /// <summary>Its short name; null for none.</summary>
    public string? Alias { get; set; }

    /// <summary>What the help calls its value; null where it takes none.</summary>
    public string? Takes { get; set; }
}

/// <summary>The verbs that take options of their own.</summary>
[Flags]
internal enum Verbs
{
    None = 0,
    Up = 1,
    Preview = 1 << 1,
    Destroy = 1 << 2,
    Operations = Up | Preview | Destroy,
    Markdown = 1 << 3,
    StackOutput = 1 << 4,
    StackExport = 1 << 5,
    ConfigSet = 1 << 6,
    LabLogs = 1 << 7,
    LabStop = 1 << 8,

    Status = 1 << 10,

    /// <summary>Verbs without options of their own, too.</summary>
    Every = 1 << 9,
}
