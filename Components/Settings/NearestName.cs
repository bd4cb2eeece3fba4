namespace MesosStack.Components.Settings;

/// <summary>Finds the name that a person meant.</summary>
internal static class NearestName
{
    // No name is near to a longer one, and to compare them costs their lengths multiplied.
    private const int Longest = 100;

    /// <summary>The known name nearest to <paramref name="unknown"/>, or null where none is near enough to be meant.</summary>
    public static string? Find(string unknown, IEnumerable<string> known)
    {
        if (unknown.Length > Longest)
        {
            return null;
        }

        var best = known
            .Select(name => (name, distance: Distance(unknown.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.name is not null && best.distance <= Math.Max(2, unknown.Length / 3) ? best.name : null;
    }

    // Edit distance (Levenshtein), one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = cost;
            }
        }

        return row[b.Length];
    }
}
