using System.Text.Json;

namespace MesosStack.Embedded.Engine.State;

/// <summary>Changes of a state as JSON; secrets are sealed as in the state.</summary>
internal static class StateChangeJson
{
    /// <summary>Writes one.</summary>
    public static void Write(Utf8JsonWriter json, StateChange change, SealedValues seals)
    {
        var values = new ValueWriter(SecretsForm.Sealed, seals);
        json.WriteStartObject();
        switch (change)
        {
            case StateChange.Began began:
                json.WriteNumber("began", began.Number);
                json.WritePropertyName("operation");
                DeploymentWriter.WritePending(json, began.Operation, values);
                break;
            case StateChange.Ended ended:
                json.WriteNumber("ended", ended.Number);
                break;
            case StateChange.Kept kept:
                json.WriteNumber("kept", kept.Old);
                break;
            case StateChange.Took took:
                json.WritePropertyName("took");
                DeploymentWriter.WriteResource(json, took.State, values);
                if (took.Old is { } old)
                {
                    json.WriteNumber("old", old);
                }

                json.WriteBoolean("keepsOld", took.KeepsOld);
                json.WriteBoolean("endsOperations", took.EndsOperations);
                break;
            case StateChange.Changed changed:
                json.WriteNumber("changed", changed.Place);
                json.WritePropertyName("resource");
                DeploymentWriter.WriteResource(json, changed.State, values);
                break;
            case StateChange.AwaitsReplacement waits:
                json.WriteNumber("awaitsReplacement", waits.Old);
                break;
            case StateChange.Gone gone:
                json.WriteNumber("gone", gone.Old);
                break;
            default:
                throw new NotSupportedException($"cannot write a change of type {change.GetType().Name}");
        }

        json.WriteEndObject();
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="StateException">It is none that this engine knows.</exception>
    public static StateChange Read(JsonElement change, SealedValues seals)
    {
        var first = change.EnumerateObject().First();
        return first.Name switch
        {
            "began" => new StateChange.Began(first.Value.GetInt32(), DeploymentReader.ReadPending(change.GetProperty("operation"), seals, "the journal's operation")),
            "ended" => new StateChange.Ended(first.Value.GetInt32()),
            "kept" => new StateChange.Kept(first.Value.GetInt32()),
            "took" => new StateChange.Took(
                DeploymentReader.ReadResource(first.Value, seals, "the journal's took"),
                change.TryGetProperty("old", out var old) ? old.GetInt32() : null,
                change.GetProperty("keepsOld").GetBoolean(),
                change.GetProperty("endsOperations").GetBoolean()),
            "changed" => new StateChange.Changed(first.Value.GetInt32(), DeploymentReader.ReadResource(change.GetProperty("resource"), seals, "the journal's changed")),
            "awaitsReplacement" => new StateChange.AwaitsReplacement(first.Value.GetInt32()),
            "gone" => new StateChange.Gone(first.Value.GetInt32()),
            _ => throw new StateException($"the journal of the state has a change '{first.Name}', which this engine does not know"),
        };
    }
}
