using MesosStack.Embedded.Engine.Configuration;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>Edits of a stack's file.</summary>
internal sealed class StackFileTests
{
    private const string Text = """
        # The lab.
        config:
          # Where it is.
          try:region: lab1 # the only one

          try:apps:
            - id: hello # first
            - id: hello2
          # The token.
          try:token:
            secure: v1:old:old
          try:last: |
            a
            b
        # The end.

        """;

    [Test]
    public void A_scalar_is_replaced_and_nothing_else() =>
        Assert.That(Edit(f => f.With("try:region", "nyc3")), Is.EqualTo(Text.Replace("lab1", "nyc3", StringComparison.Ordinal)));

    [Test]
    public void A_list_is_replaced_as_a_whole() =>
        Assert.That(Edit(f => f.With("try:apps", "none")), Is.EqualTo(Text.Replace(":apps:\n    - id: hello # first\n    - id: hello2\n", ":apps: none\n", StringComparison.Ordinal)));

    [TestCase("[0]")]
    [TestCase("[]")]
    [TestCase("[ [a, b], { c: [d] } ] # there")]
    public void A_list_that_ends_in_brackets_is_replaced_as_a_whole(string ports)
    {
        const string Before = "config:\n  try:apps:\n    - id: hello\n      ports: ";

        Assert.That(
            StackFile.Parse("x", $"{Before}{ports}\n  try:region: lab\n").With("try:apps", "none").Text,
            Is.EqualTo($"config:\n  try:apps: none{(ports.Contains('#', StringComparison.Ordinal) ? " # there" : "")}\n  try:region: lab\n"));
    }

    [Test]
    public void A_sealed_value_is_replaced() =>
        Assert.That(Edit(f => f.WithSecret("try:token", "v1:new:new")), Is.EqualTo(Text.Replace("v1:old:old", "v1:new:new", StringComparison.Ordinal)));

    [Test]
    public void A_block_text_is_replaced() =>
        Assert.That(Edit(f => f.With("try:last", "c")), Is.EqualTo(Text.Replace("try:last: |\n    a\n    b\n", "try:last: c\n", StringComparison.Ordinal)));

    [Test]
    public void A_scalar_becomes_a_sealed_value() =>
        Assert.That(Edit(f => f.WithSecret("try:region", "v1:n:c")), Is.EqualTo(Text.Replace(": lab1 # the only one", ":\n    secure: v1:n:c # the only one", StringComparison.Ordinal)));

    [Test]
    public void A_new_setting_follows_the_last_one()
    {
        var edited = StackFile.Parse("f", Text).With("try:new", "5");
        Assert.That(edited.Text, Is.EqualTo(Text.Replace("    b\n", "    b\n  try:new: 5\n", StringComparison.Ordinal)));
        Assert.That(edited.WithSecret("try:sealed", "v1:n:c").Text, Does.Contain("  try:new: 5\n  try:sealed:\n    secure: v1:n:c\n# The end.\n"));
    }

    [TestCase("", "config:\n  try:a: b\n")]
    [TestCase("# only a comment", "# only a comment\nconfig:\n  try:a: b\n")]
    [TestCase("encryptionsalt: x\n", "encryptionsalt: x\nconfig:\n  try:a: b\n")]
    [TestCase("config:\n", "config:\n  try:a: b\n")]
    [TestCase("config: {}\n", "config:\n  try:a: b\n")]
    [TestCase("config:\n    try:x: 1\nother: 2", "config:\n    try:x: 1\n    try:a: b\nother: 2")]
    [TestCase("config:\n  try:x: 1", "config:\n  try:x: 1\n  try:a: b\n")]
    [TestCase("config:\n  try:x:\n", "config:\n  try:x:\n  try:a: b\n")]
    [TestCase("config:\n  try:a: # see: below\n    secure: x\n", "config:\n  try:a: b\n")]
    [TestCase("config:\n  try:a:\n  try:b: 1\n", "config:\n  try:a: b\n  try:b: 1\n")]
    public void Every_shape_of_a_file_can_be_edited(string before, string after) =>
        Assert.That(StackFile.Parse("f", before).With("try:a", "b").Text, Is.EqualTo(after));

    [TestCase("config:\n    try:a: x # why\n    try:b: 1\n", "config:\n    try:a:\n      secure: v1:n:c # why\n    try:b: 1\n")]
    [TestCase("config:\n    try:b: 1\n", "config:\n    try:b: 1\n    try:a:\n      secure: v1:n:c\n")]
    [TestCase("config:\n  try:a:\n    secure: v1:o:o\n", "config:\n  try:a:\n    secure: v1:n:c\n")]
    [TestCase("config: {try:a: x, try:b: 1}\n", "config: {try:a: {secure: v1:n:c}, try:b: 1}\n")]
    [TestCase("", "config:\n  try:a:\n    secure: v1:n:c\n")]
    [TestCase("config: {}\n", "config:\n  try:a:\n    secure: v1:n:c\n")]
    public void Every_shape_of_a_file_takes_a_sealed_value(string before, string after) =>
        Assert.That(StackFile.Parse("f", before).WithSecret("try:a", "v1:n:c").Text, Is.EqualTo(after));

    [TestCase("config:\n  try:a: &anchor x\n  try:b: *anchor\n")]
    [TestCase("config: {try:b: 1}\n")]
    public void What_cannot_be_edited_is_told(string text) =>
        Assert.That(() => StackFile.Parse("f", text).WithSecret("try:a", "v1:n:c"), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith("f: "));

    [Test]
    public void Salt_is_put_in_front_or_replaced()
    {
        var salted = StackFile.Parse("f", Text).WithSalt("v1:s:v1:n:c");
        Assert.That(salted.Text, Is.EqualTo("encryptionsalt: v1:s:v1:n:c\n" + Text));
        Assert.That(salted.WithSalt("v1:t:v1:n:c").Text, Is.EqualTo("encryptionsalt: v1:t:v1:n:c\n" + Text));
    }

    [TestCase("true")]
    [TestCase("no")]
    [TestCase("null")]
    [TestCase("")]
    [TestCase(" spaces ")]
    [TestCase("a: b # c")]
    [TestCase("007")]
    [TestCase("1.50")]
    [TestCase("-5")]
    [TestCase("say \"hi\" \\ there")]
    [TestCase("two\nlines\t\u0001")]
    [TestCase("https://example.com/x?y=z")]
    [TestCase("10.0.0.0/8")]
    [TestCase("- dash")]
    [TestCase("ssh-ed25519 AAAA+/= me@host")]
    [TestCase("{\"json\":[1]}")]
    [TestCase("ünï")]
    public void Every_text_survives(string value)
    {
        var edited = StackFile.Parse("f", "config:\n  try:k: x # kept\n").With("try:k", value);
        var project = Project.Parse("/", "name: try\nruntime: dotnet\n");
        Assert.That(StackConfiguration.Load(project, edited, s => s).Values["try:k"], Is.EqualTo(value));
        Assert.That(edited.Text, Does.EndWith(" # kept\n"));
    }

    private static string Edit(Func<StackFile, StackFile> edit) => edit(StackFile.Parse("Pulumi.lab.yaml", Text)).Text;
}
