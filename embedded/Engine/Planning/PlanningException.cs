namespace MesosStack.Embedded.Engine.Planning;

/// <summary>What the program asks for cannot be done.</summary>
internal sealed class PlanningException(string urn, string message) : Exception(message)
{
    /// <summary>The resource that it is about.</summary>
    public string Urn { get; } = urn;
}
