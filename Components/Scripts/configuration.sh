# Makes a host what its description says. It installs the files, and restarts the daemons that read what changed.
# A master that is part of a living cluster changes only while all other masters are healthy.
#
#   argument     master-N=ADDRESS                by what the other members reach a master
#   argument     master-N.public=ADDRESS         its public address, where its host name is that one
#   argument     agent-N=ADDRESS                 by what the other members reach the agent that this host is
#   argument     agent-N.public=ADDRESS          its public address, where its host name is that one
#   fact         host NAME                       whose description it is
#   fact         revision N                      a number that is raised so that this script runs again
#   fact         daemon NAME reads PATH...       the daemon runs, and starts again when it ends; it is restarted when a file below a path changes; daemons start in this order
#   fact         disabled NAME                   the service never runs
#   fact         package NAME[=VERSION]          packages.sh has installed it; another version restarts the daemons
#   fact         file PATH TEXT                  the file holds this line and nothing else
#   fact         line PATH KEY=VALUE             the file has this line, and no other of that key
#   fact         no-other PATH BEGINNING         the file has no further line that begins like this
#   fact         flag DAEMON NAME VALUE          a flag of a Mesos daemon; a version that does not know it goes without
#   fact         needed-flag DAEMON NAME VALUE   a flag of a Mesos daemon; a version that does not know it is an error
#   fact         marathon NAME VALUE             an option of Marathon, where its version reads it
#   fact         marathon-1.5 NAME VALUE         an option of Marathon 1.5 and later
#   environment  GATE_SECONDS                    how long a master waits for the others to be healthy, in seconds
#   environment  STEADY_SECONDS                  for how long one Mesos master has to lead by then, in seconds
#   environment  ELECTION_SECONDS                how long an election may take, in seconds
# shellcheck shell=bash source-path=SCRIPTDIR source=common.sh
. ./common.sh
# shellcheck source=cluster.sh
. ./cluster.sh

gate_seconds=${GATE_SECONDS:-120}
steady_seconds=${STEADY_SECONDS:-10}
election_seconds=${ELECTION_SECONDS:-90}

# compare.sh sets compare.
if [ -n "${compare-}" ]; then
  [ -d "$state" ] || fail "this host was never configured"
else
  lock_host
fi
zoo=/etc/zookeeper/conf/zoo.cfg

# --- What would change ---------------------------------------------------------------------------------------------------------

# The text that each file shall have, by its path, and the paths of the files that this program owns as a whole.
declare -A new=() owned=()

# file_is PATH TEXT: the file holds this line and nothing else.
file_is() {
  new[$1]=$2$'\n'
  owned[$1]=yes
}

# remove_lines PATH PATTERN: removes the lines whose key matches the pattern.
remove_lines() {
  local text='' line kept=
  if [ -n "${new[$1]+is}" ]; then
    text=${new[$1]}
  elif [ -e "$root$1" ]; then
    read_text text "$root$1"
  fi
  if [ -n "$text" ]; then
    while IFS= read -r line; do
      if ! [[ $line =~ ^[[:blank:]]*($2)[[:blank:]]*(=.*)?$ ]]; then kept+=$line$'\n'; fi
    done <<<"${text%$'\n'}"
  fi
  new[$1]=$kept
}

# file_has PATH KEY=VALUE: the file has this line, and no other of that key.
file_has() {
  local key=${2%%=*}
  remove_lines "$1" "${key//./[.]}"
  new[$1]+=$2$'\n'
}

# offers DAEMON FLAG: whether the daemon knows the flag. A daemon is asked once per installation.
offers() {
  local help=$state/help-$1
  if [ ! -e "$help" ] || [ "$root/usr/sbin/$1" -nt "$help" ]; then
    "$root/usr/sbin/$1" --help >"$help.new" 2>&1 || true
    mv -f "$help.new" "$help"
  fi
  grep -qE -- "--(\[no-\])?$2([=[:space:]]|\$)" "$help"
}

versions=$(dpkg-query -W -f='${Package} ${Version}\n' zookeeper zookeeperd mesos marathon 2>/dev/null || true)

# Marathon reads files up to 1.4 and the environment from 1.5 on.
marathon_reads=
marathon_reads_environment() {
  local version=0
  if [ -z "$marathon_reads" ]; then
    marathon_reads=files
    if [[ $versions =~ (^|$'\n')marathon\ ([^$'\n']+) ]]; then version=${BASH_REMATCH[2]}; fi
    if dpkg --compare-versions "$version" ge 1.5; then marathon_reads=environment; fi
  fi
  [ "$marathon_reads" = environment ]
}

IFS= read -rd '' description || true
host=
daemons=()
disabled=()
declare -A reads=()
described=$(addresses_for "$description")
while read -r fact one two; do
  case $fact in
    host) host=$one ;;
    daemon)
      daemons+=("$one")
      reads[$one]=${two#reads }
      ;;
    disabled) disabled+=("$one") ;;
    file) file_is "$one" "$two" ;;
    line) file_has "$one" "$two" ;;
    no-other) remove_lines "$one" "${two//./[.]}.*" ;;
    flag) if offers "$one" "${two%% *}"; then file_is "/etc/$one/${two%% *}" "${two#* }"; else say "$one does not know --${two%% *}; left out"; fi ;;
    needed-flag)
      offers "$one" "${two%% *}" || fail "this version of $one does not know --${two%% *}, which these settings need"
      file_is "/etc/$one/${two%% *}" "${two#* }"
      ;;
    marathon | marathon-1.5)
      if marathon_reads_environment; then
        file_has /etc/default/marathon "MARATHON_${one^^}=$two"
      elif [ "$fact" = marathon ]; then
        file_is "/etc/marathon/conf/$one" "$two"
      fi
      ;;
    # Pulumi runs this script again when one of them changes.
    revision | package | '') ;;
    *) fail "this script does not know the fact '$fact'; run the update once more" ;;
  esac
done <<<"$described"
if [ -z "$host" ] || [ ${#daemons[@]} = 0 ]; then fail "the description on standard input is not whole"; fi

for daemon in "${daemons[@]}"; do keep_running "$daemon"; done

# sorted LINE...: prints the lines in order.
sorted() { printf '%s\n' "$@" | sort; }

# Empty arrays are written ${x[@]+...}: to bash 4.3 (Ubuntu 14.04) they are unset.
changed=()
while read -r path; do
  old=
  if [ -e "$root$path" ]; then read_text old "$root$path"; fi
  if [ ! -e "$root$path" ] || [ "$old" != "${new[$path]}" ]; then changed+=("$path"); fi
done < <(sorted "${!new[@]}")

# The files that an earlier description named and this one does not, and the copies that dpkg leaves beside a conffile. Mesos takes the name of each file
# for a flag, and ends if it does not know it.
gone=()
while read -r path; do
  if [ -n "$path" ] && [ -z "${owned[$path]-}" ] && [ -e "$root$path" ]; then gone+=("$path"); fi
done < <(
  if [ -e "$state/owned" ]; then cat "$state/owned"; fi
  for path in "$root"/etc/mesos-master/*.dpkg-* "$root"/etc/mesos-slave/*.dpkg-* "$root"/etc/marathon/conf/*.dpkg-*; do
    if [ -e "$path" ]; then echo "${path#"$root"}"; fi
  done
)

# A daemon whose package was exchanged runs the old version until it is restarted.
upgraded=
if [ -e "$state/versions" ]; then
  read_text old "$state/versions"
  if [ "$old" != "$versions"$'\n' ]; then upgraded=yes; fi
fi

declare -A touched=()
for path in ${changed[@]+"${changed[@]}"} ${gone[@]+"${gone[@]}"}; do
  for daemon in "${daemons[@]}"; do
    for prefix in ${reads[$daemon]}; do
      if [[ $path = "$prefix"* ]]; then touched[$daemon]=yes; fi
    done
  done
done

# An interrupted run noted the daemons that it was to restart.
if [ -e "$state/pending" ]; then
  while read -r daemon; do touched[$daemon]=yes; done <"$state/pending"
fi

# runs DAEMON: whether it runs. All daemons are asked for at once, because each question takes a while.
alive=
runs() {
  [ -n "$alive" ] || alive=$'\n'$(running "${daemons[@]}")$'\n'
  [[ $alive = *$'\n'"$1"$'\n'* ]]
}

restart=()
for daemon in "${daemons[@]}"; do
  if [ -n "$upgraded" ] || [ -n "${touched[$daemon]:-}" ] || ! runs "$daemon"; then restart+=("$daemon"); fi
done

# differences: prints what differs, one a line, and the versions of the packages.
differences() {
  local path daemon package version
  for path in ${changed[@]+"${changed[@]}"}; do echo "differs $path"; done
  for path in ${gone[@]+"${gone[@]}"}; do echo "surplus $path"; done
  for daemon in "${daemons[@]}"; do runs "$daemon" || echo "stopped $daemon"; done
  for daemon in $(running "${disabled[@]}"); do echo "surplus-daemon $daemon"; done
  while read -r package version; do [ -z "$version" ] || echo "version $package $version"; done <<<"$versions"
}
if [ -n "${compare-}" ]; then
  differences
  exit 0
fi

install_files() {
  local path
  for path in ${changed[@]+"${changed[@]}"}; do
    write_file "$root$path" "${new[$path]}" || true
    say "  $path"
  done
  for path in ${gone[@]+"${gone[@]}"}; do
    rm -f "$root$path"
    say "  $path is gone"
  done
  read_settings "${daemons[@]}"
  if [ -n "${new[$zoo]-}" ] && [ ! -e "$root/var/lib/zookeeper/myid" ]; then
    mkdir -p "$root/var/lib/zookeeper"
    ln -sf /etc/zookeeper/conf/myid "$root/var/lib/zookeeper/myid"
  fi
}

# servers TEXT: prints number and address of each ZooKeeper server in the text of a zoo.cfg.
servers() { sed -n 's/^[ \t]*server[.]\([0-9]*\)[ \t]*=[ \t]*\([^:]*\):.*/\1 \2/p' <<<"$1" | sort; }

# Once the files are installed, nothing else on the host tells which daemons still have to be restarted and which servers ZooKeeper knew. Both are noted
# before, because another run may have to finish this one.
old_servers=
if [ -e "$state/servers" ]; then
  old_servers=$(cat "$state/servers")
elif [ -e "$root$zoo" ]; then
  read_text old "$root$zoo"
  old_servers=$(servers "$old")
fi
begin() {
  write_file "$state/servers" "$old_servers"$'\n' || true
  write_file "$state/pending" "$(printf '%s\n' "${restart[@]}")"$'\n' || true
  install_files
}

finish() {
  write_file "$state/owned" "$(sorted "${!owned[@]}")"$'\n' || true
  write_file "$state/versions" "$versions"$'\n' || true
  write_file "$state/description" "$description" || true
  rm -f "$state/pending" "$state/servers"
}

# --- Is this host part of a cluster already? -------------------------------------------------------------------------------------

disable "${disabled[@]}"

if [ ${#restart[@]} = 0 ]; then
  install_files
  finish
  say "nothing to restart"
  exit 0
fi

# The other masters, and those of them that change before this one. The master of the highest number changes first. An agent waits for nobody.
self=${address[$host]:-}
peers=()
earlier=()
if [[ $host = master-* ]]; then
  for name in "${!address[@]}"; do
    if [[ $name =~ ^master-([0-9]+)$ ]] && [ "$name" != "$host" ]; then
      peers+=("${address[$name]}")
      if [ "${BASH_REMATCH[1]}" -gt "${host#master-}" ]; then earlier+=("${address[$name]}"); fi
    fi
  done
fi

# Whether there is a registry to protect. The readiness check notes that on the master that changes first. Every other master asks all masters, for as long
# as an election may take, because the master before it may have restarted the leader. Mesos has no registry until all masters have met once. Until then no
# master waits for another, and all start together.
part_of_living_cluster() {
  local master until=$((SECONDS + election_seconds))
  if [ ${#peers[@]} = 0 ] || [ ! -e "$state/description" ]; then return 1; fi
  if [ -e "$state/formed" ]; then return 0; fi
  say "looking for a Mesos master that leads and has recovered its registry"
  while :; do
    for master in "$self" "${peers[@]}"; do
      if registry_recovered "$master"; then
        note_formed
        return 0
      fi
    done
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 1
  done
}

if ! part_of_living_cluster; then
  say "starting ${restart[*]}"
  begin
  start_at_boot "${restart[@]}"
  restart "${restart[@]}"
  finish
  say "started"
  exit 0
fi

# --- A change of a living master: all other masters have to be healthy ------------------------------------------------------------

differ=$(comm -13 <(printf '%s\n' "$old_servers") <(servers "${new[$zoo]}") | wc -l)
[ "$differ" -le 1 ] || fail "$differ masters have other addresses than before; two lists of ZooKeeper servers that differ by two can elect two leaders, so replace one master per update. Nothing was changed"

# A new master whose turn comes later has not started yet. One whose turn was before must have joined.
standing=()
for peer in "${peers[@]}"; do
  if [[ " ${earlier[*]-} " = *" $peer "* ]] || grep -qxE "[0-9]+ ${peer//./[.]}" <<<"$old_servers"; then standing+=("$peer"); fi
done

# out_of_ensemble HOST: prints what is wrong with its ZooKeeper, or nothing.
out_of_ensemble() {
  local mode
  mode=$(ask_zookeeper "$1")
  case $mode in
    leader | follower) ;;
    *) echo "ZooKeeper on $1 says '${mode:-nothing}'" ;;
  esac
}

# first_fault HOST...: prints the first thing that is wrong with one of them.
first_fault() {
  local host why
  for host in "$@"; do
    why=$(out_of_ensemble "$host")
    if [ -z "$why" ] && ! http -o /dev/null "http://$host:5050/health"; then why="the Mesos master on $host does not answer"; fi
    if [ -n "$why" ]; then echo "$why"; return; fi
  done
}

# gate HOST...: waits until every host is healthy and the same Mesos master has led for steady_seconds. Prints what is missing after gate_seconds.
gate() {
  local until=$((SECONDS + gate_seconds)) since=$SECONDS leader='' now why
  while :; do
    why=$(first_fault "$@")
    if [ -z "$why" ]; then
      # All masters are asked, because a new one may lead as soon as the old ones were restarted.
      now=$(mesos_leaders "$self" "${peers[@]}")
      if [ "$(printf '%s' "$now" | grep -c .)" != 1 ]; then why="leading Mesos masters: ${now:-none}"; fi
    fi
    if [ -n "$why" ] || [ "$now" != "$leader" ]; then
      since=$SECONDS
      leader=${now:-}
      if [ -n "$why" ]; then leader=''; fi
    fi
    if [ -n "$leader" ] && [ $((SECONDS - since)) -ge "$steady_seconds" ]; then return 0; fi
    if [ "$SECONDS" -ge "$until" ]; then
      echo "${why:-the leading Mesos master changed}"
      return 1
    fi
    sleep 1
  done
}

say "waiting for the other masters to be healthy: ${standing[*]-}"
why=$(gate ${standing[@]+"${standing[@]}"}) || fail "not changing this master, because another one is not healthy: $why. Nothing was changed here and the roll ends; mend that first, or take back the setting that broke it, and run the update again"

# From here on this step does not fail because of what it changed. If it failed, Pulumi would keep the old inputs on record, and to set them back would
# change nothing on this host. The gate of the next master tells whether the change was good, and after the last master the readiness check does.
say "restarting ${restart[*]}"
begin
start_at_boot "${restart[@]}"
for daemon in "${restart[@]}"; do
  restart --wait "$daemon" || say "$daemon does not start; $(where_log "$daemon") tells why"
  if [ "$daemon" = zookeeper ]; then
    rejoin=$((SECONDS + gate_seconds))
    while why=$(out_of_ensemble "$self") && [ -n "$why" ]; do
      if [ "$SECONDS" -ge "$rejoin" ]; then
        say "$why, $gate_seconds s after its restart"
        break
      fi
      sleep 0.5
    done
  fi
done
finish
say "changed"
