using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.Execution;

/// <summary>Takes secrets out of texts. The second line of defence: whoever writes a text should not put one in.</summary>
internal sealed class SecretMask
{
    // Anything shorter occurs by chance.
    private const int Shortest = 6;

    // Long and without a space: no line of a script.
    private const int ShortestLine = 24;

    private ImmutableHashSet<string> _secrets = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Learns a secret. One of many lines, such as a key, may be printed line by line.</summary>
    public void Add(string secret)
    {
        Learn(secret.Trim(), Shortest);
        foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries).Where(line => !line.Contains(' ', StringComparison.Ordinal)))
        {
            Learn(line, ShortestLine);
        }
    }

    /// <summary>Learns the texts that are marked as secret. A secret object is not searched: not each part of a connection is one.</summary>
    public void Add(PropertyMap properties)
    {
        foreach (var value in properties.Values)
        {
            Add(value, false);
        }
    }

    /// <summary>The text without the secrets that were learnt.</summary>
    public string Clean(string text) =>
        _secrets.Aggregate(text, (rest, secret) => rest.Replace(secret, "[secret]", StringComparison.Ordinal));

    private void Learn(string secret, int shortest)
    {
        if (secret.Length >= shortest)
        {
            ImmutableInterlocked.Update(ref _secrets, (set, item) => set.Add(item), secret);
        }
    }

    private void Add(PropertyValue value, bool marked)
    {
        switch (value)
        {
            case PropertyValue.Text text when marked:
                Add(text.Value);
                break;
            case PropertyValue.Secret secret:
                Add(secret.Value, true);
                break;
            case PropertyValue.Array array:
                foreach (var item in array.Items)
                {
                    Add(item, false);
                }

                break;
            case PropertyValue.Object o:
                Add(o.Properties);
                break;
        }
    }
}
