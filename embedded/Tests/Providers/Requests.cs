using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Tests.Providers;

/// <summary>Short forms of what the engine would send.</summary>
internal static class Requests
{
    public static ResourceKey Key(string type, string name = "thing") => new($"urn:pulumi:lab::test::{type}::{name}", type, name);

    public static PropertyMap Map(params (string Key, PropertyValue Value)[] properties) =>
        PropertyMap.From(properties.Select(p => KeyValuePair.Create(p.Key, p.Value)));

    public static PropertyValue Obj(params (string Key, PropertyValue Value)[] properties) => new PropertyValue.Object(Map(properties));

    public static PropertyValue List(params PropertyValue[] items) => new PropertyValue.Array([.. items]);

    public static CreateRequest Create(ResourceKey key, PropertyMap inputs, bool preview = false, TimeSpan? timeout = null, Action<string>? status = null) =>
        new(key, inputs, timeout, preview, status ?? (_ => { }));

    public static UpdateRequest Update(ResourceKey key, string id, PropertyMap oldInputs, PropertyMap oldOutputs, PropertyMap newInputs, bool preview = false, TimeSpan? timeout = null) =>
        new(key, id, oldInputs, oldOutputs, newInputs, timeout, preview, _ => { });

    public static DeleteRequest Delete(ResourceKey key, string id, PropertyMap inputs, PropertyMap outputs, TimeSpan? timeout = null) =>
        new(key, id, inputs, outputs, timeout, _ => { });
}
