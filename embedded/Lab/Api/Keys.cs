using static MesosStack.Embedded.Lab.Api.Rules;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>The account's SSH keys.</summary>
internal sealed class Keys(LabState state)
{
    public object Create(KeyRequest request) => state.Change(records =>
    {
        var line = (request.PublicKey ?? "").Trim();
        var fingerprint = PublicKey.Fingerprint(line) ?? throw ApiException.Unprocessable("Key invalid, key should be of the format `type key [comment]`");
        Refuse(string.IsNullOrEmpty(request.Name), "Name can't be blank");
        Refuse(records.Keys.Exists(k => k.Fingerprint == fingerprint), "SSH Key is already in use on your account");
        var key = new KeyRecord { Id = records.NextId++, Name = request.Name!, PublicKey = line, Fingerprint = fingerprint };
        records.Keys.Add(key);
        return Views.Key(key);
    });

    public object Rename(string id, KeyRequest request) => state.Change(records =>
    {
        var key = records.Key(id);
        Refuse(string.IsNullOrEmpty(request.Name), "Name can't be blank");
        key.Name = request.Name!;
        return Views.Key(key);
    });

    public void Delete(string id) => state.Change(records =>
    {
        records.Keys.Remove(records.Key(id));
    });
}
