using System.Runtime.Versioning;
using System.Text;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Monitor;
using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>Folders as inputs: their hashes, on the wire, in the state and in plans.</summary>
[TestFixture]
[SupportedOSPlatform("linux")]
internal sealed class ArchiveTests
{
    // As the official engine gives them.
    private const string HashOfTwo = "b3e5cd36c883105eba23a0598022688eb7ce2435d636ce8066f9328b312a77f9";
    private const string HashOfThree = "bec123243313940f62751a3bbe8a5e051ae63579337200ec254fe3d7f56be360";

    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("mesos-stack-archive-").FullName;
        Write("scripts/a.sh", "one\n");
        Write("scripts/b", "two\n");
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("scripts")]
    [TestCase("scripts/")]
    public void The_hash_is_the_official_engines(string path)
    {
        Assert.That(FolderHash.Compute(Full(path)), Is.EqualTo(HashOfTwo));

        Write("scripts/sub/c", "three\n");
        Assert.That(FolderHash.Compute(Full(path)), Is.EqualTo(HashOfThree));
    }

    [Test]
    public void Modes_empty_folders_links_to_folders_and_bookkeeping_do_not_count()
    {
        File.SetUnixFileMode(Full("scripts/a.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Directory.CreateDirectory(Full("scripts/empty"));
        Directory.CreateSymbolicLink(Full("scripts/link"), Full("scripts"));
        Write("scripts/.pulumi/x", "x");

        Assert.That(FolderHash.Compute(Full("scripts")), Is.EqualTo(HashOfTwo));
    }

    [Test]
    public void Names_contents_and_where_a_file_lies_count()
    {
        var hashes = new HashSet<string>();
        foreach (var (name, text) in new[] { ("c", "x"), ("d", "x"), ("c", "y"), ("s/c", "x"), ("c", new string('x', 512)), ("c", new string('x', 513)), (".c", "x") })
        {
            Write($"other/{name}", text);
            hashes.Add(FolderHash.Compute(Full("other")));
            Directory.Delete(Full("other"), recursive: true);
        }

        Assert.That(hashes, Has.Count.EqualTo(7));
    }

    [Test]
    public void A_file_of_a_name_or_kind_that_this_engine_does_not_do_is_refused()
    {
        Write($"long/{new string('x', 101)}", "");
        Write("foreign/ä", "");
        Directory.CreateSymbolicLink(Full("link"), Full("scripts"));
        File.CreateSymbolicLink(Full("scripts/dangling"), Full("nowhere"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => FolderHash.Compute(Full("long")), Throws.InstanceOf<IOException>().With.Message.Contains("100 characters"));
            Assert.That(() => FolderHash.Compute(Full("foreign")), Throws.InstanceOf<IOException>().With.Message.Contains("'ä'"));
            Assert.That(() => FolderHash.Compute(Full("link/")), Throws.InstanceOf<IOException>().With.Message.Contains("symbolic link"));
            Assert.That(() => FolderHash.Compute(Full("scripts")), Throws.InstanceOf<IOException>().With.Message.Contains("dangling"));
            Assert.That(() => FolderHash.Compute(Full("scripts/b")), Throws.InstanceOf<IOException>().With.Message.Contains("it is a file"));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_relative_path_starts_at_the_programs_directory_and_the_hash_is_known_in_a_preview(bool preview)
    {
        var stage = new Stage { Folder = _folder };
        var seen = PropertyMap.Empty;

        var result = await stage.RunAsync(preview ? OperationMode.Preview : OperationMode.Update, new FakeProgram(async p => seen = (await ThingAsync(p, "./scripts/")).Outputs));

        Assert.That((result.Succeeded, Described(seen)), Is.EqualTo((true, ("./scripts/", HashOfTwo))));
        Assert.That(Described(stage.Provider.Checks["a"].NewInputs), Is.EqualTo(("./scripts/", HashOfTwo)));
    }

    [Test]
    public async Task A_changed_file_is_an_update_and_the_same_files_elsewhere_are_no_change()
    {
        var stage = new Stage { Folder = _folder };
        await stage.UpAsync(p => ThingAsync(p, "./scripts/"));
        Directory.Move(Full("scripts"), Full("moved"));

        await stage.UpAsync(p => ThingAsync(p, "moved"));
        Assert.That(stage.Changes, Is.Empty);

        Write("moved/sub/c", "three\n");
        await stage.PreviewAsync(p => ThingAsync(p, "moved"));
        var step = stage.Events.OfType<EngineEvent.StepDone>().Single(d => d.Step.Kind == StepKind.Update).Step;
        var (before, after) = (((PropertyValue.Object)step.Old!.Inputs["files"]).Properties["source"], ((PropertyValue.Object)step.New!.Inputs["files"]).Properties["source"]);
        Assert.That(step.Details.Keys, Is.EqualTo(new[] { "files.source" }));
        Assert.That(PropertyText.Archive((PropertyValue.Archive)before, (PropertyValue.Archive)after), Is.EqualTo("archive(file:b3e5cd3->bec1232) { moved }"));
        Assert.That(PropertyText.Archive((PropertyValue.Archive)after), Is.EqualTo("archive(file:bec1232) { moved }"));
        Assert.That(stage.Provider.Updates.Single().WorkingDirectory, Is.EqualTo(_folder));
    }

    [Test]
    public async Task A_folder_that_is_not_there_is_told_with_resource_property_and_path()
    {
        var stage = new Stage { Folder = _folder };

        var result = await stage.PreviewAsync(p => ThingAsync(p, "./script/"));

        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Errors, Has.Some.EqualTo($"resource 'a': files.source: the engine cannot read the archive './script/' ({_folder}/script/): there is no such folder"));
    }

    [Test]
    public async Task An_update_after_a_failed_one_is_marked_as_repeated()
    {
        var stage = new Stage { Folder = _folder };
        await stage.UpAsync(p => p.ThingAsync("a", ("size", 1)));
        await stage.UpAsync(p => p.ThingAsync("a", ("size", 2), ("fail", "crash")));
        await stage.UpAsync(p => p.ThingAsync("a", ("size", 1)));

        Assert.That(stage.Provider.Updates.Select(u => u.IsRepeated), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public void A_state_holds_an_archive_as_the_official_engine_writes_it()
    {
        var json = $$"""{"4dabf18193072939515e22adb298388d":"0def7320c3a5731c473e5ecbe6d01bc7","hash":"{{HashOfTwo}}","path":"./scripts/"}""";
        var state = $$$"""{"version":3,"deployment":{"resources":[{"urn":"{{{Stage.Thing("a")}}}","custom":false,"type":"test:index:Thing","inputs":{"source":{{{json}}}}}]}}""";

        var read = DeploymentReader.Read(Encoding.UTF8.GetBytes(state), _ => new SealedValues(() => throw new SecretsException("asked"))).Deployment.Snapshot.Resources[0].Inputs["source"];

        Assert.That(read, Is.TypeOf<PropertyValue.Archive>());
        Assert.That(((PropertyValue.Archive)read).Path, Is.EqualTo("./scripts/"));
        Assert.That(DeploymentWriter.ToJson(read, SecretsForm.Sealed), Is.EqualTo(json));
    }

    [TestCase("""{"4dabf18193072939515e22adb298388d":"0def7320c3a5731c473e5ecbe6d01bc7","assets":{}}""")]
    [TestCase("""{"4dabf18193072939515e22adb298388d":"c44067f5952c0a294b673a41bacd8c17","text":"x"}""")]
    public async Task Files_that_are_no_folder_are_refused_from_a_program_and_in_a_state(string json)
    {
        var state = $$$"""{"version":3,"deployment":{"resources":[{"urn":"{{{Stage.Thing("a")}}}","custom":false,"type":"test:index:Thing","inputs":{"source":{{{json}}}}}]}}""";
        Assert.That(
            () => DeploymentReader.Read(Encoding.UTF8.GetBytes(state), _ => new SealedValues(() => throw new SecretsException("asked"))),
            Throws.TypeOf<StateException>().With.Message.Contains("archive that is no folder"));

        var stage = new Stage();
        await stage.PreviewAsync(p => p.ThingAsync("a", request => request.Object.Fields["source"] = Google.Protobuf.WellKnownTypes.Value.Parser.ParseJson(json)));
        Assert.That(stage.Errors, Has.Some.StartsWith("resource 'a': ").And.Some.Contains("not part of the embedded half"));
    }

    private static Task<FakeProgram.Registered> ThingAsync(FakeProgram.Session program, string path) =>
        program.ThingAsync("a", ("files", new PropertyValue.Object(PropertyMap.Empty.With("source", new PropertyValue.Archive(path, "")))));

    private static (string Path, string Hash) Described(PropertyMap properties)
    {
        var archive = (PropertyValue.Archive)((PropertyValue.Object)properties["files"]).Properties["source"];
        return (archive.Path, archive.Hash);
    }

    private string Full(string path) => Path.Combine(_folder, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Full(path))!);
        File.WriteAllText(Full(path), text);
    }
}
