namespace MesosStack.Embedded.Lab.Api;

/// <summary>The actions on record: what was asked of a droplet, and how it ended.</summary>
internal static class Actions
{
    private const int Most = 2000;

    public static ActionRecord AddAction(this LabRecords records, DropletRecord droplet, string type)
    {
        var action = new ActionRecord { Id = records.NextId++, Type = type, DropletId = droplet.Id, StartedAt = LabState.Now() };
        records.Actions.Add(action);
        if (records.Actions.Count > Most)
        {
            records.Actions.RemoveAt(0);
        }

        return action;
    }

    public static void Finish(this ActionRecord action, bool success, string? message = null)
    {
        action.Status = success ? ActionRecord.Completed : ActionRecord.Errored;
        action.Message = message;
        action.CompletedAt = LabState.Now();
    }
}
