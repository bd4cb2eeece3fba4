using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>One property of a resource: all that the provider knows of it.</summary>
/// <param name="Name">Its name in Pulumi.</param>
/// <param name="Input">What it may be as an input; null where only the API sets it.</param>
/// <param name="Field">Its field in a request; null where it is not sent.</param>
/// <param name="Live">Reads it from the API's object; null where the API does not tell it.</param>
internal sealed record ApiProperty(string Name, InputSpec? Input = null, string? Field = null, Func<JsonNode, PropertyValue>? Live = null)
{
    /// <summary>Whether the API chooses a value where the program gives none.</summary>
    public bool IsChosen { get; init; }

    /// <summary>The input whose change changes this property in a way that only the API knows.</summary>
    public string? Follows { get; init; }

    /// <summary>The input as the API takes it.</summary>
    public Func<PropertyValue, JsonNode> Sent { get; init; } = JsonConversion.ToJson;
}
