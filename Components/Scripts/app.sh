# Creates an app in Marathon or updates it, and waits until it is deployed.
#
#   argument     app=ID    the app's id
#   input        JSON      the app
#   environment  DEADLINE  how long it waits, in seconds
# shellcheck shell=bash source-path=SCRIPTDIR source=common.sh
. ./common.sh
# shellcheck source=cluster.sh
. ./cluster.sh

app=${address[app]}
deadline=${DEADLINE:-180}
body=$(cat)
api=http://127.0.0.1:8080/v2
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# send METHOD ADDRESS: prints the status, and leaves the answer in $answer.
send() {
  printf '%s' "$body" | curl -sS -L --post301 --post302 -o "$answer" -w '%{http_code}' --max-time 30 -X "$1" -H 'Content-Type: application/json' --data-binary @- "$2" 2>/dev/null || true
}

force=
while :; do
  # PUT creates the app where it does not exist. A newer Marathon replaces the whole app. An older one does not know the parameter, and keeps a field
  # that the settings no longer name.
  status=$(send PUT "$api/apps/$app?partialUpdate=false$force")
  case $status in
    200 | 201) break ;;
    409)
      # A deployment that has not ended locks the app.
      say "another deployment of $app is under way"
      if [ "$SECONDS" -ge 30 ]; then force='&force=true'; fi
      ;;
    000 | 502 | 503 | 504) say "Marathon does not answer yet ($status)" ;;
    *) fail "Marathon refuses the app $app with status $status: $(head -c 1000 "$answer")" ;;
  esac
  [ "$SECONDS" -lt "$deadline" ] || fail "Marathon did not take the app $app within $deadline s; the last status was $status: $(head -c 1000 "$answer")"
  sleep 0.5
done

until http "$api/apps/$app" | tr -d ' \n' | grep '"deployments":\[\]' >/dev/null; do
  [ "$SECONDS" -lt "$deadline" ] || fail "the app $app is not deployed after $deadline s; most often no agent has what it asks for (see $api/queue)"
  sleep 0.3
done
say "the app $app is deployed"
