namespace MesosStack.Components.Settings;

/// <summary>The keys of the project's configuration, without the namespace. <c>Pulumi.yaml</c> describes each.</summary>
public static class SettingKeys
{
    /// <summary><see cref="ClusterSettings.Region"/>.</summary>
    public const string Region = "region";

    /// <summary><see cref="ClusterSettings.Image"/>.</summary>
    public const string Image = "image";

    /// <summary><see cref="ClusterSettings.MasterSize"/>.</summary>
    public const string MasterSize = "masterSize";

    /// <summary><see cref="ClusterSettings.AgentSize"/>.</summary>
    public const string AgentSize = "agentSize";

    /// <summary><see cref="ClusterSettings.Masters"/>.</summary>
    public const string Masters = "masters";

    /// <summary><see cref="ClusterSettings.Agents"/>.</summary>
    public const string Agents = "agents";

    /// <summary><see cref="ClusterSettings.ClusterName"/>.</summary>
    public const string ClusterName = "clusterName";

    /// <summary><see cref="ClusterSettings.Addressing"/>.</summary>
    public const string Addressing = "addressing";

    /// <summary><see cref="ClusterSettings.VpcCidr"/>.</summary>
    public const string VpcCidr = "vpcCidr";

    /// <summary><see cref="ClusterSettings.SshCidrs"/>.</summary>
    public const string SshCidrs = "sshCidrs";

    /// <summary><see cref="ClusterSettings.UiCidrs"/>.</summary>
    public const string UiCidrs = "uiCidrs";

    /// <summary><see cref="ClusterSettings.ZooKeeperSessionTimeout"/>.</summary>
    public const string ZooKeeperSessionTimeout = "zkSessionTimeout";

    /// <summary><see cref="PackageSettings.Url"/>.</summary>
    public const string RepositoryUrl = "repositoryUrl";

    /// <summary><see cref="PackageSettings.Suite"/>.</summary>
    public const string RepositorySuite = "repositorySuite";

    /// <summary><see cref="PackageSettings.Component"/>.</summary>
    public const string RepositoryComponent = "repositoryComponent";

    /// <summary><see cref="SigningKey.Inline"/>.</summary>
    public const string SigningKey = "signingKey";

    /// <summary><see cref="SigningKey.Url"/>.</summary>
    public const string SigningKeyUrl = "signingKeyUrl";

    /// <summary><see cref="SigningKey.Id"/>.</summary>
    public const string SigningKeyId = "signingKeyId";

    /// <summary><see cref="SigningKey.Fingerprint"/>.</summary>
    public const string SigningKeyFingerprint = "signingKeyFingerprint";

    /// <summary><see cref="SigningKey.Server"/>.</summary>
    public const string KeyServer = "keyServer";

    /// <summary><see cref="PackageSettings.Master"/>.</summary>
    public const string MasterPackages = "masterPackages";

    /// <summary><see cref="PackageSettings.Agent"/>.</summary>
    public const string AgentPackages = "agentPackages";

    /// <summary><see cref="SshSettings.PublicKey"/>.</summary>
    public const string SshPublicKey = "sshPublicKey";

    /// <summary><see cref="SshSettings.PrivateKeyPath"/>.</summary>
    public const string SshPrivateKeyPath = "sshPrivateKeyPath";

    /// <summary>The private key itself, a secret.</summary>
    public const string SshPrivateKey = "sshPrivateKey";

    /// <summary><see cref="ClusterSettings.Apps"/>.</summary>
    public const string Apps = "apps";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Region, Image, MasterSize, AgentSize, Masters, Agents, ClusterName, Addressing, VpcCidr, SshCidrs, UiCidrs, ZooKeeperSessionTimeout,
        RepositoryUrl, RepositorySuite, RepositoryComponent, SigningKey, SigningKeyUrl, SigningKeyId, SigningKeyFingerprint, KeyServer,
        MasterPackages, AgentPackages, SshPublicKey, SshPrivateKeyPath, SshPrivateKey, Apps,
    ];

    /// <summary>The known name nearest to <paramref name="unknown"/>, or null where none is near enough to be meant.</summary>
    public static string? Nearest(string unknown, IEnumerable<string> known)
    {
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
