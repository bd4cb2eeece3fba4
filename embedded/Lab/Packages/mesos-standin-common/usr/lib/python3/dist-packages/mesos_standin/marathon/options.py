"""Marathon's command line: --name value, --name=value, bare switches, and MARATHON_NAME in the environment."""

import os

from .. import BANNER

# Names from the documentation of Marathon 1.4; a "!" marks a switch.
NAMES = """
master zk hostname http_address http_port https_address https_port http_credentials http_realm !http_compression
http_max_concurrent_requests http_endpoints http_event_callback_slow_consumer_timeout http_event_request_timeout
ssl_keystore_path ssl_keystore_password access_control_allow_origin artifact_store assets_path !checkpoint
!disable_checkpoint enable_features executor failover_timeout framework_name !ha !disable_ha webui_url
leader_proxy_connection_timeout leader_proxy_read_timeout local_port_max local_port_min mesos_role
default_accepted_resource_roles mesos_user !mesos_authentication mesos_authentication_principal
mesos_authentication_secret_file mesos_leader_ui_url marathon_store_timeout env_vars_prefix zk_timeout
zk_session_timeout zk_max_versions zk_max_node_size !zk_compression !disable_zk_compression zk_compression_threshold
max_apps !store_cache on_elected_prepare_timeout task_lost_expunge_gc task_lost_expunge_initial_delay
task_lost_expunge_interval max_tasks_per_offer launch_token_refresh_interval launch_tokens offer_matching_timeout
save_tasks_to_launch_timeout task_launch_confirm_timeout task_launch_timeout min_revive_offers_interval
revive_offers_repetitions !disable_revive_offers_for_new_apps decline_offer_duration reconciliation_initial_delay
reconciliation_interval scale_apps_initial_delay scale_apps_interval event_subscriber event_stream_max_outstanding_messages
plugin_dir plugin_conf logging_level reporter_graphite reporter_datadog !metrics !disable_metrics !tracing !help !version
""".split()
SWITCHES = {name[1:] for name in NAMES if name.startswith("!")}
VALUES = {name for name in NAMES if not name.startswith("!")}
INTEGERS = {"http_port", "https_port", "zk_timeout", "zk_session_timeout", "local_port_min", "local_port_max"}
DEFAULTS = {"http_port": "8080", "framework_name": "marathon", "zk_timeout": "10000",
            "local_port_min": "10000", "local_port_max": "20000"}


class OptionError(Exception):
    """A command line that Marathon would not start with."""


def parse(arguments):
    """Options by name. The command line goes before the environment."""
    options = dict(DEFAULTS)
    for key, value in os.environ.items():
        name = key.removeprefix("MARATHON_").lower()
        if key.startswith("MARATHON_") and name in VALUES:
            options[name] = value
        elif key.startswith("MARATHON_") and name in SWITCHES:
            options[name] = True
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        if not argument.startswith("--"):
            raise OptionError(f"Excess arguments provided: '{argument}'")
        name, equals, value = argument[2:].partition("=")
        if name in SWITCHES:
            options[name] = True
        elif name not in VALUES:
            raise OptionError(f"Unknown option '{name}'")
        elif equals:
            options[name] = value
        elif rest:
            options[name] = rest.pop(0)
        else:
            raise OptionError(f"Bad arguments for option '{name}'")
    for name in INTEGERS & options.keys():
        if not str(options[name]).isdecimal():
            raise OptionError(f"Bad arguments for option '{name}': '{options[name]}' - wrong arguments format")
    return options


def usage(version):
    """What --help prints."""
    lines = ["Usage: marathon [options]", "", BANNER, f"It imitates Marathon {version}.", ""]
    lines += [f"  --{name}  <arg>" for name in sorted(VALUES)] + [f"  --{name}" for name in sorted(SWITCHES)]
    return "\n".join(lines)
