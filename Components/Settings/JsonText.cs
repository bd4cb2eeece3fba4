using System.Text;
using System.Text.Json;

namespace MesosStack.Components.Settings;

/// <summary>Reads structured values, which arrive as JSON.</summary>
internal static class JsonText
{
    private const int Deepest = 64;

    /// <summary>The value that a text holds, or what is wrong with it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fault">What is wrong; empty where it is no JSON.</param>
    public static JsonElement? Parse(string text, out string fault)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            fault = Check(bytes) ?? "";
            if (fault.Length > 0)
            {
                return null;
            }

            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            fault = "";
            return null;
        }
    }

    private static string? Check(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reader.CurrentDepth >= Deepest)
            {
                return $"is nested deeper than {Deepest} levels";
            }

            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsText(ref reader))
            {
                return "holds half of a surrogate pair, which is no character";
            }
        }

        return null;
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
