# Creates an app in Marathon or updates it, and waits until it is deployed. The app's JSON comes on stdin.
# Values: APP DEADLINE
# shellcheck shell=bash
body=$(cat)
api=http://127.0.0.1:8080/v2
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# send METHOD ADDRESS: the status; the answer is in $answer.
send() {
  printf '%s' "$body" | curl -sS -L --post301 --post302 -o "$answer" -w '%{http_code}' --max-time 30 -X "$1" -H 'Content-Type: application/json' --data-binary @- "$2" 2>/dev/null || true
}

force=
while :; do
  # PUT makes the app where it is not there yet. Newer Marathons replace all of it, so that a field taken out of the settings is gone;
  # older ones do not know the parameter and keep such a field.
  status=$(send PUT "$api/apps/$APP?partialUpdate=false$force")
  case $status in
    200 | 201) break ;;
    409)
      # Locked by a deployment that has not ended.
      say "another deployment of $APP is under way"
      if [ "$SECONDS" -ge 30 ]; then force='&force=true'; fi
      ;;
    000 | 502 | 503 | 504) say "Marathon does not answer yet ($status)" ;;
    *) fail "Marathon refuses the app $APP with status $status: $(head -c 1000 "$answer")" ;;
  esac
  [ "$SECONDS" -lt "$DEADLINE" ] || fail "Marathon did not take the app $APP within $DEADLINE s; the last status was $status: $(head -c 1000 "$answer")"
  sleep 0.5
done

until http "$api/apps/$APP" | tr -d ' \n' | grep '"deployments":\[\]' >/dev/null; do
  [ "$SECONDS" -lt "$DEADLINE" ] || fail "the app $APP is not deployed after $DEADLINE s; most often no agent has what it asks for (see $api/queue)"
  sleep 0.3
done
say "the app $APP is deployed"
