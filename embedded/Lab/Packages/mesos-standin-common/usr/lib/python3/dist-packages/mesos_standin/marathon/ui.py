"""Marathon's page: apps, and a form for a new app."""

from ..pages import page, table

# The page sends what the tutorial's form fills in by itself.
FORM = """<h2>New App</h2>
<form>ID <input name="id" placeholder="hello" required> Command <input name="cmd" placeholder="echo hello; sleep 10" required>
<button>Create</button></form>
<script>
document.querySelector("form").onsubmit = async event => {
  event.preventDefault();
  const app = {...Object.fromEntries(new FormData(event.target)), cpus: 0.1, mem: 16, disk: 0, instances: 1, ports: [0]};
  const answer = await fetch("/v2/apps",
    {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(app)});
  if (answer.ok) location.reload(); else alert(await answer.text());
};
</script>"""


def overview(apps):
    """The page of the leader."""
    return page("Marathon", table(
        "Apps", ["App", "State", "Tasks", "CPUs", "Memory", "Command"],
        [[app["id"], _status(app), f"{app['tasksRunning']} of {app['instances']}", app["cpus"], app["mem"], app["cmd"]]
         for app in apps]) + FORM)


def _status(app):
    if app["deployments"]:
        return "Deploying"
    if app["instances"] == 0:
        return "Suspended"
    return "Running" if app["tasksRunning"] else "Waiting"
