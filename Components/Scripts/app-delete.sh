# Removes an app from Marathon.
#
#   argument     app=ID    the app's id
#   input        JSON      the app; not read
#   environment  DEADLINE  how long it tries, in seconds
# shellcheck shell=bash source-path=SCRIPTDIR source=common.sh
. ./common.sh

app=${address[app]}
deadline=${DEADLINE:-180}
api=http://127.0.0.1:8080/v2
while :; do
  status=$(curl -sS -L -o /dev/null -w '%{http_code}' --max-time 30 -X DELETE "$api/apps/$app?force=true" 2>/dev/null || true)
  case $status in
    200 | 404) break ;;
  esac
  [ "$SECONDS" -lt "$deadline" ] || fail "Marathon did not remove the app $app within $deadline s; the last status was $status"
  sleep 1
done
say "the app $app is removed"
