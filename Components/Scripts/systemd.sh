# Starts and stops services on a host that systemd runs. upstart.sh has the same functions but for those whose name begins with an underscore.
# shellcheck shell=bash
# common.sh sets root. configuration.sh has the arrays new and reads, whose keys are texts.
# shellcheck disable=SC2154,SC2004

# _unit_states SERVICE...: prints name, active state, substate and main process of each, one a line. systemd is asked once for all, because each call takes a while.
_unit_states() {
  local line state='' sub='' pid='' i=1
  while IFS= read -r line; do
    case $line in
      ActiveState=*) state=${line#*=} ;;
      SubState=*) sub=${line#*=} ;;
      MainPID=*) pid=${line#*=} ;;
      '')
        echo "${!i} $state $sub $pid"
        i=$((i + 1))
        ;;
    esac
  done < <(systemctl show -p ActiveState -p SubState -p MainPID "$@" && echo)
}

# running SERVICE...: prints those whose process lives, one a line. A unit that was made of an init script stays "active (exited)" when its process has ended.
running() {
  local service state sub pid file
  while read -r service state sub pid; do
    case $state:$sub in active:running | reloading:*) ;; *) continue ;; esac
    file=$(_pid_file "$service")
    # systemd does not know the process until the unit names the file.
    if [ "$pid" = 0 ] && [ -n "$file" ] && ! kill -0 "$(cat "$root$file")" 2>/dev/null; then continue; fi
    echo "$service"
  done < <(_unit_states "$@")
}

# not_stopped SERVICE...: prints those of which something may still run, one a line.
not_stopped() {
  local service state rest
  while read -r service state rest; do
    case $state in inactive | failed) ;; *) echo "$service" ;; esac
  done < <(_unit_states "$@")
}

# _pid_file SERVICE: prints the file to which the init script of a service writes its process, where systemd makes the unit of that script and does not know the file.
_pid_file() {
  local script=$root/etc/init.d/$1
  if [ ! -e "$script" ] || [ -e "$root/lib/systemd/system/$1.service" ] || [ -e "$root/usr/lib/systemd/system/$1.service" ]; then return; fi
  # As in Debian's and Ubuntu's ZooKeeper.
  # shellcheck disable=SC2016
  if grep -qE '^PIDDIR="?/var/run/[$]NAME"?$' "$script" && grep -qE '^PIDFILE="?[$]PIDDIR/[$]NAME[.]pid"?$' "$script"; then echo "/run/$1/$1.pid"; fi
}

# keep_running SERVICE: has systemd start the service again whenever it ends, however often. It sets what is to be installed, as the facts of the description do.
keep_running() {
  local settings=/etc/systemd/system/$1.service.d/mesos-stack.conf file
  # The name of before systemd 230, which later versions know, too.
  new[$settings]=$'[Service]\nRestart=always\nRestartSec=5\nStartLimitInterval=0\n'
  file=$(_pid_file "$1")
  if [ -n "$file" ]; then
    new[$settings]+="Type=forking"$'\n'"PIDFile=$file"$'\n'"RemainAfterExit=no"$'\n'
    # systemd learns the process at a start.
    reads[$1]+=" $settings"
  fi
}

# read_settings SERVICE...: has systemd read what keep_running set, where it has not. It does not notice a new folder of settings by itself.
read_settings() {
  local shown
  shown=$(systemctl show -p DropInPaths -p NeedDaemonReload "$@")
  if [[ $shown = *NeedDaemonReload=yes* ]] || [ "$(grep -c '/mesos-stack[.]conf' <<<"$shown")" != $# ]; then systemctl daemon-reload; fi
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
