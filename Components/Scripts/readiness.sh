# Waits until the cluster is whole: ZooKeeper has all its members, one Mesos master leads and has recovered its registry, every agent is active, and Marathon has a
# leader and is registered with Mesos.
#
#   argument     master-N=ADDRESS       by what a master is asked
#   argument     agent-N=ADDRESS        the host name that an agent registers with
#   argument     droplets=CHECKSUM      not read; Pulumi runs this script again when it changes
#   fact         master NAME            a master
#   fact         agent NAME             an agent
#   fact         descriptions CHECKSUM  not read; Pulumi runs this script again when it changes
#   environment  DEADLINE               how long it waits, in seconds
# shellcheck shell=bash source-path=SCRIPTDIR source=common.sh
. ./common.sh
# shellcheck source=cluster.sh
. ./cluster.sh

deadline=${DEADLINE:-300}

masters=()
agents=()
while read -r fact name _; do
  case $fact in
    master) masters+=("$name") ;;
    agent) agents+=("$name") ;;
    descriptions | '') ;;
    *) fail "this script does not know the fact '$fact'; run the update once more" ;;
  esac
done
[ ${#masters[@]} -gt 0 ] || fail "the list of members on standard input is empty"

# Each function below prints what it found, one line for each member, as soon as it knows. A line that begins with "wrong" says what is wrong.

examine_ensemble() {
  local name mode leading=0 followers=0 others=
  for name in "${masters[@]}"; do
    mode=$(ask_zookeeper "${address[$name]}")
    echo "zookeeper $name ${mode:-silent}"
    case $mode in
      leader) leading=$((leading + 1)) ;;
      follower) followers=$((followers + 1)) ;;
      standalone)
        others=yes
        [ ${#masters[@]} = 1 ] || echo "wrong ZooKeeper on $name (${address[$name]}) runs alone"
        ;;
      *)
        others=yes
        echo "wrong ZooKeeper on $name (${address[$name]}) does not serve"
        ;;
    esac
  done
  [ -n "$others" ] || [ "$leading" = 1 ] || echo "wrong ZooKeeper has $leading leaders and $followers followers"
}

# examine_mesos: a master is asked for its metrics once, because the real one answers two such requests a second.
examine_mesos() {
  local name metrics leaders=() of_leader=
  for name in "${masters[@]}"; do
    metrics=$(http "http://${address[$name]}:5050/metrics/snapshot" | tr -d '\\ ' || true)
    if [ -z "$metrics" ]; then
      echo "mesos-master $name silent"
      echo "wrong the Mesos master on $name (${address[$name]}) does not answer"
    elif [[ $metrics =~ \"master/elected\":1([.]0)?[,}] ]]; then
      echo "mesos-master $name leader"
      leaders+=("$name")
      of_leader=$metrics
    else
      echo "mesos-master $name follower"
    fi
  done
  case ${#leaders[@]} in
    0) echo "wrong no Mesos master leads" ;;
    1)
      # Before Mesos 1.0 no metric tells that. Then an active agent does.
      if [[ $of_leader =~ \"registrar/log/recovered\":0 ]]; then
        echo "wrong the Mesos master on ${leaders[0]} leads, but has not recovered its registry"
      fi
      examine_agents "${address[${leaders[0]}]}"
      examine_marathon "${address[${leaders[0]}]}"
      ;;
    *) echo "wrong more than one Mesos master leads: ${leaders[*]}" ;;
  esac
}

# examine_agents LEADER: an agent that was lost stays in the leader's list for a while, so the list has to say that it is active.
examine_agents() {
  local name host id rest
  local -A known=()
  # Each entry begins with the agent's id.
  while read -r id rest; do
    if ! [[ $rest =~ \"hostname\":\"([^\"]*)\" ]]; then continue; fi
    host=${BASH_REMATCH[1]}
    if [[ $rest =~ \"active\":true ]]; then
      known[$host]="active $id"
    else
      known[$host]=${known[$host]:-"inactive $id"}
    fi
  done < <({ http "http://$1:5050/master/slaves" || http "http://$1:5050/master/state.json" || true; } | tr -d ' \n' | sed 's/"id":"\([^"]*-S[0-9]*\)"/\n\1 /g' | tail -n +2; echo)
  for name in ${agents[@]+"${agents[@]}"}; do
    host=${address[$name]}
    echo "agent $name ${known[$host]:-missing}"
    case ${known[$host]-} in
      active*) ;;
      inactive*) echo "wrong $name ($host) is registered, but it is not active" ;;
      *) echo "wrong $name ($host) has not registered" ;;
    esac
  done
  for host in ${known[@]+"${!known[@]}"}; do
    if [[ ${known[$host]} = active* ]]; then examine_stranger "$host" "${known[$host]#active }"; fi
  done
}

# examine_stranger HOST ID: an agent that is none of this stack's takes tasks, and no update would ever change or remove it. drain.sh keeps the list of the agents before
# this update: those that leave with it are no strangers. Without that list nobody can tell. A dead agent is listed as active for a while, but answers nothing.
examine_stranger() {
  local name
  for name in ${agents[@]+"${agents[@]}"}; do
    if [ "${address[$name]}" = "$1" ]; then return 0; fi
  done
  [ -e "$state/agents" ] || return 0
  while read -r _ _ name; do
    if [ "$name" = "$1" ]; then return 0; fi
  done < <(cat "$state/agents")
  # The inner shell takes the address as $0.
  # shellcheck disable=SC2016
  timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/5051"' "$1" 2>/dev/null || return 0
  echo "stranger $1 $2"
  echo "wrong an agent that this stack does not know answers among its members: $1 (id $2). A run that was killed may have left its host; delete that, or stop mesos-slave on it"
}

# examine_marathon LEADER: an answer of Marathon alone does not tell whether Mesos knows it.
examine_marathon() {
  local name answer leader='' id='' listed
  for name in "${masters[@]}"; do
    answer=$(http "http://${address[$name]}:8080/v2/leader" | tr -d ' ' || true)
    if [[ $answer =~ \"leader\":\"([^\"]*)\" ]]; then
      leader=${BASH_REMATCH[1]}
      echo "marathon $name $leader"
    else
      echo "marathon $name silent"
      echo "wrong Marathon on $name (${address[$name]}) knows no leader"
    fi
  done
  [ -n "$leader" ] || return 0
  answer=$(http "http://${address[${masters[0]}]}:8080/v2/info" | tr -d ' \n' || true)
  if [ -z "$answer" ]; then
    # An early Marathon does not tell.
    echo "framework marathon unknown"
    return 0
  fi
  if [[ $answer =~ \"frameworkId\":\"([^\"]*)\" ]]; then id=${BASH_REMATCH[1]}; fi
  listed=$({ http "http://$1:5050/master/frameworks" || http "http://$1:5050/master/state.json" || true; } | tr -d ' \n')
  if [ -n "$id" ] && [[ $listed = *"\"id\":\"$id\""* ]] && [[ ${listed#*"\"id\":\"$id\""} =~ \"active\":(true|false) ]] && [ "${BASH_REMATCH[1]}" = true ]; then
    echo "framework marathon $id"
  else
    echo "framework marathon missing"
    echo "wrong Marathon is not registered with the leading Mesos master"
  fi
}

# examine_apps: an app that does not run is no fault of the cluster, so only a report has it.
examine_apps() {
  local name answer='' app rest want
  for name in "${masters[@]}"; do
    answer=$(http "http://${address[$name]}:8080/v2/apps" | tr -d '\n' || true)
    [ -z "$answer" ] || break
  done
  while read -r app rest; do
    rest=${rest// /}
    if ! [[ $rest =~ \"instances\":([0-9]+) ]]; then continue; fi
    want=${BASH_REMATCH[1]}
    if ! [[ $rest =~ \"tasksRunning\":([0-9]+) ]]; then continue; fi
    echo "app $app ${BASH_REMATCH[1]} $want"
    [ "${BASH_REMATCH[1]}" = "$want" ] || echo "wrong ${BASH_REMATCH[1]} of $want tasks of the app $app run"
  done < <(sed 's/"id" *: *"\(\/[^"]*\)"/\n\1 /g' <<<"$answer" | tail -n +2)
}

examine() {
  examine_ensemble
  examine_mesos
}

# report.sh sets this.
if [ -n "${report-}" ]; then
  examine
  examine_apps
  exit 0
fi

# first_fault: the examination ends with the line that is read last, because nobody takes a further one.
first_fault() { { examine | sed -n '/^wrong /{s///p;q}'; } 2>/dev/null || true; }

last=
until what=$(first_fault) && [ -z "$what" ]; do
  [ "$SECONDS" -lt "$deadline" ] || fail "the cluster is not whole after $deadline s: $what"
  if [ "$what" != "$last" ]; then say "waiting: $what"; fi
  last=$what
  sleep 0.5
done
note_formed
say "the cluster is whole: ${#masters[@]} masters, ${#agents[@]} agents"
