namespace MesosStack.Embedded.Lab.Api;

/// <summary>What the lab knows: read and changed under one lock, and on disk after every change.</summary>
internal sealed class LabState(RecordsFile file)
{
    private readonly Lock gate = new();
    private readonly LabRecords records = file.Load();

    /// <summary>The time as the API tells it: in whole seconds.</summary>
    public static DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    /// <summary>Reads the records. What is given back must not hold on to lists of theirs.</summary>
    public T Read<T>(Func<LabRecords, T> read)
    {
        lock (gate)
        {
            return read(records);
        }
    }

    /// <summary>Changes the records and saves them. Whatever is refused must be refused before the first change.</summary>
    public T Change<T>(Func<LabRecords, T> change)
    {
        lock (gate)
        {
            var result = change(records);
            file.Save(records);
            return result;
        }
    }

    /// <summary>Changes the records and saves them. Whatever is refused must be refused before the first change.</summary>
    public void Change(Action<LabRecords> change) => Change(r =>
    {
        change(r);
        return true;
    });
}
