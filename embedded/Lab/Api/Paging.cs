using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>Lists in pages, as the v2 API has them.</summary>
internal static class Paging
{
    /// <summary>One page of a list that is read from the records, and shown while they are locked.</summary>
    public static IResult Page<T>(HttpContext context, string name, LabState state, Func<LabRecords, IEnumerable<T>> items, Func<LabRecords, T, object> view) =>
        state.Read(records => Page(context, name, [.. items(records)], item => view(records, item)));

    /// <summary>One page of a list, with links to its neighbours and the total.</summary>
    public static IResult Page<T>(HttpContext context, string name, IReadOnlyList<T> items, Func<T, object> view)
    {
        var size = Number("per_page", 20, 200);
        var page = Number("page", 1, int.MaxValue);
        var last = Math.Max(1, (items.Count + size - 1) / size);
        var pages = new Dictionary<string, string>();
        if (page > 1)
        {
            pages["first"] = Link(1);
            pages["prev"] = Link(Math.Min(page - 1, last));
        }

        if (page < last)
        {
            pages["next"] = Link(page + 1);
            pages["last"] = Link(last);
        }

        return Results.Json(new Dictionary<string, object>
        {
            [name] = items.Skip((int)Math.Min((page - 1L) * size, int.MaxValue)).Take(size).Select(view).ToList(),
            ["links"] = pages.Count > 0 ? new Dictionary<string, object> { ["pages"] = pages } : new Dictionary<string, object>(),
            ["meta"] = new { total = items.Count },
        });

        int Number(string key, int otherwise, int most)
        {
            var text = context.Request.Query[key].ToString();
            return text.Length == 0 ? otherwise
                : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1 ? Math.Min(value, most)
                : throw new ApiException(400, "bad_request", $"{key} must be a number from 1");
        }

        string Link(int number)
        {
            var rest = context.Request.Query.Where(q => q.Key is not ("page" or "per_page")).Select(q => $"&{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value.ToString())}");
            return $"{Root(context)}{context.Request.Path}?page={number}&per_page={size}{string.Concat(rest)}";
        }
    }

    /// <summary>The address that the caller knows the API by.</summary>
    public static string Root(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";
}
