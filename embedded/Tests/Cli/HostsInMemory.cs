using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary>The provider <c>command</c> over hosts that only answer: by address and by script.</summary>
internal sealed class HostsInMemory : IProvider
{
    /// <summary>What a script prints on a host before its last word; a host without an entry cannot be reached.</summary>
    public Dictionary<(string Host, string Script), string> Answers { get; } = [];

    /// <summary>The commands that were run, with their input.</summary>
    public List<(string Host, string Command, string Input)> Ran { get; } = [];

    public string Package => "command";

    public Task ConfigureAsync(PropertyMap settings, CancellationToken cancellation) => Task.CompletedTask;

    public Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation)
    {
        static string Text(PropertyValue? value) => ((PropertyValue.Text)value!).Value;
        var host = Text(((PropertyValue.Object)request.Inputs["connection"].Unwrapped()).Properties["host"]);
        var command = Text(request.Inputs["create"]);
        lock (Ran)
        {
            Ran.Add((host, command, Text(request.Inputs["stdin"])));
        }

        var answer = Answers.FirstOrDefault(a => a.Key.Host == host && command.Contains($"bash {a.Key.Script}.sh", StringComparison.Ordinal)).Value;
        return answer is null
            ? throw new ProviderException($"cannot reach {host}:22 over SSH, 2 attempts failed; the last one: no answer")
            : Task.FromResult(new CreateResult("1", PropertyMap.Empty.With("stdout", new PropertyValue.Secret(command.EndsWith("&& echo mesos-stack:done", StringComparison.Ordinal) ? $"{answer}mesos-stack:done" : answer))));
    }

    public Task<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ImmutableSortedDictionary<string, PropertyDiff>> DiffAsync(DiffRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ReadResult?> ReadAsync(ReadRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<PropertyMap> UpdateAsync(UpdateRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task DeleteAsync(DeleteRequest request, CancellationToken cancellation) => throw new NotSupportedException();
}
