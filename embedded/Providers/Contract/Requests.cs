using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Providers;

/// <summary>The resource that a request is about.</summary>
/// <param name="Urn">Its URN.</param>
/// <param name="Type">Its type token.</param>
/// <param name="Name">Its name in the program.</param>
public sealed record ResourceKey(string Urn, string Type, string Name);

/// <summary>Inputs to check.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="OldInputs">The checked inputs it has now; null for a new or replaced one.</param>
/// <param name="NewInputs">What the program gave.</param>
public sealed record CheckRequest(ResourceKey Resource, PropertyMap? OldInputs, PropertyMap NewInputs);

/// <summary>Checked inputs, or what is wrong with them.</summary>
public sealed record CheckResult(PropertyMap Inputs, IReadOnlyList<CheckFault> Faults)
{
    /// <summary>Inputs without a fault.</summary>
    public static CheckResult Ok(PropertyMap inputs) => new(inputs, []);
}

/// <summary>One fault in the inputs of a resource.</summary>
public sealed record CheckFault(string Property, string Reason);

/// <summary>A resource and its new inputs, to compare.</summary>
public sealed record DiffRequest(ResourceKey Resource, PropertyMap OldInputs, PropertyMap NewInputs);

/// <summary>How one property differs.</summary>
public enum PropertyDiffKind
{
    /// <summary>It was not there.</summary>
    Add,

    /// <summary>It is no longer there.</summary>
    Delete,

    /// <summary>It has another value.</summary>
    Update,
}

/// <summary>One difference.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Replaces">Whether this difference alone replaces the resource.</param>
public sealed record PropertyDiff(PropertyDiffKind Kind, bool Replaces);

/// <summary>A resource to create.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Inputs">Its checked inputs.</param>
/// <param name="Timeout">How long it may take; null leaves it to the provider.</param>
/// <param name="Preview">Only tell what would be known.</param>
/// <param name="Status">Takes one-line news while it works, such as a running command's last line; never secrets.</param>
public sealed record CreateRequest(ResourceKey Resource, PropertyMap Inputs, TimeSpan? Timeout, bool Preview, Action<string> Status)
{
    /// <summary>Set where an earlier create of this resource was cut off (the state still has it as under way): what it made may be there, and is taken over instead of made twice.</summary>
    public Interruption? Interrupted { get; init; }

    /// <summary>The directory at which relative paths of archives start; "" where this process runs.</summary>
    public string WorkingDirectory { get; init; } = "";
}

/// <summary>A create that was cut off.</summary>
/// <param name="KnownIds">The ids that the state knows already, such as that of the resource to be replaced; never taken over.</param>
public sealed record Interruption(IReadOnlySet<string> KnownIds);

/// <summary>A created resource.</summary>
/// <param name="Id">Its id; "" in a preview where it cannot be known.</param>
/// <param name="Outputs">Its outputs.</param>
public sealed record CreateResult(string Id, PropertyMap Outputs);

/// <summary>A resource to read back.</summary>
public sealed record ReadRequest(ResourceKey Resource, string Id, PropertyMap Inputs, PropertyMap Outputs);

/// <summary>A resource as it is now.</summary>
public sealed record ReadResult(string Id, PropertyMap Inputs, PropertyMap Outputs);

/// <summary>A resource to change in place. <c>Timeout</c>, <c>Preview</c> and <c>Status</c> as in <see cref="CreateRequest"/>.</summary>
public sealed record UpdateRequest(ResourceKey Resource, string Id, PropertyMap OldInputs, PropertyMap OldOutputs, PropertyMap NewInputs, TimeSpan? Timeout, bool Preview, Action<string> Status)
{
    /// <summary>Set where the update before failed or was cut off: what it changed is not known, so nothing may be taken for done.</summary>
    public bool IsRepeated { get; init; }

    /// <inheritdoc cref="CreateRequest.WorkingDirectory" />
    public string WorkingDirectory { get; init; } = "";
}

/// <summary>A resource to delete. <c>Timeout</c> and <c>Status</c> as in <see cref="CreateRequest"/>.</summary>
public sealed record DeleteRequest(ResourceKey Resource, string Id, PropertyMap Inputs, PropertyMap Outputs, TimeSpan? Timeout, Action<string> Status);
