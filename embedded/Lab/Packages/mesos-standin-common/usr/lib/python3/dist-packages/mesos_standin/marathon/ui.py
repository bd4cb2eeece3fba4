"""Marathon's page: apps, their tasks, and a form for a new app."""

from html import escape

from ..pages import page, sandbox_links, table

# What the tutorial's web form fills in.
FORM = [("id", "ID", "hello"), ("cmd", "Command", "echo hello; sleep 10"), ("cpus", "CPUs", "0.1"),
        ("mem", "Memory (MB)", "16"), ("disk", "Disk (MB)", "0"), ("instances", "Instances", "1")]


def _status(app):
    if app["deployments"]:
        return "Deploying"
    if app["instances"] == 0:
        return "Suspended"
    return "Running" if app["tasksRunning"] else "Waiting"


def overview(scheduler, info):
    """The page of the leader."""
    apps = table(["App", "State", "Tasks", "CPUs", "Memory", "Command"],
                 [[escape(app["id"]), _status(app), f"{app['tasksRunning']} of {app['instances']}", f"{app['cpus']:g}",
                   f"{app['mem']:g}", f"<code>{escape(app['cmd'])}</code>"] for app in scheduler.views()],
                 "No apps yet.")
    tasks = table(["Task", "State", "Host", "Ports", "Sandbox"],
                  [[escape(task["id"]), escape(task["state"]), escape(str(task["host"])),
                    escape(", ".join(map(str, task["ports"]))),
                    sandbox_links(f"{task['host']}:{task.get('agent_port', 5051)}", task["id"])]
                   for task in scheduler.tasks()], "No tasks.")
    return page("Marathon", f"<p>Leader: <b>{escape(info['leader'])}</b>, framework "
                f"{escape(str(info['frameworkId'] or 'not registered yet'))}, version {escape(info['version'])}. "
                f'<a href="#new">New App</a></p><h2>Apps</h2>{apps}<h2>Tasks</h2>{tasks}{_form()}', 0) \
        + RELOAD


# The page reloads itself unless somebody is filling in the form.
RELOAD = """<script>
setInterval(() => { if (!document.querySelector("form").contains(document.activeElement)) location.reload(); }, 5000);
</script>"""


def _form():
    fields = "".join(f'<label>{label} <input name="{name}" placeholder="{escape(example, quote=True)}" required'
                     f'{"" if name in ("id", "cmd") else f" value={example}"}></label>'
                     for name, label, example in FORM)
    return f'<h2 id="new">New App</h2><form method="post" action="/">{fields}<button>Create</button></form>'


def app_of_form(fields):
    """The definition that a filled-in form asks for; what is no number is left for validation to refuse."""
    body = {"id": fields.get("id", ""), "cmd": fields.get("cmd", ""), "ports": [0]}
    for name, kind in (("cpus", float), ("mem", float), ("disk", float), ("instances", int)):
        try:
            body[name] = kind(fields.get(name, ""))
        except ValueError:
            body[name] = fields.get(name)
    return body


def refusal(text):
    """What a form that was refused is answered with."""
    return page("Marathon", f'<p class="fault">{escape(text)}</p><p><a href="/">Back</a></p>', 0)
