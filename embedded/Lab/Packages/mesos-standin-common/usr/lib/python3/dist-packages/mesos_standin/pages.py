"""The pages that a browser is shown; each says that it is a stand-in's."""

from html import escape

from . import BANNER
from .resources import SCALARS

STYLE = """
body { font: 15px/1.45 sans-serif; margin: 1rem auto; max-width: 70rem }
.standin { background: #b30; color: #fff; padding: .6rem 1rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd }
"""
SHOWN_ENDED_TASKS = 20
SECONDS_TO_LEADER = 3


def page(title, body, head=""):
    """A whole page around a body that is HTML."""
    return (f'<!DOCTYPE html><meta charset="utf-8">{head}<title>{escape(title)} (stand-in)</title><style>{STYLE}</style>'
            f'<p class="standin">{escape(BANNER)}</p><h1>{escape(title)}</h1>{body}')


def table(title, headings, rows):
    """A table with its title; a cell is text, or a dictionary of links by their texts."""
    lines = [headings] + [[_cell(cell) for cell in row] for row in rows]
    return f"<h2>{title}</h2><table>" + "".join(f"<tr><td>{'<td>'.join(line)}" for line in lines) + "</table>"


def _cell(value):
    if isinstance(value, dict):
        return " ".join(f'<a href="{escape(address)}">{escape(text)}</a>' for text, address in value.items())
    return escape(str(value))


def _amounts(resources):
    return ", ".join(f"{name} {resources.get(name, 0):g}" for name in SCALARS)


def follower(leader):
    """The page of a master that does not lead: it names the leader and sends the browser there."""
    address = escape(f"//{leader['hostname']}:{leader['port']}/")
    return page("Mesos", f'<p>This master is not the leader. The leader is <a href="{address}">{address}</a>.</p>',
                f'<meta http-equiv="refresh" content="{SECONDS_TO_LEADER};url={address}">')


def master(state, leader, violations):
    """The page of a leading master, or of one that knows no leader."""
    agents = state["slaves"]
    hosts = {agent["id"]: f"{agent['hostname']}:{agent['port']}" for agent in agents}
    pooled = {name: sum(agent["resources"].get(name, 0) for agent in agents) for name in SCALARS}
    facts = [f"Leader: {leader['hostname'] if leader else 'none'}", f"{state['activated_slaves']} activated agents",
             f"Resources: {_amounts(pooled)}", f"Violations: {violations}"]
    tasks = [task for framework in state["frameworks"]
             for task in framework["tasks"] + framework["completed_tasks"][:-SHOWN_ENDED_TASKS - 1:-1]]
    return page(state["cluster"] or "Mesos", "".join(f"<p>{escape(fact)}</p>" for fact in facts) + table(
        "Agents", ["Host", "Id", "State", "Resources"],
        [[hosts[agent["id"]], agent["id"], "activated" if agent["active"] else "deactivated",
          _amounts(agent["resources"])] for agent in agents]
    ) + table(
        "Tasks", ["Task", "State", "Host", "Sandbox"],
        [[task["id"], task["state"], hosts.get(task["slave_id"], "gone"), _sandbox(hosts.get(task["slave_id"]), task)]
         for task in tasks]))


def _sandbox(host, task):
    """Links to what a task wrote, served by its agent at host:port."""
    return {name: f"//{host}/standin/sandbox/{task['id']}/{name}" for name in ("stdout", "stderr")} if host else {}
