# Looks at a cluster from one of its hosts, with what every host has: bash and curl.
# shellcheck shell=bash

# ask_zookeeper HOST: what it is (leader, follower, standalone), nothing where it does not answer.
ask_zookeeper() {
  # The inner shell takes the host as $0.
  # shellcheck disable=SC2016
  timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/2181" && printf srvr >&3 && cat <&3' "$1" 2>/dev/null | sed -n 's/^Mode: *//p' || true
}

http() { curl -fsSL --connect-timeout 2 --max-time 5 "$@" 2>/dev/null; }

# leads HOST: whether its Mesos master says that it leads.
leads() { http "http://$1:5050/metrics/snapshot" | tr -d '\\ ' | grep -E '"master/elected":1([.]0)?[,}]' >/dev/null; }

# mesos_leaders HOST...: those that lead.
mesos_leaders() {
  local host
  for host in "$@"; do
    if leads "$host"; then echo "$host"; fi
  done
}
