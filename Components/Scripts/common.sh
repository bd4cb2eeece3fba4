# What every script starts with. A script's arguments are NAME=ADDRESS of members; what shall be comes on standard input, one fact a line.
# shellcheck shell=bash
set -euo pipefail
umask 022
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
export PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# Tests run these scripts below another root.
root=${ROOT:-}
state=$root/var/lib/mesos-stack

say() { echo "$*" >&2; }
fail() { echo "mesos-stack: $*" >&2; exit 1; }

# The arguments, by name.
declare -A address=()
for argument in "$@"; do address[${argument%%=*}]=${argument#*=}; done

# addresses_for TEXT: the text with the address of each member in place of its name in braces.
addresses_for() {
  local text=$1 name
  for name in ${address[@]+"${!address[@]}"}; do text=${text//"{$name}"/${address[$name]}}; done
  if [[ $text =~ \{(master|agent)-[0-9]+([.]public)?\} ]]; then fail "no argument gives the address of ${BASH_REMATCH[0]}"; fi
  printf '%s\n' "$text"
}

# Keeps other scripts of this program from this host: a run whose connection was lost may still be at work when the next one comes.
lock_host() {
  mkdir -p "$state"
  exec 9>"$state/lock"
  flock -w 900 9 || fail "another run has been at work on this host for 15 minutes"
}

# Writes standard input to a file, whole or not at all. A file that exists keeps its mode and owner. The status is 0 where the file changed and 1
# where it did not, so errors end the script. Do not use it in a pipe: there, an error would end the pipe alone.
write_file() {
  local path=$1 mode=${2:-0644} temp=${1%/*}/.mesos-stack.${1##*/}
  [ -d "${path%/*}" ] || mkdir -p "${path%/*}" || fail "no directory for $path"
  # The temporary file is for root alone, because the file may hold a password.
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

# Keeps services from starting, now and at every boot. Their package need not be installed yet.
disable() {
  local service reload=
  for service in "$@"; do
    if [ "$init" = systemd ]; then
      if [ "$(readlink "$root/etc/systemd/system/$service.service" || true)" != /dev/null ]; then
        mkdir -p "$root/etc/systemd/system"
        ln -sfn /dev/null "$root/etc/systemd/system/$service.service"
        reload=yes
      fi
    else
      write_file "$root/etc/init/$service.override" < <(echo manual) || true
    fi
  done
  [ -z "$reload" ] || systemctl daemon-reload
  for service in "$@"; do
    if runs "$service"; then
      say "stopping $service, which this host does not run"
      if [ "$init" = systemd ]; then systemctl stop "$service"; else initctl stop "$service"; fi
    fi
  done
}

# Restarts services, or starts those that do not run (upstart fails on the wrong one of the two). Waits for them only with --wait.
restart() {
  local service said disabled=() queue=--no-block
  if [ "$1" = --wait ]; then
    queue=
    shift
  fi
  if [ "$init" = systemd ]; then
    for service in "$@"; do
      if ! systemctl is-enabled --quiet "$service" 2>/dev/null; then disabled+=("$service"); fi
    done
    # One call for all, because each call makes systemd read all units again.
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

# Notes that all masters of this cluster have met once. From then on a master changes only while the others are healthy.
note_formed() { write_file "$state/formed" < <(echo "all masters of this cluster have met") || true; }
