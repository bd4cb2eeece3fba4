using MesosStack.Embedded.Engine.Secrets;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>Pulumi's passphrase format.</summary>
internal sealed class PassphraseTests
{
    private const string Salt = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";

    [TestCase("password", Salt)]
    [TestCase("abc123", "v1:4iF78gb0nF0=:v1:Co6IbTWYs/UdrjgY:FSrAWOFZnj9ealCUDdJL7LrUKXX9BA==")]
    public void Open_takes_salts_that_pulumi_made(string passphrase, string salt)
    {
        var cipher = PassphraseCipher.Open(salt, passphrase);
        Assert.That(cipher.Decrypt(salt.Split(':', 3)[2]), Is.EqualTo("pulumi"));
        Assert.That(cipher.Salt, Is.EqualTo(salt));
    }

    [Test]
    public void Open_refuses_another_passphrase() =>
        Assert.That(() => PassphraseCipher.Open(Salt, "Password"), Throws.TypeOf<IncorrectPassphraseException>());

    [TestCase("")]
    [TestCase("v2:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==")]
    [TestCase("v1:fozI5u6B030=")]
    [TestCase("v1:not base64:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==")]
    [TestCase("v1:fozI5u6B030=:v1:short:x")]
    public void Open_refuses_what_is_no_salt(string salt) =>
        Assert.That(() => PassphraseCipher.Open(salt, "password"), Throws.TypeOf<SecretsException>().With.Message.Not.Contain("password"));

    [Test]
    public void A_new_salt_opens_again_and_texts_survive()
    {
        var made = PassphraseCipher.Create("a passphrase");
        var opened = PassphraseCipher.Open(made.Salt, "a passphrase");
        Assert.That(opened.Decrypt(made.Encrypt("ünï\n\"")), Is.EqualTo("ünï\n\""));
        var first = made.Encrypt("x");
        Assert.That(made.Encrypt("x"), Is.Not.EqualTo(first), "nonces are random");
        Assert.That(made.Encrypt("x"), Does.Match("^v1:[A-Za-z0-9+/]{16}:[A-Za-z0-9+/=]+$"));
    }

    [Test]
    public void A_damaged_text_is_told_from_a_good_one()
    {
        var cipher = PassphraseCipher.Open(Salt, "password");
        var sealed_ = cipher.Encrypt("hello");
        var damaged = sealed_[..^4] + (sealed_[^4] == 'A' ? 'B' : 'A') + sealed_[^3..];
        Assert.That(() => cipher.Decrypt(damaged), Throws.TypeOf<MalformedSecretException>());
        Assert.That(() => cipher.Decrypt("v1:only"), Throws.TypeOf<MalformedSecretException>());
    }

    [Test]
    public void The_vault_asks_only_when_there_is_something_to_open_and_only_once()
    {
        var source = new FixedPassphrase("password");
        var vault = new PassphraseVault(source);
        Assert.That(source.Asked, Is.Zero);
        var first = vault.Open(Salt);
        Assert.That(vault.Open(Salt), Is.SameAs(first));
        Assert.That(source.Asked, Is.EqualTo(1));
    }
}
