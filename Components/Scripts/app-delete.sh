# Removes an app from Marathon.
#
#   argument     app=ID      the app's id
#   argument     sealed=yes  not read
#   input        JSON        the app; not read
#   environment  DEADLINE    how long it tries, in seconds
# shellcheck shell=bash source-path=SCRIPTDIR source=common.sh
. ./common.sh
# shellcheck source=marathon.sh
. ./marathon.sh

app=${address[app]}
deadline=${DEADLINE:-180}
until send DELETE "apps$app?force=true" && [[ $status = 200 || $status = 404 ]]; do
  [ "$SECONDS" -lt "$deadline" ] || fail "Marathon did not remove the app $app within $deadline s; the last status was $status"
  sleep 1
done
rm -f "$state/app${app//\//_}"
say "the app $app is removed"
