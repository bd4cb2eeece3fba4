using MesosStack.Embedded.Engine.Configuration;
using MesosStack.Embedded.Engine.State;

namespace MesosStack.Embedded.Cli;

/// <summary>The stack that a command works on, everything of it open.</summary>
internal sealed record Job(StackSession Session, StackConfiguration Configuration, StackStore Store, ILab? Lab);
