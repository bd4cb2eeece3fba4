# Starts and stops services on a host that upstart runs. systemd.sh has the same functions, and says what they do.
# shellcheck shell=bash
# common.sh sets root.
# shellcheck disable=SC2154

running() {
  local service
  for service in "$@"; do
    case $(initctl status "$service" 2>/dev/null || true) in *'start/running, process '*) echo "$service" ;; esac
  done
}

not_stopped() {
  local service
  for service in "$@"; do
    case $(initctl status "$service" 2>/dev/null || true) in '' | *stop/waiting*) ;; *) echo "$service" ;; esac
  done
}

# Without a limit upstart gives up after ten ends in five seconds.
keep_running() {
  local override=/etc/init/$1.override
  remove_lines "$override" manual
  file_has "$override" respawn
  file_has "$override" 'respawn limit unlimited'
}

# upstart notices changed files by itself.
read_settings() { :; }

mask() {
  local service
  for service in "$@"; do write_file "$root/etc/init/$service.override" $'manual\n' || true; done
}

# An override does not disturb a postinst, and it keeps a job from starting once its package is installed.
allow_installation() { disable "$@"; }

start_at_boot() {
  local service override text
  for service in "$@"; do
    override=$root/etc/init/$service.override
    if [ -e "$override" ]; then
      read_text text "$override"
      if [ "$text" = $'manual\n' ]; then rm -f "$override"; fi
    fi
  done
}

# initctl fails on "start" where the job runs and on "restart" where it does not. It always waits.
restart() {
  local service
  [ "$1" != --wait ] || shift
  for service in "$@"; do
    if [ -n "$(not_stopped "$service")" ]; then initctl restart "$service"; else initctl start "$service"; fi >/dev/null
  done
}

stop() {
  local service
  for service in "$@"; do initctl stop "$service" >/dev/null; done
}

where_log() { echo "/var/log/upstart/$1.log"; }
