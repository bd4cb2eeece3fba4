# Moves Marathon's tasks off an agent that is about to go. Runs on a master, as the agent may be dead.
# Values: AGENT (the name it registered by) ADDRESS (by which masters reach it) DEADLINE MASTERS
# shellcheck shell=bash
# shellcheck disable=SC2154 # common.sh, in front of this, assigns root, state and init.

# One drain at a time: each adds instances for a while, which another would take for what is wanted.
mkdir -p "$state"
exec 9>"$state/drain.lock"
flock -w 3600 9 || { say "another drain has been at work for an hour; $AGENT is not drained"; exit 0; }
end=$((SECONDS + DEADLINE))
late() { [ "$SECONDS" -ge "$end" ]; }

api=http://127.0.0.1:8080/v2
read -r -a all <<<"$MASTERS"
leader=$(mesos_leaders "${all[@]}" | head -n 1)
[ -n "$leader" ] || { say "no Mesos master leads, nothing can be drained"; exit 0; }

# Nobody could end a task there in good order, and Marathon starts it elsewhere by itself.
# The inner shell takes the address as $0.
# shellcheck disable=SC2016
if ! timeout 5 bash -c 'exec 3<>"/dev/tcp/$0/5051"' "$ADDRESS" 2>/dev/null; then
  say "$AGENT does not answer; what ran on it has ended with it"
  exit 0
fi

active=$(http "http://$leader:5050/metrics/snapshot" | tr -d '\\ ' | grep -oE '"master/slaves_active":[0-9]+' | cut -d: -f2 || true)
if [ "${active:-0}" -le 1 ]; then
  say "no other agent is active, there is nowhere to drain $AGENT to"
  exit 0
fi

# ask ADDRESS: what Marathon answers, without blanks; asks again until the deadline.
ask() {
  local answer
  until answer=$(http "$1"); do
    if late; then return 1; fi
    sleep 1
  done
  tr -d ' \n' <<<"$answer"
}

# hosts APP: one line per task.
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

# move APP: its tasks run elsewhere, as many as before. Whatever came of it, as many are wanted as before.
move() {
  local want moved=yes
  want=$(instances "$1") && [ -n "$want" ] || return 1
  move_tasks "$1" "$want" || moved=
  if [ -z "$moved" ] || [ "$(instances "$1" || true)" != "$want" ]; then
    scale "$1" "$want" || say "Marathon could not be told that $1 is to have $want instances, as before the drain: look at it there"
  fi
  [ -n "$moved" ]
}

# move_tasks APP INSTANCES: an instance more elsewhere first, then those on this agent end.
move_tasks() {
  local want=$2 asked=$2 ended='' tasks here elsewhere
  while tasks=$(hosts "$1"); do
    here=$(grep -cxF "$AGENT" <<<"$tasks" || true)
    [ "$here" -gt 0 ] || return 0
    elsewhere=$(grep . <<<"$tasks" | grep -cvxF "$AGENT" || true)
    if [ -n "$ended" ]; then
      # Once, for each time takes as many off the number that is wanted.
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
    # Where they land is Marathon's choice, and nobody wants a crowd of them.
    if late || [ "$here" -gt $((want * 2 + 4)) ]; then
      say "$1 does not move off $AGENT"
      return 1
    fi
    sleep 1
  done
  return 1
}

listed=$(ask "$api/apps") || { say "Marathon does not answer, nothing can be drained"; exit 0; }
left=
while read -r app; do
  if ! move "$app"; then left+=" $app"; fi
done < <({ grep -oE '"id":"/[^"]*"' <<<"$listed" || true; } | cut -d'"' -f4 | sort -u)
if [ -n "$left" ]; then say "$AGENT is drained but for$left: their tasks end with the agent"; else say "$AGENT is drained"; fi
