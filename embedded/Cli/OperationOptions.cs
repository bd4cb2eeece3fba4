namespace MesosStack.Embedded.Cli;

/// <summary>The options that <c>up</c>, <c>preview</c> and <c>destroy</c> share.</summary>
internal sealed record OperationOptions
{
    /// <summary>The stack's short name.</summary>
    public required string Stack { get; init; }

    /// <summary>Where to look for the project; null for the current directory.</summary>
    public string? Directory { get; init; }

    /// <summary>Ask nobody.</summary>
    public bool Yes { get; init; }

    /// <summary>Update without a preview.</summary>
    public bool SkipPreview { get; init; }

    /// <summary>The file for the Markdown of a preview; null for none.</summary>
    public string? Markdown { get; init; }

    /// <summary>Show properties.</summary>
    public bool Diff { get; init; }

    /// <summary>How many resources at once; null for the engine's choice.</summary>
    public int? Parallel { get; init; }

    /// <summary>Fail where anything changes.</summary>
    public bool ExpectNoChanges { get; init; }

    /// <summary>Read everything back first.</summary>
    public bool Refresh { get; init; }

    /// <summary>Forget creates that an earlier run could not see to their end.</summary>
    public bool ClearPendingCreates { get; init; }

    /// <summary>One JSON document instead of text.</summary>
    public bool Json { get; init; }

    /// <summary>A built program to run in place of the project's.</summary>
    public string? Program { get; init; }
}
