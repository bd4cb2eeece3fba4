"""The start rule of the masters' replicated log, without the log.

An empty replica takes part only once 2q-1 replicas (q = quorum) have met that are all empty, or q that already take
part. More than 2q-1 masters can ruin the real log and are not refused there; here they are recorded.
"""

import json
import logging
import os
import threading
import time

from kazoo.exceptions import KazooException

from . import net, zookeeper

LOG = logging.getLogger(__name__)
EMPTY, STARTING, VOTING = "EMPTY", "STARTING", "VOTING"


class Replica:
    """This master's replica; its status outlives the process in <work_dir>/replicated_log."""

    def __init__(self, session, zk_path, work_dir, quorum, endpoint):
        self.quorum, self.endpoint = quorum, endpoint
        self.violations = []
        self._client = session.client
        self._violations_path = f"{zk_path.rstrip('/')}/standin_violations"
        self._file = os.path.join(work_dir, "replicated_log", "standin_status")
        self._group = zookeeper.Group(session, f"{zk_path.rstrip('/')}/log_replicas", "")
        self._reached_quorum = threading.Event()
        self._known = None
        try:
            with open(self._file, encoding="ascii") as file:
                self.status = file.read().strip()
        except FileNotFoundError:
            self.status = EMPTY

    def start(self):
        """Registers the replica and follows the others in the background."""
        self._group.join(f"log-replica(1)@{self.endpoint.address}".encode())
        threading.Thread(target=self._run, daemon=True, name="replica").start()

    def wait_recovered(self, timeout):
        """True once a quorum of replicas takes part, false where that did not come about in time (seconds)."""
        return self._reached_quorum.wait(timeout)

    @property
    def recovered(self):
        """Whether a quorum of replicas takes part."""
        return self._reached_quorum.is_set()

    def view(self):
        """What other replicas are told."""
        return {"status": self.status, "quorum": self.quorum, "address": self.endpoint.address}

    def _run(self):
        while True:
            try:
                statuses = self._ask_all()
                self._record_surplus(statuses)
            except KazooException as error:
                LOG.warning("Cannot read the replicas in ZooKeeper: %r", error)
                time.sleep(1)
                continue
            self._advance(statuses)
            if list(statuses.values()).count(VOTING) >= self.quorum:
                self._reached_quorum.set()
            else:
                self._reached_quorum.clear()
            time.sleep(2 if self.status == VOTING and self.recovered else 0.3)

    def _ask_all(self):
        """Status of each replica that answers at the address it advertises; this one is among them."""
        statuses = {self.endpoint.address: self.status}
        for name in self._group.members():
            data = self._group.data(name)
            address = data.decode().partition("@")[2] if data else ""
            if not address or address in statuses:
                continue
            try:
                statuses[address] = net.call(address, "/standin/replica", timeout=1)["status"]
            except (OSError, ValueError, net.RemoteError) as error:
                LOG.warning("Replica %s does not answer: %s", address, error)
        return statuses

    def _advance(self, replicas):
        everyone = 2 * self.quorum - 1
        statuses = list(replicas.values())
        if self.status == VOTING:
            return
        if statuses.count(VOTING) >= self.quorum:
            self._become(VOTING)
        elif self.status == EMPTY and statuses.count(EMPTY) + statuses.count(STARTING) >= everyone:
            self._become(STARTING)
        elif self.status == STARTING and statuses.count(STARTING) + statuses.count(VOTING) >= everyone:
            self._become(VOTING)
        elif self._known != sorted(replicas):
            self._known = sorted(replicas)
            LOG.info("Replica waits for %d replicas; those it knows are %s", everyone, self._known)

    def _become(self, status):
        os.makedirs(os.path.dirname(self._file), exist_ok=True)
        with open(self._file + ".new", "w", encoding="ascii") as file:
            file.write(status)
            file.flush()
            os.fsync(file.fileno())
        os.replace(self._file + ".new", self._file)
        self.status = status
        LOG.info("Replica is now in %s status", status)

    def _record_surplus(self, statuses):
        """Brings `violations` up to date: all that any master of this cluster ever recorded, in ZooKeeper."""
        recorded = json.loads(self._client.get(self._violations_path)[0]) \
            if self._client.exists(self._violations_path) else []
        violation = {"rule": "more than 2q-1 masters", "quorum": self.quorum, "masters": sorted(statuses)}
        if len(statuses) > 2 * self.quorum - 1 and violation not in recorded:
            LOG.error("Violation: %d masters with quorum %d: %s", len(statuses), self.quorum, violation["masters"])
            recorded = recorded + [violation]
            zookeeper.store(self._client, self._violations_path, json.dumps(recorded).encode())
        self.violations = recorded
