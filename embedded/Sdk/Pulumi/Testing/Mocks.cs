using System.Collections.Immutable;

namespace Pulumi.Testing;

/// <summary>Answers in place of an engine and its providers.</summary>
public interface IMocks
{
    /// <summary>Makes a resource or a component.</summary>
    /// <returns>Its id, null for unknown, and its outputs as a dictionary or arguments.</returns>
    Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args);

    /// <summary>Answers a function. The embedded SDK calls none.</summary>
    Task<object> CallAsync(MockCallArgs args);
}

/// <summary>A resource that a mock makes.</summary>
public class MockResourceArgs
{
    /// <summary>The type token.</summary>
    public string? Type { get; set; }

    /// <summary>The name.</summary>
    public string? Name { get; set; }

    /// <summary>The known arguments; secrets in clear, numbers as doubles.</summary>
    public ImmutableDictionary<string, object> Inputs { get; set; } = ImmutableDictionary<string, object>.Empty;
}

/// <summary>A function that a mock answers.</summary>
public class MockCallArgs
{
    /// <summary>The function's token.</summary>
    public string? Token { get; set; }
}

/// <summary>The deployment in which a test runs.</summary>
public class TestOptions
{
    /// <summary>The project's name, <c>project</c> where null.</summary>
    public string? ProjectName { get; set; }

    /// <summary>The stack's name, <c>stack</c> where null.</summary>
    public string? StackName { get; set; }

    /// <summary>Whether it is a preview; where null it is.</summary>
    public bool? IsPreview { get; set; }
}
