"""Tasks of an agent: child processes in sessions of their own that outlive the agent and are found again by it."""

import json
import os
import shutil
import signal
import subprocess
import time
import uuid

from . import ROOT
from .daemon import LOG

EXECUTOR = f"{ROOT}/usr/lib/mesos-standin/executor"
KEPT_SANDBOXES = 20  # ended runs kept on disk for each app; the oldest go first
GRACE = 3.0  # seconds between SIGTERM and SIGKILL


def _start_time(pid):
    """When a process started, in kernel ticks, or None where it is gone: tells a reused pid apart."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else fields[19]


class Tasks:
    """The tasks of one agent identity, checkpointed under META/tasks. Not thread-safe: the agent holds its lock."""

    def __init__(self, work_dir, meta, agent_id):
        self._runs = os.path.join(work_dir, "slaves", agent_id, "frameworks")
        self._meta = os.path.join(meta, "tasks")
        self._children = {}
        self._tasks = {}
        os.makedirs(self._meta, exist_ok=True)

    def recover(self):
        """Finds the tasks that an earlier process of this agent started."""
        for name in os.listdir(self._meta):
            if name.endswith(".new"):
                continue
            with open(os.path.join(self._meta, name), encoding="utf-8") as file:
                entry = json.load(file)
            self._tasks[entry["task"]["id"]] = entry
            LOG.info("Recovered task %s (pid %s)", entry["task"]["id"], entry["pid"])

    def launch(self, task, hostname):
        """Starts a task; it runs when this returns."""
        if task["id"] in self._tasks:
            return
        executor = os.path.join(self._runs, task["framework_id"], "executors", task["id"])
        run = str(uuid.uuid4())
        sandbox = os.path.join(executor, "runs", run)
        os.makedirs(sandbox)
        os.symlink(run, os.path.join(executor, "runs", "latest"))
        environment = {
            "PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
            "HOST": hostname,
            "MESOS_SANDBOX": sandbox,
            "MESOS_TASK_ID": task["id"],
            **{key: str(value) for key, value in task.get("env", {}).items()},
        }
        process = subprocess.Popen(["/bin/sh", EXECUTOR, sandbox, task["command"]], env=environment, cwd=sandbox,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        self._children[task["id"]] = process
        entry = {"task": {**task, "state": "TASK_RUNNING", "sandbox": sandbox, "started": time.time()},
                 "pid": process.pid, "start": _start_time(process.pid), "killed": None}
        self._tasks[task["id"]] = entry
        self._save(entry)

    def kill(self, task_id):
        """Asks a task to end; it is made to after the grace time. False where there is no such task."""
        entry = self._tasks.get(task_id)
        if not entry:
            return False
        if entry["killed"] is None:
            entry["killed"] = time.time()
            self._save(entry)
            self._signal(entry, signal.SIGTERM)
        return True

    def kill_all(self):
        """Ends all tasks at once."""
        for entry in self._tasks.values():
            entry["killed"] = time.time()
            self._signal(entry, signal.SIGKILL)

    def poll(self):
        """Notices tasks that ended; true where there are any."""
        ended = False
        for task_id, entry in self._tasks.items():
            if entry["task"]["state"] != "TASK_RUNNING":
                continue
            child = self._children.get(task_id)
            if child:
                child.poll()
            start = _start_time(entry["pid"])
            # A task that had ended before its start time could be read has none.
            if start is not None and start == entry["start"]:
                if entry["killed"] and time.time() - entry["killed"] > GRACE:
                    self._signal(entry, signal.SIGKILL)
                continue
            self._children.pop(task_id, None)
            self._ended(entry)
            ended = True
        return ended

    def views(self):
        """What the master is told of each task."""
        return [dict(entry["task"]) for entry in self._tasks.values()]

    def forget(self, task_ids):
        """Drops ended tasks that the master knows of."""
        for task_id in task_ids:
            entry = self._tasks.pop(task_id)
            os.unlink(self._path(task_id))
            self._collect(entry["task"])

    def _ended(self, entry):
        task = entry["task"]
        try:
            with open(os.path.join(task["sandbox"], ".status"), encoding="ascii") as file:
                status = int(file.read())
        except FileNotFoundError:
            status = None
        if entry["killed"]:
            task.update(state="TASK_KILLED", message="Command was asked to end")
        elif status is None:
            task.update(state="TASK_FAILED", message="Command's process is gone")
        elif status == 0:
            task.update(state="TASK_FINISHED", message="Command exited with status 0")
        else:
            task.update(state="TASK_FAILED", message=f"Command exited with status {status}")
        task["ended"] = time.time()
        self._save(entry)
        LOG.info("Task %s: %s (%s)", task["id"], task["state"], task["message"])

    def _collect(self, task):
        """Removes the sandboxes of an app's oldest ended runs."""
        executors = os.path.join(self._runs, task["framework_id"], "executors")
        app = task["id"].rpartition(".")[0]
        ended = [os.path.join(executors, name) for name in os.listdir(executors)
                 if name.rpartition(".")[0] == app and name not in self._tasks]
        for path in sorted(ended, key=os.path.getmtime)[:-KEPT_SANDBOXES]:
            shutil.rmtree(path)

    @staticmethod
    def _signal(entry, number):
        if _start_time(entry["pid"]) == entry["start"]:
            try:
                os.killpg(entry["pid"], number)
            except ProcessLookupError:
                LOG.info("Task %s had already ended", entry["task"]["id"])

    def _path(self, task_id):
        return os.path.join(self._meta, task_id.replace("/", "_") + ".json")

    def _save(self, entry):
        path = self._path(entry["task"]["id"])
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(entry, file)
        os.replace(path + ".new", path)
