# Moves the tasks off agents that are about to go. It runs on a master, because the agent may be dead.
# An agent goes if it was listed before and is not listed now, or if it has another address now.
#
#   argument     master-N=ADDRESS         by what a master is asked
#   argument     master-N.public=ADDRESS  not read
#   argument     agent-N=ADDRESS          by what the other members reach an agent
#   argument     agent-N.public=ADDRESS   the host name that it registers with, where that is another address
#   fact         agent NAME               an agent that stays
#   fact         # TEXT                   a remark for the reader of a preview
#   environment  DEADLINE                 how long the drain of one agent may take, in seconds
# shellcheck shell=bash source-path=SCRIPTDIR source=common.sh
. ./common.sh
# shellcheck source=cluster.sh
. ./cluster.sh

deadline=${DEADLINE:-120}
api=http://127.0.0.1:8080/v2

lock_drain() {
  mkdir -p "$state"
  exec 9>"$state/drain.lock"
  flock -w 3600 9 || fail "another drain has been at work for an hour"
}

late() { [ "$SECONDS" -ge "$end" ]; }

# ask ADDRESS: prints what Marathon answers, without blanks. It asks again until the deadline.
ask() {
  local answer
  until answer=$(http "$1"); do
    if late; then return 1; fi
    sleep 1
  done
  tr -d ' \n' <<<"$answer"
}

# hosts APP: prints the host of each task, one a line.
hosts() {
  local answer
  answer=$(ask "$api/apps$1/tasks") || return 1
  { grep -oE '"host":"[^"]*"' <<<"$answer" || true; } | cut -d'"' -f4
}

instances() {
  local answer
  answer=$(ask "$api/apps$1") || return 1
  { grep -oE '"instances":[0-9]+' <<<"$answer" || true; } | head -n 1 | cut -d: -f2
}

scale() { curl -fsS --max-time 30 -o /dev/null -X PUT -H 'Content-Type: application/json' --data-binary "{\"instances\":$2}" "$api/apps$1?force=true" 2>/dev/null; }

# move APP: moves its tasks off the agent. In the end Marathon is told to run as many as before, whether they could be moved or not.
move() {
  local want moved=yes
  want=$(instances "$1") && [ -n "$want" ] || return 1
  move_tasks "$1" "$want" || moved=
  if [ -z "$moved" ] || [ "$(instances "$1" || true)" != "$want" ]; then
    scale "$1" "$want" || say "Marathon could not be told that $1 is to have $want instances, as before the drain: look at it there"
  fi
  [ -n "$moved" ]
}

# move_tasks APP INSTANCES: starts instances elsewhere first, then ends those on the agent.
move_tasks() {
  local want=$2 asked=$2 ended='' tasks here elsewhere
  while tasks=$(hosts "$1"); do
    here=$(grep -cxF "$AGENT" <<<"$tasks" || true)
    [ "$here" -gt 0 ] || return 0
    elsewhere=$(grep . <<<"$tasks" | grep -cvxF "$AGENT" || true)
    if [ -n "$ended" ]; then
      # Marathon is asked once only, because each request lowers the number of instances.
      :
    elif [ "$elsewhere" -ge "$want" ]; then
      say "ending $here of $1 on $AGENT"
      ended=yes
      curl -fsS --max-time 30 -o /dev/null -X DELETE "$api/apps$1/tasks?host=$AGENT&scale=true" 2>/dev/null || ended=
    elif [ $((here + elsewhere)) -ge "$asked" ]; then
      asked=$((here + want))
      if [ "$asked" -gt $((here + elsewhere)) ]; then
        say "starting $1 elsewhere than on $AGENT"
        scale "$1" "$asked" || true
      fi
    fi
    # Marathon may choose this agent again and again.
    if late || [ "$here" -gt $((want * 2 + 4)) ]; then
      say "$1 does not move off $AGENT"
      return 1
    fi
    sleep 1
  done
  return 1
}

# drain NAME MEMBER HOSTNAME: moves the tasks of every app off the agent. A task that cannot be moved ends with the agent.
drain() {
  local leader listed app left=
  NAME=$1 AGENT=$3
  end=$((SECONDS + deadline))
  leader=$(mesos_leaders "${masters[@]}" | head -n 1)
  [ -n "$leader" ] || { say "$NAME: no Mesos master leads, nothing can be drained"; return 0; }
  # No one can end a task on a dead agent in good order. Marathon starts such a task elsewhere by itself.
  # The inner shell takes the address as $0.
  # shellcheck disable=SC2016
  if ! timeout 5 bash -c 'exec 3<>"/dev/tcp/$0/5051"' "$2" 2>/dev/null; then
    say "$NAME does not answer; its tasks have ended with it"
    return 0
  fi
  if [ "$(active_agents "$leader")" -le 1 ]; then
    say "$NAME is the only active agent; there is nowhere to move its tasks to"
    return 0
  fi
  listed=$(ask "$api/apps") || { say "$NAME: Marathon does not answer, nothing can be drained"; return 0; }
  while read -r app; do
    if ! move "$app"; then left+=" $app"; fi
  done < <({ grep -oE '"id":"/[^"]*"' <<<"$listed" || true; } | cut -d'"' -f4 | sort -u)
  if [ -n "$left" ]; then say "$NAME is drained but for$left: their tasks end with the agent"; else say "$NAME is drained"; fi
}

lock_drain
masters=()
for name in "${!address[@]}"; do
  if [[ $name =~ ^master-[0-9]+$ ]]; then masters+=("${address[$name]}"); fi
done

# Name, address and registered name of each agent that stays, one a line.
staying=
while read -r fact name _; do
  case $fact in
    agent) staying+="$name ${address[$name]} ${address[$name.public]:-${address[$name]}}"$'\n' ;;
    '#' | '') ;;
    *) fail "this script does not know the fact '$fact'; run the update once more" ;;
  esac
done

if [ -e "$state/agents" ]; then
  while read -r name member hostname; do
    if [[ $'\n'$staying != *$'\n'"$name $member $hostname"$'\n'* ]]; then drain "$name" "$member" "$hostname"; fi
  done < <(cat "$state/agents")
fi
write_file "$state/agents" "$staying" || true
say "the list of agents is up to date"
