using System.Collections.Frozen;

namespace MesosStack.Embedded.Engine.State;

/// <summary>The members of a resource in state that this engine reads and writes itself.</summary>
internal static class ResourceFields
{
    public static readonly FrozenSet<string> Used = FrozenSet.ToFrozenSet(
        [
            "urn", "custom", "delete", "id", "type", "inputs", "outputs", "parent", "protect", "dependencies", "initErrors", "provider",
            "propertyDependencies", "pendingReplacement", "additionalSecretOutputs", "ignoreChanges", "replaceOnChanges",
            "customTimeouts", "retainOnDelete", "deletedWith", "created", "modified",
        ],
        StringComparer.Ordinal);
}
