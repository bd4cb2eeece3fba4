"""The stand-in for Chronos: it reads its options, listens on 4400 and shows a page. It schedules nothing."""

import os
import sys

from . import BANNER, pages, web
from .daemon import LOG, die, start_logging

VALUES = {"master", "zk_hosts", "zk_path", "http_port", "http_address", "hostname", "cluster_name", "mesos_framework_name",
          "user", "failover_timeout", "failure_retry", "schedule_horizon", "mail_server", "mail_from", "mail_user",
          "mail_password", "mesos_authentication_principal", "mesos_authentication_secret_file", "http_credentials",
          "mesos_task_cpu", "mesos_task_mem", "mesos_task_disk", "mesos_role", "mesos_checkpoint", "webui_url", "zk_timeout",
          "decline_offer_duration", "reconciliation_interval", "revive_offers_interval", "task_epsilon",
          "min_revive_offers_interval", "default_job_owner", "graphite_host_port", "slack_url"}


def main(version, arguments):
    """Runs until it dies."""
    if "--help" in arguments:
        print("\n".join(["Usage: chronos [options]", "", BANNER] + [f"  --{name}  <arg>" for name in sorted(VALUES)]))
        return
    if "--version" in arguments:
        print(f"{version}\n{BANNER}")
        return
    options, rest = {"http_port": "4400"}, list(arguments)
    while rest:
        name, equals, value = rest.pop(0).removeprefix("--").partition("=")
        if name not in VALUES or not (equals or rest):
            print(f"[scallop] Error: Unknown or incomplete option '{name}'", file=sys.stderr)
            sys.exit(1)
        options[name] = value if equals else rest.pop(0)
    start_logging("chronos")
    text = "<p>The real Chronos would list its jobs here. This stand-in schedules nothing.</p>"
    bind = options.get("http_address", os.environ.get("LIBPROCESS_IP", "0.0.0.0"))
    try:
        server = web.Server(bind, int(options["http_port"]), [
            ("GET", r"/", lambda request: web.html(pages.page("Chronos", text, 0))),
            ("GET", r"/ping", lambda request: web.plain("pong\n")),
        ])
    except (OSError, ValueError) as error:
        die(f"Chronos cannot listen: {error}")
    LOG.info("Chronos %s on port %s", version, options["http_port"])
    server.serve_forever()
