# What every script starts with. Values stand in front of this as single-quoted assignments.
# shellcheck shell=bash
[ -n "${BASH_VERSION:-}" ] || { echo "mesos-stack: root's login shell must be bash" >&2; exit 1; }
set -euo pipefail
umask 022
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
export PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# Tests run these scripts below another root.
root=${ROOT:-}
state=$root/var/lib/mesos-stack

say() { echo "$*" >&2; }
fail() { echo "mesos-stack: $*" >&2; exit 1; }

# One script of ours at a time on a host: a run that was cut off may still be at work when the next one comes.
alone() {
  mkdir -p "$state"
  exec 9>"$state/lock"
  flock -w 900 9 || fail "another run has been at work on this host for 15 minutes"
}

# Writes stdin to a file, whole or not at all; one that is there keeps its mode and owner. Succeeds where that changed something, so it
# minds its own errors, and never stands behind a pipe, where its failure would end nothing but the pipe.
put() {
  local path=$1 mode=${2:-0644} temp=${1%/*}/.mesos-stack.${1##*/}
  [ -d "${path%/*}" ] || mkdir -p "${path%/*}" || fail "no directory for $path"
  # Nobody else reads what is half done: an old file may hold a password.
  (umask 077 && cat >"$temp") || fail "cannot write beside $path"
  if cmp -s "$temp" "$path"; then
    rm -f "$temp"
    return 1
  fi
  if [ -e "$path" ]; then
    { chmod --reference="$path" "$temp" && chown --reference="$path" "$temp"; } || fail "cannot give $path its mode and owner"
  else
    chmod "$mode" "$temp" || fail "cannot give $path its mode"
  fi
  mv -f "$temp" "$path" || fail "cannot write $path"
}

init_system() {
  if [ -d "$root/run/systemd/system" ]; then
    echo systemd
  elif command -v initctl >/dev/null && initctl version 2>/dev/null | grep -q upstart; then
    echo upstart
  else
    fail "this host runs neither systemd nor upstart"
  fi
}
init=$(init_system)

runs() {
  if [ "$init" = systemd ]; then
    systemctl is-active --quiet "$1"
  else
    initctl status "$1" 2>/dev/null | grep -q 'start/'
  fi
}

# Keeps services from starting, now and at every boot, whether their package is installed already or not.
hold_back() {
  local service reload=
  for service in "$@"; do
    if [ "$init" = systemd ]; then
      if [ "$(readlink "$root/etc/systemd/system/$service.service" || true)" != /dev/null ]; then
        mkdir -p "$root/etc/systemd/system"
        ln -sfn /dev/null "$root/etc/systemd/system/$service.service"
        reload=yes
      fi
    else
      put "$root/etc/init/$service.override" < <(echo manual) || true
    fi
  done
  [ -z "$reload" ] || systemctl daemon-reload
  for service in "$@"; do
    if runs "$service"; then
      say "stopping $service, which has no business on this host"
      if [ "$init" = systemd ]; then systemctl stop "$service"; else initctl stop "$service"; fi
    fi
  done
}

# Restarts services, or starts them where they do not run (upstart refuses the wrong one of the two). Waits for them only with --wait.
bring_up() {
  local service said disabled=() queue=--no-block
  if [ "$1" = --wait ]; then
    queue=
    shift
  fi
  if [ "$init" = systemd ]; then
    for service in "$@"; do
      if ! systemctl is-enabled --quiet "$service" 2>/dev/null; then disabled+=("$service"); fi
    done
    # At once, since every call makes systemd read all units again.
    if [ ${#disabled[@]} -gt 0 ]; then
      said=$(systemctl enable "${disabled[@]}" 2>&1) || fail "cannot enable ${disabled[*]}: $said"
    fi
    systemctl reset-failed "$@" 2>/dev/null || true
    systemctl ${queue:+"$queue"} restart "$@"
  else
    for service in "$@"; do
      if [ "$(cat "$root/etc/init/$service.override" 2>/dev/null || true)" = manual ]; then
        rm -f "$root/etc/init/$service.override"
      fi
      if runs "$service"; then initctl restart "$service"; else initctl start "$service"; fi >/dev/null
    done
  fi
}
