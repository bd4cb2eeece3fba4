# Installs what is staged and restarts what it touches.
# Values: WANTED_SHA256 RUN NEVER SELF PEERS (addresses of the other masters; none on an agent) EARLIER (those of them whose turn was
# before) GATE_SECONDS STEADY_SECONDS PACKAGES (not read: with other ones this step runs again and restarts what they exchanged)
# shellcheck shell=bash
# shellcheck disable=SC2154 # common.sh, in front of this, assigns root, state and init.
alone
# What a run left that was cut off.
rm -rf "$state"/apply.*
work=$(mktemp -d "$state/apply.XXXXXX")
trap 'rm -rf "$work"' EXIT

zoo=/etc/zookeeper/conf/zoo.cfg
# A copy, for staging does not wait for this step.
cp "$state/wanted" "$work/wanted"
[ "$(sha256sum <"$work/wanted" | cut -c1-64)" = "$WANTED_SHA256" ] || fail "what is staged on this host is not what this step is to apply; run the update once more"

# --- What would change ---------------------------------------------------------------------------------------------------------

# Edits copies below $work/new. Starts few processes, because the other masters wait for this step.

directory() { [ -d "$1" ] || mkdir -p "$1"; }

whole() {
  directory "$work/new${1%/*}"
  printf '%s\n' "$2" >"$work/new$1"
  echo "$1" >>"$work/owned"
}

# without PATH PATTERN: drops the lines whose key matches.
without() {
  local from=$work/new$1 text kept=
  [ -e "$from" ] || from=$root$1
  if [ -e "$from" ]; then
    while IFS= read -r text || [ -n "$text" ]; do
      if ! [[ $text =~ ^[[:blank:]]*($2)[[:blank:]]*(=.*)?$ ]]; then kept+=$text$'\n'; fi
    done <"$from"
  fi
  directory "$work/new${1%/*}"
  printf '%s' "$kept" >"$work/new$1"
}

line() {
  local key=${2%%=*}
  without "$1" "${key//./[.]}"
  printf '%s\n' "$2" >>"$work/new$1"
}

# Whether a daemon knows a flag. Asked once per installation.
offers() {
  local help=$state/help-$1
  if [ ! -e "$help" ] || [ "$root/usr/sbin/$1" -nt "$help" ]; then
    "$root/usr/sbin/$1" --help >"$help.new" 2>&1 || true
    mv -f "$help.new" "$help"
  fi
  grep -qE -- "--(\[no-\])?$2([=[:space:]]|\$)" "$help"
}

# Marathon reads files up to 1.4 and the environment from 1.5 on.
marathon_reads=
marathon_reads_environment() {
  if [ -z "$marathon_reads" ]; then
    marathon_reads=files
    if dpkg --compare-versions "$(dpkg-query -W -f='${Version}' marathon 2>/dev/null || echo 0)" ge 1.5; then marathon_reads=environment; fi
  fi
  [ "$marathon_reads" = environment ]
}

: >"$work/owned"
while read -r verb one two; do
  case $verb in
    file) whole "$one" "$two" ;;
    drop) without "$one" "$two" ;;
    line) line "$one" "$two" ;;
    flag) if offers "$one" "${two%% *}"; then whole "/etc/$one/${two%% *}" "${two#* }"; else say "$one does not know --${two%% *}; left out"; fi ;;
    must)
      offers "$one" "${two%% *}" || fail "this version of $one does not know --${two%% *}, which these settings need"
      whole "/etc/$one/${two%% *}" "${two#* }"
      ;;
    marathon | marathon-env)
      if marathon_reads_environment; then
        line /etc/default/marathon "MARATHON_${one^^}=$two"
      elif [ "$verb" = marathon ]; then
        whole "/etc/marathon/conf/$one" "$two"
      fi
      ;;
    '') ;;
    *) fail "cannot read what is staged: $verb" ;;
  esac
done <"$work/wanted"
sort -u -o "$work/owned" "$work/owned"

# Empty arrays are written ${x[@]+...}: to bash 4.3 (Ubuntu 14.04) they are unset.
changed=()
while read -r path; do
  if ! cmp -s "$work/new$path" "$root$path"; then changed+=("$path"); fi
done < <(cd "$work/new" && find . -type f | sed 's/^[.]//' | sort)

# Files of ours that are wanted no more, and what dpkg leaves beside a conffile: Mesos would take its name for a flag and end.
gone=()
while read -r path; do
  if [ -n "$path" ] && [ -e "$root$path" ]; then gone+=("$path"); fi
done < <(
  if [ -e "$state/owned" ]; then comm -23 "$state/owned" "$work/owned"; fi
  for path in "$root"/etc/mesos-master/*.dpkg-* "$root"/etc/mesos-slave/*.dpkg-* "$root"/etc/marathon/conf/*.dpkg-*; do
    if [ -e "$path" ]; then echo "${path#"$root"}"; fi
  done
)

# Packages that were exchanged under a running service count as a change of it.
dpkg-query -W -f='${Package} ${Version}\n' zookeeper zookeeperd mesos marathon 2>/dev/null >"$work/versions" || true
upgraded=
if [ -e "$state/versions" ] && ! cmp -s "$work/versions" "$state/versions"; then upgraded=yes; fi

touched=" "
touch_service() { case $touched in *" $1 "*) ;; *) touched+="$1 " ;; esac; }
for path in ${changed[@]+"${changed[@]}"} ${gone[@]+"${gone[@]}"}; do
  case $path in
    /etc/zookeeper/* | /etc/default/zookeeper) touch_service zookeeper ;;
    /etc/mesos-master/*) touch_service mesos-master ;;
    /etc/mesos-slave/*) touch_service mesos-slave ;;
    /etc/marathon/* | /etc/default/marathon) touch_service marathon ;;
    /etc/mesos/*) for service in $RUN; do [ "$service" = zookeeper ] || touch_service "$service"; done ;;
  esac
done

# What an earlier run was to restart and did not get to.
if [ -e "$state/pending" ]; then
  while read -r service; do touch_service "$service"; done <"$state/pending"
fi

restart=()
for service in $RUN; do
  if [ -n "$upgraded" ]; then touch_service "$service"; fi
  case $touched in
    *" $service "*) restart+=("$service") ;;
    *) if ! runs "$service"; then restart+=("$service"); fi ;;
  esac
done

install_files() {
  local path
  for path in ${changed[@]+"${changed[@]}"}; do
    put "$root$path" <"$work/new$path" || true
    say "  $path"
  done
  for path in ${gone[@]+"${gone[@]}"}; do
    rm -f "$root$path"
    say "  $path is gone"
  done
  if [ -e "$work/new$zoo" ] && [ ! -e "$root/var/lib/zookeeper/myid" ]; then
    mkdir -p "$root/var/lib/zookeeper"
    ln -sf /etc/zookeeper/conf/myid "$root/var/lib/zookeeper/myid"
  fi
}

# servers FILE: number and address of each; an agent has no such file.
servers() { { sed -n 's/^[ \t]*server[.]\([0-9]*\)[ \t]*=[ \t]*\([^:]*\):.*/\1 \2/p' "$1" 2>/dev/null || true; } | sort; }

# Once the files are in, they tell no more what has to be restarted, nor whom ZooKeeper knows; a run that is cut off leaves both to the next.
if [ -e "$state/servers" ]; then cp "$state/servers" "$work/servers.old"; else servers "$root$zoo" >"$work/servers.old"; fi
begin() {
  put "$state/servers" <"$work/servers.old" || true
  put "$state/pending" < <(printf '%s\n' "${restart[@]}") || true
  install_files
}

remember() {
  put "$state/owned" <"$work/owned" || true
  put "$state/versions" <"$work/versions" || true
  rm -f "$state/pending" "$state/servers"
}

# --- Is this host part of a cluster already? -------------------------------------------------------------------------------------

# shellcheck disable=SC2086
hold_back $NEVER

if [ ${#restart[@]} = 0 ]; then
  install_files
  remember
  say "nothing to change"
  exit 0
fi

# Before the cluster was whole for the first time nobody waits for anybody: all come up together.
if [ -z "$PEERS" ] || [ ! -e "$state/formed" ]; then
  say "starting ${restart[*]}"
  begin
  bring_up "${restart[@]}"
  remember
  exit 0
fi

# --- A change of a living master: nobody else may be missing ---------------------------------------------------------------------

servers "$work/new$zoo" >"$work/servers.new"
differ=$(comm -13 "$work/servers.old" "$work/servers.new" | wc -l)
[ "$differ" -le 1 ] || fail "$differ masters have other addresses than before; two lists of ZooKeeper servers that differ by two can elect two leaders, so replace one master per update. Nothing was changed"

# A new master whose turn comes later is not there yet and cannot be asked. One whose turn was before has to have joined.
standing=()
for peer in $PEERS; do
  if [[ " $EARLIER " = *" $peer "* ]] || grep -qxE "[0-9]+ ${peer//./[.]}" "$work/servers.old"; then standing+=("$peer"); fi
done

# What is wrong with the ZooKeeper of a host.
out_of_ensemble() {
  local mode
  mode=$(ask_zookeeper "$1")
  case $mode in
    leader | follower) ;;
    *) echo "ZooKeeper on $1 says '${mode:-nothing}'" ;;
  esac
}

# The first thing that is wrong with any of them.
ill() {
  local host why
  for host in "$@"; do
    why=$(out_of_ensemble "$host")
    if [ -z "$why" ] && ! http -o /dev/null "http://$host:5050/health"; then why="the Mesos master on $host does not answer"; fi
    if [ -n "$why" ]; then echo "$why"; return; fi
  done
}

# gate HOST...: every one of them is healthy and exactly one Mesos master led for STEADY_SECONDS on end.
gate() {
  local until=$((SECONDS + GATE_SECONDS)) since=$SECONDS leader='' now why
  while :; do
    why=$(ill "$@")
    if [ -z "$why" ]; then
      # Of all, since a new master may lead as soon as the old ones were restarted.
      # shellcheck disable=SC2086
      now=$(mesos_leaders "$SELF" $PEERS)
      if [ "$(printf '%s' "$now" | grep -c .)" != 1 ]; then why="leading Mesos masters: ${now:-none}"; fi
    fi
    if [ -n "$why" ] || [ "$now" != "$leader" ]; then
      since=$SECONDS
      leader=${now:-}
      if [ -n "$why" ]; then leader=''; fi
    fi
    if [ -n "$leader" ] && [ $((SECONDS - since)) -ge "$STEADY_SECONDS" ]; then return 0; fi
    if [ "$SECONDS" -ge "$until" ]; then
      echo "${why:-the leading Mesos master changed}"
      return 1
    fi
    sleep 1
  done
}

say "waiting for the other masters to be healthy: ${standing[*]-}"
why=$(gate ${standing[@]+"${standing[@]}"}) || fail "not changing this master, because another one is not healthy: $why. Nothing was changed here and the roll ends; mend that first, or take back the setting that broke it, and run the update again"

# From here on this step does not fail for what it brought about: a failed update is not on record, so that taking the setting back would
# change nothing on this host. Whether it was well is asked at once, by the next master's gate or after the last one by the readiness check.
say "changing ${restart[*]}"
begin
for service in "${restart[@]}"; do
  bring_up --wait "$service" || say "$service does not start; journalctl -u $service tells why"
  if [ "$service" = zookeeper ]; then
    rejoin=$((SECONDS + GATE_SECONDS))
    while why=$(out_of_ensemble "$SELF") && [ -n "$why" ]; do
      if [ "$SECONDS" -ge "$rejoin" ]; then
        say "$why, $GATE_SECONDS s after its restart"
        break
      fi
      sleep 0.5
    done
  fi
done
remember
say "changed"
