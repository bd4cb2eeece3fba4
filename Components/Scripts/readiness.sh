# Waits until the cluster is whole: ZooKeeper has all its members, one Mesos master leads, every agent is active, and Marathon has a leader.
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

all=()
agents=()
while read -r fact name _; do
  case $fact in
    master) all+=("${address[$name]}") ;;
    agent) agents+=("$name") ;;
    descriptions | '') ;;
    *) fail "this script does not know the fact '$fact'; run the update once more" ;;
  esac
done
[ ${#all[@]} -gt 0 ] || fail "the list of members on standard input is empty"

# Prints the first thing that is missing.
missing() {
  local host mode leader followers=0 leading=0 listed leader active marathon name
  for host in "${all[@]}"; do
    mode=$(ask_zookeeper "$host")
    case $mode in
      leader) leading=$((leading + 1)) ;;
      follower) followers=$((followers + 1)) ;;
      standalone) [ ${#all[@]} = 1 ] || { echo "ZooKeeper on $host runs alone"; return; } ;;
      *) echo "ZooKeeper on $host does not serve"; return ;;
    esac
  done
  if [ ${#all[@]} -gt 1 ] && { [ "$leading" != 1 ] || [ "$followers" != $((${#all[@]} - 1)) ]; }; then
    echo "ZooKeeper has $leading leaders and $followers followers"
    return
  fi
  leader=$(mesos_leaders "${all[@]}")
  case $(printf '%s' "$leader" | grep -c .) in
    0) echo "no Mesos master leads"; return ;;
    1) ;;
    *) echo "more than one Mesos master leads: ${leader//$'\n'/ }"; return ;;
  esac
  for host in "${all[@]}"; do
    http -o /dev/null "http://$host:5050/health" || { echo "the Mesos master on $host does not answer"; return; }
  done
  if [ ${#agents[@]} -gt 0 ]; then
    listed=$(http "http://$leader:5050/master/slaves" || http "http://$leader:5050/master/state.json" || true)
    for name in "${agents[@]}"; do
      host=${address[$name]}
      case $listed in
        *"\"hostname\":\"$host\""* | *"\"hostname\": \"$host\""*) ;;
        *) echo "$name ($host) has not registered"; return ;;
      esac
    done
    active=$(active_agents "$leader")
    [ "$active" -ge ${#agents[@]} ] || { echo "only $active of ${#agents[@]} agents are active"; return; }
  fi
  for host in "${all[@]}"; do
    marathon=$(http "http://$host:8080/v2/leader" | tr -d ' ' || true)
    case $marathon in
      *'"leader":"'*) ;;
      *) echo "Marathon on $host knows no leader"; return ;;
    esac
  done
}

last=
until what=$(missing) && [ -z "$what" ]; do
  [ "$SECONDS" -lt "$deadline" ] || fail "the cluster is not whole after $deadline s: $what"
  if [ "$what" != "$last" ]; then say "waiting: $what"; fi
  last=$what
  sleep 0.3
done
note_formed
say "the cluster is whole: ${#all[@]} masters, ${#agents[@]} agents"
