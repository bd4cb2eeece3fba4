using MesosStack.Embedded.Tests.SdkProgram;
using Pulumi;

// MODE picks what to do; without one of the scenarios' names it is the recorded program, which knows a few more.
var mode = Environment.GetEnvironmentVariable("MODE") ?? "";
return await Deployment.RunAsync(Scenarios.All.GetValueOrDefault(mode) ?? (() => RecordedProgram.Declare(mode)));
