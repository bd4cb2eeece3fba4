namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>Waiting for something this machine does not announce.</summary>
internal static class Until
{
    /// <summary>Looks 50 times a second until something is true.</summary>
    /// <returns>Whether it became true in time.</returns>
    public static async Task<bool> TrueAsync(Func<bool> condition, TimeSpan limit)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var end = DateTime.UtcNow + limit;
        while (!condition())
        {
            if (DateTime.UtcNow > end)
            {
                return false;
            }

            await timer.WaitForNextTickAsync();
        }

        return true;
    }
}
