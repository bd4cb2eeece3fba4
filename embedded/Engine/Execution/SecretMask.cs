using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.Execution;

/// <summary>Takes secrets out of texts. The second line of defence: whoever writes a text should not put one in.</summary>
internal sealed class SecretMask
{
    // Anything shorter occurs by chance.
    private const int Shortest = 6;

    private ImmutableHashSet<string> _secrets = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Learns a secret.</summary>
    public void Add(string secret)
    {
        if (secret.Trim() is { Length: >= Shortest } text)
        {
            ImmutableInterlocked.Update(ref _secrets, (set, item) => set.Add(item), text);
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
