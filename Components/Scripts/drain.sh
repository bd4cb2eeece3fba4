# Moves Marathon's tasks off an agent that is about to go. Runs on a master, as the agent may be dead.
# Values: AGENT (the name it registered by) DEADLINE MASTERS
# shellcheck shell=bash
api=http://127.0.0.1:8080/v2
read -r -a all <<<"$MASTERS"
leader=$(mesos_leaders "${all[@]}" | head -n 1)
[ -n "$leader" ] || { say "no Mesos master leads, nothing can be drained"; exit 0; }

active=$(http "http://$leader:5050/metrics/snapshot" | tr -d '\\ ' | grep -oE '"master/slaves_active":[0-9]+' | cut -d: -f2 || true)
if [ "${active:-0}" -le 1 ]; then
  say "no other agent is active, there is nowhere to drain $AGENT to"
  exit 0
fi

# hosts APP: one line per task.
hosts() { http "$api/apps$1/tasks" | tr -d ' \n' | grep -oE '"host":"[^"]*"' | cut -d'"' -f4 || true; }
instances() { http "$api/apps$1" | tr -d ' \n' | grep -oE '"instances":[0-9]+' | head -n 1 | cut -d: -f2 || true; }
scale() { curl -fsS --max-time 30 -o /dev/null -X PUT -H 'Content-Type: application/json' --data-binary "{\"instances\":$2}" "$api/apps$1?force=true" 2>/dev/null || true; }

until listed=$(http "$api/apps"); do
  if [ "$SECONDS" -ge 30 ]; then
    say "Marathon does not answer, nothing can be drained"
    exit 0
  fi
  sleep 1
done

# One app after the other: an instance more elsewhere first, then those on this agent end and the number is what it was.
{ tr -d ' \n' <<<"$listed" | grep -oE '"id":"/[^"]*"' | cut -d'"' -f4 | sort -u || true; } | while read -r app; do
  want=$(instances "$app")
  asked=${want:-0}
  while here=$(hosts "$app" | grep -cxF "$AGENT" || true) && [ "$here" -gt 0 ]; do
    elsewhere=$(hosts "$app" | grep -cvxF "$AGENT" || true)
    if [ "$elsewhere" -ge "${want:-0}" ]; then
      say "ending $here of $app on $AGENT"
      curl -fsS --max-time 30 -o /dev/null -X DELETE "$api/apps$app/tasks?host=$AGENT&scale=true" 2>/dev/null || true
    elif [ $((here + elsewhere)) -ge "$asked" ]; then
      asked=$((here + want))
      if [ "$asked" -gt $((here + elsewhere)) ]; then
        say "starting $app elsewhere than on $AGENT"
        scale "$app" "$asked"
      fi
    fi
    # Where they land is Marathon's choice, and nobody wants a crowd of them.
    if [ "$SECONDS" -ge "$DEADLINE" ] || [ "$here" -gt $((want * 2 + 4)) ]; then
      say "$app does not come up elsewhere than on $AGENT; its tasks end with the agent"
      scale "$app" "$want"
      break
    fi
    sleep 1
  done
done
say "$AGENT is drained"
