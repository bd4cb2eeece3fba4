# Removes an app from Marathon.
# Values: APP DEADLINE
# shellcheck shell=bash
api=http://127.0.0.1:8080/v2
while :; do
  status=$(curl -sS -L -o /dev/null -w '%{http_code}' --max-time 30 -X DELETE "$api/apps/$APP?force=true" 2>/dev/null || true)
  case $status in
    200 | 404) break ;;
  esac
  [ "$SECONDS" -lt "$DEADLINE" ] || fail "Marathon did not remove the app $APP within $DEADLINE s; the last status was $status"
  sleep 1
done
say "the app $APP is removed"
