# Asks the members of a cluster what they are. It needs curl.
# shellcheck shell=bash

# ask_zookeeper HOST: prints what its ZooKeeper is (leader, follower, standalone), or nothing if it does not answer.
ask_zookeeper() {
  # The inner shell takes the host as $0.
  # shellcheck disable=SC2016
  timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/2181" && printf srvr >&3 && cat <&3' "$1" 2>/dev/null | sed -n 's/^Mode: *//p' || true
}

http() { curl -fsSL --connect-timeout 2 --max-time 5 "$@" 2>/dev/null; }

# leads HOST: whether its Mesos master says that it leads.
leads() { http "http://$1:5050/metrics/snapshot" | tr -d '\\ ' | grep -E '"master/elected":1([.]0)?[,}]' >/dev/null; }

# mesos_leaders HOST...: prints those whose Mesos master says that it leads.
mesos_leaders() {
  local host
  for host in "$@"; do
    if leads "$host"; then echo "$host"; fi
  done
}

# registry_recovered HOST: whether its Mesos master leads and has recovered its registry. Before Mesos 1.0 no metric tells that, but an active agent does.
registry_recovered() {
  local metrics
  metrics=$(http "http://$1:5050/metrics/snapshot" | tr -d '\\ ' || true)
  [[ $metrics =~ \"master/elected\":1([.]0)?[,}] ]] || return 1
  if [[ $metrics =~ \"registrar/log/recovered\":([01]) ]]; then [ "${BASH_REMATCH[1]}" = 1 ]; return; fi
  [[ $metrics =~ \"master/slaves_active\":([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -gt 0 ]
}

# active_agents HOST: prints how many agents the leading master on the host counts as active.
active_agents() {
  local count
  count=$(http "http://$1:5050/metrics/snapshot" | tr -d '\\ ' | grep -oE '"master/slaves_active":[0-9]+' | cut -d: -f2 || true)
  echo "${count:-0}"
}
