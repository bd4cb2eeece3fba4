using MesosStack.Examples;
using Pulumi;

return await Deployment.RunAsync(OwnNetwork.Declare);
