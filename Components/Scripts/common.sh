# Every script begins with this file. The head of a script names what it takes, and a test compares that with what the program gives.
# An argument NAME=VALUE is ${address[NAME]} in the script; N stands for a number. A fact is a line of standard input, and an input is all of it.
# Only tests set variables of the environment.
#
#   environment  ROOT  the folder that tests take for the root of a host
# shellcheck shell=bash source-path=SCRIPTDIR
set -euo pipefail
umask 022
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
export PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

root=${ROOT:-}
state=$root/var/lib/mesos-stack

say() { echo "$*" >&2; }
fail() { echo "mesos-stack: $*" >&2; exit 1; }

# The arguments, by name.
declare -A address=()
for argument in "$@"; do address[${argument%%=*}]=${argument#*=}; done

# addresses_for TEXT: prints the text with the address of each member in place of its name in braces.
addresses_for() {
  local text=$1 name
  for name in ${address[@]+"${!address[@]}"}; do text=${text//"{$name}"/${address[$name]}}; done
  if [[ $text =~ \{(master|agent)-[0-9]+([.]public)?\} ]]; then fail "no argument gives the address of ${BASH_REMATCH[0]}"; fi
  printf '%s\n' "$text"
}

# Waits until no other script of this program works on this host. A run whose connection was lost may still be at work when the next one comes.
lock_host() {
  mkdir -p "$state"
  exec 9>"$state/lock"
  flock -w 900 9 || fail "another run has been at work on this host for 15 minutes"
}

# read_text VARIABLE FILE: sets the variable to the text of the file. It starts no process.
read_text() { { IFS= read -rd '' "$1" || true; } <"$2" || fail "cannot read $2"; }

# write_file PATH TEXT [MODE]: makes the file hold the text, whole or not at all. A file that exists keeps its mode and owner. The status is 0 if the
# file changed and 1 if it did not, so an error ends the script. It starts few processes, because masters wait for each other.
write_file() {
  local path=$1 text=$2 mode=${3:-} temp=${1%/*}/.mesos-stack.${1##*/} old
  if [ ! -e "$path" ]; then
    [ -d "${path%/*}" ] || mkdir -p "${path%/*}" || fail "no directory for $path"
    printf '%s' "$text" >"$temp" || fail "cannot write beside $path"
    [ -z "$mode" ] || chmod "$mode" "$temp" || fail "cannot give $path its mode"
  else
    read_text old "$path"
    if [ "$old" = "$text" ]; then return 1; fi
    # The temporary file is for root alone, because the file may hold a password.
    umask 077
    printf '%s' "$text" >"$temp" || fail "cannot write beside $path"
    umask 022
    { chmod --reference="$path" "$temp" && chown --reference="$path" "$temp"; } || fail "cannot give $path its mode and owner"
  fi
  mv -f "$temp" "$path" || fail "cannot write $path"
}

# Both files have the same functions, which start and stop services. No other script knows which init system runs the host.
if [ -d "$root/run/systemd/system" ]; then
  # shellcheck source=systemd.sh
  . ./systemd.sh
elif [[ $(initctl version 2>/dev/null || true) = *upstart* ]]; then
  # shellcheck source=upstart.sh
  . ./upstart.sh
else
  fail "this host runs neither systemd nor upstart"
fi

# disable SERVICE...: stops services, and keeps them from starting. Their packages need not be installed yet.
disable() {
  local service
  mask "$@"
  for service in $(not_stopped "$@"); do
    say "stopping $service, which this host does not run"
    stop "$service" || true
    [ -z "$(not_stopped "$service")" ] || fail "$service does not stop, and this host must not run it; $(where_log "$service") tells why"
  done
}

# Notes that all masters of this cluster have met once. From then on a master changes only while the others are healthy.
note_formed() { write_file "$state/formed" $'all masters of this cluster have met\n' || true; }
