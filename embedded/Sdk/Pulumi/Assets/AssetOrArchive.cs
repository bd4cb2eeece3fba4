namespace Pulumi;

/// <summary>Files that travel by where they are: an asset or an archive.</summary>
public abstract class AssetOrArchive
{
    private protected AssetOrArchive()
    {
    }
}
