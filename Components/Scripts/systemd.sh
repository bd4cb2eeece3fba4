# Starts and stops services on a host that systemd runs. upstart.sh has the same functions.
# shellcheck shell=bash
# common.sh sets root.
# shellcheck disable=SC2154

# running SERVICE...: prints those that run, one a line.
running() {
  local states i
  # systemd is asked once for all, because each call takes a while.
  mapfile -t states < <(systemctl is-active "$@" || true)
  for ((i = 1; i <= $#; i++)); do
    case ${states[i - 1]-} in active | reloading | refreshing) echo "${!i}" ;; esac
  done
}

# mask SERVICE...: keeps services from starting, now and at every boot. Their packages need not be installed.
mask() {
  local service link reload=
  for service in "$@"; do
    link=$root/etc/systemd/system/$service.service
    if ! [ "$link" -ef /dev/null ]; then
      mkdir -p "${link%/*}"
      ln -sfn /dev/null "$link"
      reload=yes
    fi
  done
  [ -z "$reload" ] || systemctl daemon-reload
}

# allow_installation SERVICE...: makes it possible to install the packages of masked services. A package's postinst fails on a masked unit.
allow_installation() {
  local service link
  for service in "$@"; do
    link=$root/etc/systemd/system/$service.service
    if [ "$link" -ef /dev/null ]; then rm -f "$link"; fi
  done
}

# start_at_boot SERVICE...: has services start at every boot.
start_at_boot() {
  local state said others=$#
  while read -r state; do
    case $state in enabled* | static | indirect* | generated | alias | linked*) others=$((others - 1)) ;; esac
  done < <(systemctl is-enabled "$@" 2>/dev/null || true)
  # Enabling makes systemd read all units again, so it is done only where a service is not enabled.
  [ "$others" = 0 ] || said=$(systemctl enable "$@" 2>&1) || fail "cannot enable $*: $said"
}

# restart [--wait] SERVICE...: restarts services, and starts those that do not run. It waits for them only with --wait.
restart() {
  local queue=--no-block
  if [ "$1" = --wait ]; then
    queue=
    shift
  fi
  # systemd does not start a service that failed too often.
  systemctl reset-failed "$@" 2>/dev/null || true
  systemctl ${queue:+"$queue"} restart "$@"
}

stop() { systemctl stop "$@"; }

# where_log SERVICE: prints what shows the log of a service.
where_log() { echo "journalctl -u $1"; }
