using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Status;

/// <summary>A droplet of the account.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Power">DigitalOcean's word for its state: new, active, off or archive.</param>
internal sealed record CloudDroplet(string Id, string Name, string Power);

/// <summary>Lists the droplets of an account that carry a tag.</summary>
/// <param name="settings">The settings of the package <c>digitalocean</c>, as the state's provider has them.</param>
/// <param name="tag">The tag.</param>
/// <param name="cancellation">Gives up.</param>
/// <returns>The droplets.</returns>
internal delegate Task<IReadOnlyList<CloudDroplet>> ListDroplets(PropertyMap settings, string tag, CancellationToken cancellation);
