namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>The reads that follow a create: the API has promised the resource, and may answer 404 until all its servers know it.</summary>
internal static class FirstReads
{
    /// <summary>How long 404 means "not yet" after a create.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>The failure of a resource that is not found even then.</summary>
    public static ProviderException Missed() => new($"DigitalOcean does not find it {Limit.TotalSeconds:0} s after it was created: somebody deleted it, or look at DigitalOcean's status page");
}
