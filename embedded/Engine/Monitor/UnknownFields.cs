using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace MesosStack.Embedded.Engine.Monitor;

/// <summary>Looks in a request for fields that the protocol's slice does not have: a newer SDK may mean something by them.</summary>
internal static class UnknownFields
{
    /// <summary>The first one of a request and of the messages in it: the message's name and the field's number; null where there is none.</summary>
    public static (string Message, int Number)? First(IMessage request, IReadOnlyDictionary<int, string> withoutEffect)
    {
        // What the values of a program hold is not the protocol's.
        if (request.Descriptor.File.Package.StartsWith("google.", StringComparison.Ordinal))
        {
            return null;
        }

        using var input = new CodedInputStream(request.ToByteArray());
        while (input.ReadTag() is > 0 and var tag)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            if (request.Descriptor.FindFieldByNumber(number) is null && !withoutEffect.ContainsKey(number))
            {
                return (request.Descriptor.Name, number);
            }

            input.SkipLastField();
        }

        return request.Descriptor.Fields.InFieldNumberOrder()
            .SelectMany(field => Messages(field, request))
            .Select(inner => First(inner, new Dictionary<int, string>()))
            .FirstOrDefault(found => found is not null);
    }

    private static IEnumerable<IMessage> Messages(FieldDescriptor field, IMessage request) => field switch
    {
        { IsMap: true } => ((System.Collections.IDictionary)field.Accessor.GetValue(request)).Values.OfType<IMessage>(),
        { FieldType: not FieldType.Message } => [],
        { IsRepeated: true } => ((System.Collections.IEnumerable)field.Accessor.GetValue(request)).OfType<IMessage>(),
        _ => field.Accessor.GetValue(request) is IMessage one ? [one] : [],
    };
}
