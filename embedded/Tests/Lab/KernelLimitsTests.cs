using System.Globalization;
using MesosStack.Embedded.Lab.Control;

namespace MesosStack.Embedded.Tests.Lab;

[TestFixture]
internal sealed class KernelLimitsTests
{
    private const string Instances = "fs/inotify/max_user_instances";
    private const string Watches = "fs/inotify/max_user_watches";

    private readonly List<string> _told = [];
    private string _root = null!;

    private KernelLimits Limits => new(_root, _root + "/record");

    [SetUp]
    public void Make()
    {
        _told.Clear();
        _root = Directory.CreateTempSubdirectory("lab-").FullName;
        Directory.CreateDirectory(_root + "/fs/inotify");
        (this[Instances], this[Watches]) = (128, 2_000_000);
    }

    [TearDown]
    public void Remove() => Directory.Delete(_root, recursive: true);

    [Test]
    public void What_is_too_low_is_raised_and_put_back_and_nothing_else_is_touched()
    {
        Limits.Raise(_told.Add);
        Assert.That((this[Instances], this[Watches], Limits.MostDroplets()), Is.EqualTo((8192, 2_000_000, int.MaxValue)));
        Limits.Restore();
        Assert.That((this[Instances], this[Watches]), Is.EqualTo((128, 2_000_000)));
        Assert.That((_told.Count, File.Exists(_root + "/record")), Is.EqualTo((0, false)));
    }

    [Test]
    public void The_value_from_before_the_first_daemon_is_put_back_whatever_died_meanwhile()
    {
        Limits.Raise(_told.Add);
        Limits.Raise(_told.Add);

        // Killed between its note and its change, or after a restart of this machine.
        this[Instances] = 128;
        Limits.Raise(_told.Add);
        Limits.Restore();
        Assert.That(this[Instances], Is.EqualTo(128));
    }

    [Test]
    public void A_value_that_somebody_else_has_set_stays()
    {
        Limits.Raise(_told.Add);
        this[Instances] = 4096;
        Limits.Restore();
        Assert.That(this[Instances], Is.EqualTo(4096));
    }

    [Test]
    public void Without_a_record_nothing_is_put_back()
    {
        Limits.Restore();
        Assert.That(this[Instances], Is.EqualTo(128));
    }

    [Test]
    public void What_cannot_be_raised_is_told_with_the_command()
    {
        // A setting of the kernel that nobody can write, root neither.
        File.Delete(Path.Combine(_root, Instances));
        File.CreateSymbolicLink(Path.Combine(_root, Instances), "/proc/sys/kernel/cap_last_cap");
        var before = this[Instances];

        Limits.Raise(_told.Add);

        Assert.That(_told, Has.Count.EqualTo(1).And.All.Contains($"fs.inotify.max_user_instances is {before}").And.All.Contains("sysctl fs.inotify.max_user_instances=8192"));
        Assert.That(Limits.MostDroplets(), Is.EqualTo(before * 20 / 128));
        Assert.That(Limits.Restore, Throws.Nothing);
    }

    private long this[string name]
    {
        get => long.Parse(File.ReadAllText(Path.Combine(_root, name)), CultureInfo.InvariantCulture);
        set => File.WriteAllText(Path.Combine(_root, name), $"{value}\n");
    }
}
