# Ends well once the cluster is whole, else names what is missing.
# Values: MASTERS AGENTS (addresses by which masters are asked and names by which agents register) DEADLINE
# shellcheck shell=bash
read -r -a all <<<"$MASTERS"
read -r -a names <<<"$AGENTS"

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
  if [ ${#names[@]} -gt 0 ]; then
    listed=$(http "http://$leader:5050/master/slaves" || http "http://$leader:5050/master/state.json" || true)
    for name in "${names[@]}"; do
      case $listed in
        *"\"hostname\":\"$name\""* | *"\"hostname\": \"$name\""*) ;;
        *) echo "the agent $name has not registered"; return ;;
      esac
    done
    active=$(http "http://$leader:5050/metrics/snapshot" | tr -d '\\ ' | grep -oE '"master/slaves_active":[0-9]+' | cut -d: -f2 || true)
    [ "${active:-0}" -ge ${#names[@]} ] || { echo "only ${active:-0} of ${#names[@]} agents are active"; return; }
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
  [ "$SECONDS" -lt "$DEADLINE" ] || fail "the cluster is not whole after $DEADLINE s: $what"
  if [ "$what" != "$last" ]; then say "$what yet"; fi
  last=$what
  sleep 0.3
done
say "the cluster is whole: ${#all[@]} masters, ${#names[@]} agents"
