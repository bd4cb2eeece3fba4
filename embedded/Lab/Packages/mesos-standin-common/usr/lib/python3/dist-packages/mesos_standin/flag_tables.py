"""Names of the flags that Mesos masters and agents accept, by version (source: src/*/flags.cpp of the tags).

A leading "!" marks a flag that is on or off.
"""

MASTER_0_28 = """
acls advertise_ip advertise_port allocation_interval allocator !authenticate !authenticate_http
!authenticate_slaves authenticators authorizers cluster credentials external_log_file firewall_rules
framework_sorter !help hooks hostname !hostname_lookup http_authenticators !initialize_driver_logging ip
ip_discovery_command !log_auto_initialize log_dir logbufsecs logging_level max_completed_frameworks
max_completed_tasks_per_framework max_executors_per_slave max_slave_ping_timeouts modules offer_timeout port
!quiet quorum rate_limits recovery_slave_removal_limit registry registry_fetch_timeout registry_store_timeout
!registry_strict roles !root_submissions slave_ping_timeout slave_removal_rate_limit slave_reregister_timeout
user_sorter !version webui_dir weights whitelist work_dir zk zk_session_timeout
""".split()

AGENT_0_28 = """
advertise_ip advertise_port appc_simple_discovery_uri_prefix appc_store_dir attributes authenticatee
!cgroups_cpu_enable_pids_and_tids_count !cgroups_enable_cfs cgroups_hierarchy !cgroups_limit_swap
cgroups_net_cls_primary_handle cgroups_net_cls_secondary_handles cgroups_root container_disk_watch_interval
container_logger containerizer_path containerizers credential default_container_image default_container_info
default_role disk_watch_interval docker !docker_kill_orphans docker_mesos_image docker_registry
docker_remove_delay docker_socket docker_stop_timeout docker_store_dir egress_flow_classifier_parent
egress_rate_limit_per_container !egress_unique_flow_per_container !enforce_container_disk_quota
ephemeral_ports_per_container eth0_name executor_environment_variables executor_registration_timeout
executor_shutdown_grace_period external_log_file fetcher_cache_dir fetcher_cache_size firewall_rules
frameworks_home gc_delay gc_disk_headroom hadoop_home !help hooks hostname !hostname_lookup image_providers
image_provisioner_backend !initialize_driver_logging ip ip_discovery_command isolation launcher lo_name log_dir
logbufsecs logging_level master modules !network_enable_snmp_statistics
!network_enable_socket_statistics_details !network_enable_socket_statistics_summary
oversubscribed_resources_interval perf_duration perf_events perf_interval port qos_controller
qos_correction_interval_min !quiet recover recovery_timeout registration_backoff_factor resource_estimator
resources !revocable_cpu_low_priority sandbox_directory slave_subsystems !strict !switch_user
!systemd_enable_support systemd_runtime_directory !version work_dir
""".split()

MASTER_1_4 = """
acls advertise_ip advertise_port agent_ping_timeout agent_removal_rate_limit agent_reregister_timeout
allocation_interval allocator !authenticate_agents !authenticate_frameworks !authenticate_http_frameworks
!authenticate_http_readonly !authenticate_http_readwrite authenticators authorizers cluster credentials domain
external_log_file fair_sharing_excluded_resource_names !filter_gpu_resources firewall_rules framework_sorter
!help hooks hostname !hostname_lookup http_authenticators http_framework_authenticators
!initialize_driver_logging ip ip_discovery_command !log_auto_initialize log_dir logbufsecs logging_level
master_contender master_detector max_agent_ping_timeouts max_completed_frameworks
max_completed_tasks_per_framework max_executors_per_agent max_unreachable_tasks_per_framework modules
modules_dir offer_timeout port !quiet quorum rate_limits recovery_agent_removal_limit registry
registry_fetch_timeout registry_gc_interval registry_max_agent_age registry_max_agent_count
registry_store_timeout !registry_strict roles !root_submissions user_sorter !version webui_dir weights whitelist
work_dir zk zk_session_timeout
""".split()

AGENT_1_4 = """
acls advertise_ip advertise_port agent_subsystems allowed_devices appc_simple_discovery_uri_prefix
appc_store_dir attributes !authenticate_http_executors !authenticate_http_readonly !authenticate_http_readwrite
authenticatee authentication_backoff_factor authorizer bounding_capabilities
!cgroups_cpu_enable_pids_and_tids_count !cgroups_enable_cfs cgroups_hierarchy !cgroups_limit_swap
cgroups_net_cls_primary_handle cgroups_net_cls_secondary_handles cgroups_root container_disk_watch_interval
container_logger containerizers credential default_container_dns default_container_info default_role
!disallow_sharing_agent_pid_namespace disk_watch_interval docker docker_config !docker_kill_orphans
docker_mesos_image docker_registry docker_remove_delay docker_socket docker_stop_timeout docker_store_dir
docker_volume_checkpoint_dir domain effective_capabilities egress_flow_classifier_parent
egress_rate_limit_per_container !egress_unique_flow_per_container !enforce_container_disk_quota
ephemeral_ports_per_container eth0_name executor_environment_variables executor_registration_timeout
executor_reregistration_retry_interval executor_reregistration_timeout executor_secret_key
executor_shutdown_grace_period external_log_file fetcher_cache_dir fetcher_cache_size firewall_rules
frameworks_home gc_delay gc_disk_headroom hadoop_home !help hooks hostname !hostname_lookup http_authenticators
!http_command_executor http_credentials http_heartbeat_interval image_providers image_provisioner_backend
!initialize_driver_logging ip ip6 ip6_discovery_command ip_discovery_command isolation launcher lo_name log_dir
logbufsecs logging_level master master_detector max_completed_executors_per_framework modules modules_dir
network_cni_config_dir network_cni_plugins_dir !network_enable_snmp_statistics
!network_enable_socket_statistics_details !network_enable_socket_statistics_summary nvidia_gpu_devices
oversubscribed_resources_interval perf_duration perf_events perf_interval port qos_controller
qos_correction_interval_min !quiet recover recovery_timeout registration_backoff_factor resource_estimator
resource_provider_config_dir resources !revocable_cpu_low_priority runtime_dir sandbox_directory secret_resolver
!strict !switch_user !systemd_enable_support systemd_runtime_directory !version work_dir xfs_project_range
""".split()

# The newest table that is not newer than the version in question.
TABLES = [
    ((0, 28), {"master": MASTER_0_28, "slave": AGENT_0_28}),
    ((1, 4), {"master": MASTER_1_4, "slave": AGENT_1_4}),
]


def names(role, version):
    """Flag names of a role ("master" or "slave") in a version given as a tuple."""
    known = [table for since, table in TABLES if since <= version]
    return (known or [TABLES[0][1]])[-1][role]
