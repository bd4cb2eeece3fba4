"""The pages that a browser is shown; each says that it is a stand-in's."""

from html import escape

from . import BANNER
from .resources import SCALARS

STYLE = """
body { font: 15px/1.45 sans-serif; margin: 0 auto; max-width: 70rem; padding: 0 1rem 3rem; color: #222 }
.standin { background: #b30; color: #fff; padding: .6rem 1rem; margin: 0 -1rem 1rem; font-weight: bold }
table { border-collapse: collapse; width: 100%; margin-bottom: 1.5rem }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top }
form { display: grid; grid-template-columns: max-content minmax(0, 24rem); gap: .5rem 1rem; align-items: center }
label { display: contents } button { grid-column: 2; justify-self: start } input, button { font: inherit }
.fault { color: #b30 }
"""


def page(title, body, refresh=5):
    """A whole page; reloads itself every `refresh` seconds unless that is 0."""
    reload = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    return (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{reload}<title>{escape(title)} (stand-in)'
            f'</title><style>{STYLE}</style></head><body><p class="standin">{escape(BANNER)}</p>'
            f"<h1>{escape(title)}</h1>{body}</body></html>")


def table(headings, rows, empty):
    """A table of ready-made HTML cells."""
    if not rows:
        return f"<p>{escape(empty)}</p>"
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{lines}</table>"


def link(url, text):
    """A link whose target and text may hold anything."""
    return f'<a href="{escape(url, quote=True)}">{escape(text)}</a>'


def _amounts(resources):
    return escape(", ".join(f"{name} {resources.get(name, 0):g}" for name in SCALARS))


def sandbox_links(host, task_id):
    """Links to what a task wrote, served by its agent at host:port."""
    base = f"//{host}/standin/sandbox/{task_id}"
    return f"{link(base + '/stdout', 'stdout')} {link(base + '/stderr', 'stderr')}"


def _task_rows(tasks, hosts):
    rows = []
    for task in tasks:
        host = hosts.get(task["slave_id"])
        rows.append([escape(task["id"]), escape(task["state"]), escape(host or "gone"),
                     sandbox_links(host, task["id"]) if host else ""])
    return rows


def master(state, leader):
    """The page of a leading master, or of one that knows no leader."""
    name = state["cluster"] or "Mesos"
    agents = state["slaves"]
    hosts = {agent["id"]: f"{agent['hostname']}:{agent['port']}" for agent in agents}
    total = {key: sum(agent["resources"].get(key, 0) for agent in agents) for key in SCALARS}
    free = {key: sum(agent["unreserved_resources"].get(key, 0) for agent in agents) for key in SCALARS}
    body = [f"<p>Leader: <b>{escape(leader['hostname'] + ':' + str(leader['port']) if leader else 'none')}</b>, "
            f"version {escape(state['version'])}</p>"]
    body += [f'<p class="fault">Violation: {escape(str(fault))}</p>' for fault in state["standin_violations"]]
    body.append(f"<p>Agents: <b>{state['activated_slaves']} activated</b>, {state['deactivated_slaves']} deactivated."
                f" Resources: {_amounts(total)}; free: {_amounts(free)}</p>")
    body.append("<h2>Agents</h2>" + table(
        ["Host", "Id", "State", "Resources", "Free"],
        [[link(f"//{hosts[agent['id']]}/", hosts[agent["id"]]), escape(agent["id"]),
          "activated" if agent["active"] else "deactivated", _amounts(agent["resources"]),
          _amounts(agent["unreserved_resources"])] for agent in agents], "No agents."))
    for framework in state["frameworks"]:
        url = framework["webui_url"]
        title = link(url, framework["name"]) if url and url.startswith("http") else escape(framework["name"])
        ended = list(reversed(framework["completed_tasks"]))[:20]
        body.append(f"<h2>Framework {title}</h2><p>{escape(framework['id'])}, "
                    f"{'active' if framework['active'] else 'disconnected'}</p><h3>Active tasks</h3>")
        body.append(table(["Task", "State", "Host", "Sandbox"], _task_rows(framework["tasks"], hosts), "None."))
        body.append("<h3>Ended tasks</h3>")
        body.append(table(["Task", "State", "Host", "Sandbox"], _task_rows(ended, hosts), "None."))
    if not state["frameworks"]:
        body.append("<h2>Frameworks</h2><p>None registered.</p>")
    return page(name, "".join(body))


def agent(state):
    """The page of an agent."""
    host = f"{state['hostname']}:{state['port']}"
    rows = [[escape(task["id"]), escape(task["state"]), sandbox_links(host, task["id"])] for task in state["tasks"]]
    registered = "registered" if state["registered"] else "not registered"
    return page(f"Mesos agent {host}", f"<p>{escape(state['id'] or 'no id yet')}, {registered}; "
                f"{_amounts(state['resources'])}</p>" + table(["Task", "State", "Sandbox"], rows, "No tasks."))
