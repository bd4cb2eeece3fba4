using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.Events;

/// <summary>Takes secrets out of texts. The second line of defence: whoever writes a text should not put one in.</summary>
internal sealed class SecretMask
{
    // A shorter text also occurs in other texts by chance.
    private const int Shortest = 6;

    // An output is marked as a whole, also what a command printed. A word or a sentence of it is not a secret.
    private const int ShortestOutput = 12;

    // A long text without a space is not a line of a script.
    private const int ShortestLine = 24;

    // The longest secret is replaced first. Otherwise a shorter one that begins it would leave the rest in clear.
    private ImmutableSortedSet<string> _secrets = ImmutableSortedSet.Create<string>(Comparer<string>.Create(
        (a, b) => a.Length != b.Length ? b.Length.CompareTo(a.Length) : string.CompareOrdinal(a, b)));

    /// <summary>Learns a secret. One of many lines, such as a key, may be printed line by line.</summary>
    public void Add(string secret)
    {
        var text = secret.Trim();
        Learn(text, Shortest);

        // JSON escapes some characters of the secret.
        Learn(JsonEncodedText.Encode(text).ToString(), Shortest);
        Learn(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(), Shortest);
        LearnLines(secret);
    }

    /// <summary>Learns the texts that are marked as secret. A secret object is not searched: not each part of a connection is one.</summary>
    public void Add(PropertyMap properties) => Each(properties, Add);

    /// <summary>
    /// Learns the outputs that are marked as secret and look like secrets. Of one that only the program marked (<c>additionalSecretOutputs</c>), such as what a command
    /// printed, the lines are not learnt: its words occur elsewhere, too.
    /// </summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="marked">Names of those that the program marked.</param>
    public void AddOutputs(PropertyMap outputs, ImmutableArray<string> marked)
    {
        foreach (var (name, value) in outputs)
        {
            Each(value, marked: false, secret =>
            {
                var text = secret.Trim();
                if (!text.Any(char.IsWhiteSpace))
                {
                    Learn(text, ShortestOutput);
                }

                if (!marked.Contains(name))
                {
                    LearnLines(secret);
                }
            });
        }
    }

    /// <summary>The text without the secrets that were learnt.</summary>
    public string Clean(string text) =>
        _secrets.Aggregate(text, (rest, secret) => rest.Replace(secret, "[secret]", StringComparison.Ordinal));

    private void LearnLines(string secret)
    {
        foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries).Where(line => !line.Contains(' ', StringComparison.Ordinal)))
        {
            Learn(line, ShortestLine);
        }
    }

    private void Learn(string secret, int shortest)
    {
        if (secret.Length >= shortest)
        {
            ImmutableInterlocked.Update(ref _secrets, (set, item) => set.Add(item), secret);
        }
    }

    private static void Each(PropertyMap properties, Action<string> learn)
    {
        foreach (var value in properties.Values)
        {
            Each(value, marked: false, learn);
        }
    }

    private static void Each(PropertyValue value, bool marked, Action<string> learn)
    {
        switch (value)
        {
            case PropertyValue.Text text when marked:
                learn(text.Value);
                break;
            case PropertyValue.Secret secret:
                Each(secret.Value, marked: true, learn);
                break;
            case PropertyValue.Array array:
                foreach (var item in array.Items)
                {
                    Each(item, marked: false, learn);
                }

                break;
            case PropertyValue.Object o:
                Each(o.Properties, learn);
                break;
        }
    }
}
