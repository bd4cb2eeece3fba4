using MesosStack.Examples;
using Pulumi;

return await Deployment.RunAsync(TwoClusters.Declare);
