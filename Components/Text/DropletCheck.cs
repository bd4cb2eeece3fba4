namespace MesosStack.Components.Text;

/// <summary>Whether a droplet can be a host of a cluster, by what Pulumi's state knows of it. The state is as old as the last refresh or change of the droplet.</summary>
public static class DropletCheck
{
    /// <summary>Why it cannot be one, and what to do; null where it can.</summary>
    /// <param name="name">Its name at DigitalOcean.</param>
    /// <param name="id">Its id there.</param>
    /// <param name="status">DigitalOcean's word for its state: <c>new</c>, <c>active</c>, <c>off</c> or <c>archive</c>; null where it is not told.</param>
    /// <param name="address">The address of each kind that the cluster uses; empty where DigitalOcean listed none yet.</param>
    public static string? Fault(string name, string id, string? status, params IEnumerable<string?> address) => status switch
    {
        "off" or "archive" => $"the droplet {name} is {(status == "off" ? "off" : "archived")}. Switch it on: in DigitalOcean's control panel, with \"doctl compute droplet-action power-on {id}\", "
            + $"or in the lab with \"./mesos-stack lab power-on {name}\". Then run \"up --refresh\", which reads it anew.",
        _ when address.Any(string.IsNullOrEmpty) => $"the state holds no address of the droplet {name} (id {id}): DigitalOcean had not listed it yet when the droplet was last read. Run \"up --refresh\", which reads it anew.",
        _ => null,
    };
}
