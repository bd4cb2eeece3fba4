using System.Globalization;
using MesosStack.Embedded.Lab.Hosts;
using static MesosStack.Embedded.Lab.Api.Rules;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>The account's tags, and which droplets have them.</summary>
internal sealed class Tags(LabState state, FirewallSync sync)
{
    /// <summary>Refuses what cannot be a tag.</summary>
    public static void Check(string name) =>
        Refuse(!TagName().IsMatch(name), $"Tag name '{name}' may have letters, numbers, colons, dashes and underscores only, at most 255.");

    /// <summary>Makes a tag where it is missing.</summary>
    public static void Ensure(LabRecords records, string name)
    {
        if (!records.Tags.Contains(name))
        {
            records.Tags.Add(name);
        }
    }

    public object Create(string? name) => state.Change(records =>
    {
        Refuse(string.IsNullOrEmpty(name), "Tag name can't be blank");
        Check(name!);
        Ensure(records, name!);
        return Views.Tag(records, name!);
    });

    public async Task DeleteAsync(string name)
    {
        state.Change(records =>
        {
            if (!records.Tags.Remove(name))
            {
                throw ApiException.NotFound();
            }

            records.Droplets.ForEach(d => d.Tags.Remove(name));
            records.Firewalls.ForEach(f => f.Tags.Remove(name));
        });
        await sync.ApplyAsync();
    }

    /// <summary>Puts a tag on droplets, or takes it off them.</summary>
    public async Task TagAsync(string name, TaggingRequest request, bool remove)
    {
        state.Change(records =>
        {
            if (!records.Tags.Contains(name))
            {
                throw ApiException.NotFound();
            }

            foreach (var droplet in (request.Resources ?? []).Select(resource => Tagged(records, resource)).ToList())
            {
                droplet.Tags.Remove(name);
                if (!remove)
                {
                    droplet.Tags.Add(name);
                }
            }
        });
        await sync.ApplyAsync();
    }

    private static DropletRecord Tagged(LabRecords records, TaggedResource resource)
    {
        Refuse(resource.ResourceType != "droplet", $"resource_type '{resource.ResourceType}' is not supported by the lab.");
        Refuse(!long.TryParse(resource.ResourceId.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id), "resource_id is no droplet id.");
        return records.Droplet(id);
    }
}
