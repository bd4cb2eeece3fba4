"""What a leading master knows: agents, frameworks and tasks. All calls are thread-safe."""

import threading
import time

from . import net, web
from .daemon import LOG
from .resources import subtract

TERMINAL = ("TASK_FINISHED", "TASK_FAILED", "TASK_KILLED", "TASK_LOST")
SILENCE = 3.0  # seconds without a heartbeat before an agent is asked whether it lives
FRAMEWORK_SILENCE = 10.0  # seconds without a question before a framework counts as disconnected; each question takes up to 5
KEPT_TASKS = 100  # ended tasks remembered for each framework


class Agent:
    """A registered agent."""

    def __init__(self, agent_id, body):
        self.id = agent_id
        self.info = body["info"]
        self.address = body["address"]
        self.seen = time.monotonic()
        self.active = True
        self.probing = False


class Framework:
    """A registered framework."""

    def __init__(self, framework_id, body):
        self.id = framework_id
        self.revision = 1
        self.update(body)

    def update(self, body):
        self.name = body["name"]
        self.address = body["address"]
        self.seen = time.monotonic()

    @property
    def active(self):
        """Whether it has asked for its tasks lately."""
        return time.monotonic() - self.seen < FRAMEWORK_SILENCE


class Registry:
    """Agents, frameworks and tasks; empty in a new leader until they register again."""

    def __init__(self, removal_seconds):
        self._changed = threading.Condition(threading.RLock())
        self._agents, self._frameworks, self._tasks = {}, {}, {}
        self._ended = {}  # ended tasks by framework, the newest last
        self._removal = removal_seconds
        self._agent_number = self._framework_number = 0

    # Agents

    def register_agent(self, body, master_id):
        with self._changed:
            agent_id = body.get("id")
            if not agent_id:
                # The same address registering anew is the same machine with a new identity.
                for old in [a for a in self._agents.values() if a.address == body["address"]]:
                    self._remove_agent(old, "registered again with a new id")
                agent_id = f"{master_id}-S{self._agent_number}"
                self._agent_number += 1
            self._agents[agent_id] = Agent(agent_id, body)
            LOG.info("Registered agent %s at %s (%s)", agent_id, body["address"], body["info"]["hostname"])
            self._merge(agent_id, body.get("tasks", []))
            self._bump_all()
            return {"id": agent_id}

    def heartbeat(self, body):
        with self._changed:
            agent = self._agents.get(body["id"])
            if not agent:
                raise web.Answer(404, "unknown agent", content_type="text/plain")
            agent.seen = time.monotonic()
            if not agent.active:
                LOG.info("Agent %s is back", agent.id)
                agent.active = True
                self._bump_all()
            self._merge(agent.id, body.get("tasks", []))
            return {"ok": True}

    def unregister(self, body):
        with self._changed:
            agent = self._agents.get(body["id"])
            if agent:
                self._merge(agent.id, body.get("tasks", []))
                self._remove_agent(agent, "unregistered")
            return {"ok": True}

    def probe_silent_agents(self):
        """Asks agents that were silent: nobody there means deactivated, silence for long means removed."""
        with self._changed:
            now = time.monotonic()
            for agent in list(self._agents.values()):
                if now - agent.seen > self._removal:
                    self._remove_agent(agent, "health check timed out")
                elif agent.active and now - agent.seen > SILENCE and not agent.probing:
                    agent.probing = True
                    threading.Thread(target=self._probe, args=(agent,), daemon=True).start()

    def _probe(self, agent):
        try:
            net.call(agent.address, "/standin/ping", timeout=5)
        except TimeoutError:
            pass  # a slow or silent host is only given up after the ping time-outs
        except (OSError, ValueError, net.RemoteError) as error:
            with self._changed:
                LOG.warning("Agent %s at %s disconnected: %s", agent.id, agent.address, error)
                agent.active = False
                self._bump_all()
        finally:
            agent.probing = False

    def _remove_agent(self, agent, reason):
        LOG.warning("Removed agent %s at %s: %s", agent.id, agent.address, reason)
        del self._agents[agent.id]
        for task in [task for task in self._tasks.values() if task["slave_id"] == agent.id]:
            self._finish({**task, "state": "TASK_LOST", "message": f"Agent {reason}"})
        self._bump_all()

    # Tasks

    def _merge(self, agent_id, tasks):
        """Takes over what an agent says of its tasks."""
        for task in tasks:
            task = {**task, "slave_id": agent_id}
            if task["state"] in TERMINAL:
                self._finish(task)
            elif self._tasks.get(task["id"]) != task:
                self._tasks[task["id"]] = task
                self._bump(task["framework_id"])

    def _finish(self, task):
        self._tasks.pop(task["id"], None)
        # Kept for frameworks that are not back yet, too: after a failover agents are often faster.
        ended = self._ended.setdefault(task["framework_id"], [])
        if all(done["id"] != task["id"] for done in ended):
            self._ended[task["framework_id"]] = (ended + [task])[-KEPT_TASKS:]
            self._bump(task["framework_id"])

    def _bump(self, framework_id):
        framework = self._frameworks.get(framework_id)
        if framework:
            framework.revision += 1
            self._changed.notify_all()

    def _bump_all(self):
        for framework_id in self._frameworks:
            self._bump(framework_id)

    # Frameworks

    def register_framework(self, body, master_id):
        with self._changed:
            framework_id = body.get("id") or f"{master_id}-{self._framework_number:04d}"
            if not body.get("id"):
                self._framework_number += 1
            if framework_id in self._frameworks:
                self._frameworks[framework_id].update(body)
            else:
                self._frameworks[framework_id] = Framework(framework_id, body)
            LOG.info("Registered framework %s (%s) at %s", framework_id, body.get("name"), body["address"])
            return {"id": framework_id}

    def _framework(self, body):
        framework = self._frameworks.get(body["id"])
        if not framework:
            raise web.Answer(404, "unknown framework", content_type="text/plain")
        if framework.address != body["address"]:
            raise web.Answer(409, "Framework failed over", content_type="text/plain")
        framework.seen = time.monotonic()
        return framework

    def sync(self, body):
        """Offers and tasks of a framework, as soon as they differ from the revision that it has (or after 5 s)."""
        deadline = time.monotonic() + 5
        with self._changed:
            framework = self._framework(body)
            while framework.revision == body.get("revision") and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
            framework = self._framework(body)
            return {
                "revision": framework.revision,
                "tasks": [self._located(task) for task in self._tasks.values()
                          if task["framework_id"] == framework.id],
                "completed": [self._located(task) for task in self._ended.get(framework.id, [])],
                "offers": [{"agent_id": agent.id, "hostname": agent.info["hostname"],
                            "attributes": agent.info["attributes"], "resources": self._free(agent)}
                           for agent in self._agents.values() if agent.active],
            }

    def _located(self, task):
        """A task together with the host of its agent."""
        agent = self._agents.get(task["slave_id"])
        return {**task, "host": agent.info["hostname"]} if agent else task

    def _free(self, agent):
        used = [task["resources"] for task in self._tasks.values() if task["slave_id"] == agent.id]
        return subtract(agent.info["resources"], used)

    def launch(self, body):
        with self._changed:
            framework = self._framework(body)
            agent = self._agents.get(body["agent_id"])
            if not agent or not agent.active:
                raise web.Answer(409, "the offer is no longer valid", content_type="text/plain")
            task = {**body["task"], "framework_id": framework.id, "slave_id": agent.id, "state": "TASK_STAGING"}
            self._tasks[task["id"]] = task
        try:
            net.call(agent.address, "/standin/launch", task)
        except (OSError, ValueError, net.RemoteError) as error:
            with self._changed:
                self._finish({**task, "state": "TASK_LOST", "message": f"Agent {agent.address}: {error}"})
            raise web.Answer(503, f"agent {agent.address}: {error}", content_type="text/plain") from error
        return {"ok": True}

    def kill(self, body):
        with self._changed:
            self._framework(body)
            task = self._tasks.get(body["task_id"])
            agent = self._agents.get(task["slave_id"]) if task else None
        if not agent:
            raise web.Answer(404, "unknown task", content_type="text/plain")
        try:
            return net.call(agent.address, "/standin/kill", {"task_id": body["task_id"]})
        except (OSError, ValueError, net.RemoteError) as error:
            raise web.Answer(503, f"agent {agent.address}: {error}", content_type="text/plain") from error

    # Views

    def agent_views(self):
        with self._changed:
            return [{
                "id": agent.id,
                "hostname": agent.info["hostname"],
                "port": agent.info["port"],
                "active": agent.active,
                "attributes": agent.info["attributes"],
                "resources": agent.info["resources"],
            } for agent in self._agents.values()]

    def framework_views(self):
        with self._changed:
            tasks = list(self._tasks.values())
            return [{
                "id": framework.id, "name": framework.name, "active": framework.active,
                "tasks": [dict(task) for task in tasks if task["framework_id"] == framework.id],
                "completed_tasks": list(self._ended.get(framework.id, [])),
            } for framework in self._frameworks.values()]
