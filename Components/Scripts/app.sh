# Creates an app in Marathon or updates it, and waits until it runs. An app that does not run in time is taken back: a new one is removed, and of
# another one the version before runs again.
#
#   argument     app=ID      the app's id
#   argument     sealed=yes  the app holds secrets, so no text of Marathon's is printed that may repeat one
#   input        JSON        the app
#   environment  DEADLINE    how long it waits, in seconds
#   environment  RETREAT     how long it tries to take the app back, in seconds
# shellcheck shell=bash source-path=SCRIPTDIR source=common.sh
. ./common.sh
# shellcheck source=marathon.sh
. ./marathon.sh

app=${address[app]}
deadline=${DEADLINE:-180}
body=$(cat)

late() { [ "$SECONDS" -ge "$1" ]; }

# said TEXT: prints a text of Marathon's, as far as it cannot hold a secret.
said() { if [ "${address[sealed]:-}" = yes ]; then echo "(Marathon's text is not shown, because the app holds secrets; see $api/apps$app on this host)"; else printf '%s\n' "$1"; fi; }

# A run that was cut off may still be at work here. Its note tells that the app was new: then nothing in Marathon is a version to go back to.
lock_app() {
  note=$state/app${app//\//_}
  mkdir -p "$state"
  exec 9>>"$note"
  flock -w $((deadline + 60)) 9 || fail "another run is still at work on the app $app"
}

# look: sets `before`, the version of the app that Marathon has; nothing for a new app.
look() {
  until send GET "apps$app" && [[ $status = 200 || $status = 404 ]]; do
    late "$deadline" && fail "Marathon did not say within $deadline s whether it has the app $app; the last status was $status: $(said "$(told)")"
    sleep 0.5
  done
  before=
  if [ "$status" = 404 ]; then echo new >"$note"; fi
  if [ "$(cat "$note")" != new ]; then before=$(value .app.version); fi
}

# put: hands the app to Marathon; sets `deployment` and `version`.
put() {
  local force='' locks heard=''
  while :; do
    # PUT creates the app where it does not exist. A newer Marathon replaces the whole app. An older one does not know the parameter, and keeps a field
    # that the settings no longer name.
    send PUT "apps$app?partialUpdate=false$force" "$body"
    locks=$(values '\.deployments\.[0-9]+\.id' | paste -sd ' ')
    case $status in
      200 | 201) break ;;
      409)
        # Only a lock is worth waiting for. Marathon has the same status for a port that another app has.
        [[ -n $locks || $(told) = *locked* ]] || refused
        if [ "$locks" != "$heard" ]; then say "waiting for another deployment of $app to end: ${locks:-Marathon does not name it}"; fi
        heard=$locks
        if [ -z "$force" ] && late $((deadline / 3)); then
          say "that deployment does not end; it is given up for this one"
          force='&force=true'
        fi
        ;;
      *) if answered; then refused; fi ;;
    esac
    if late "$deadline"; then
      take_back "Marathon did not take the app $app within $deadline s; the last status was $status: $(said "$(told)")${locks:+ Deployments that lock the app: $locks.}"
    fi
    sleep 0.5
  done
  deployment=$(value .deploymentId)
  version=$(value .version)
}

refused() {
  local why
  why=$(told)
  if [[ $why =~ [Ss]ervice\ port\ ([0-9]+).*\ app\ (/[A-Za-z0-9./-]+) ]]; then
    why="the service port ${BASH_REMATCH[1]} is in use by the app ${BASH_REMATCH[2]}; give one of the two another port ($status)"
  else
    why="$(said "${why:-it gives no reason}") ($status)"
  fi
  if [ -z "$before" ]; then : >"$note"; fi
  fail "Marathon refuses the app $app: $why"
}

# follow: waits until the deployment is gone and the app runs as asked. The first answers may name neither: a deployment begins a moment after it
# was taken.
follow() {
  local quiet=0
  until late "$deadline"; do
    send GET deployments
    if [ "$status" != 200 ] || values '\.[0-9]+\.id' | grep -xF -- "$deployment" >/dev/null; then
      quiet=0
    else
      quiet=$((quiet + 1))
      send GET "apps$app"
      if [ "$status" = 200 ] && is_version "$quiet" && runs; then return 0; fi
    fi
    sleep 0.5
  done
  return 1
}

# is_version QUIET: whether the app has the version that was asked for. Of an app that is as it was before, Marathon keeps the old version. That
# counts where no deployment showed for a number of looks.
is_version() {
  local has
  has=$(value .app.version)
  [ "$has" = "$version" ] || { [ -n "$before" ] && [ "$has" = "$before" ] && [ "$1" -gt 8 ]; }
}

# runs: whether as many instances run as are wanted, none of an older configuration, and all are healthy where that is looked at.
runs() {
  local wanted
  wanted=$(value .app.instances)
  [ -z "$(values '\.app\.deployments\.[0-9]+\.id')" ] || return 1
  [ "$(value .app.tasksRunning)" -ge "$wanted" ] 2>/dev/null || return 1
  # After a change of the number alone a task has an older version than the app, but none that is older than its configuration.
  awk -v since="$(value .app.versionInfo.lastConfigChangeAt)" '
    /^\.app\.tasks\.[0-9]+\.(state|version) / { split($1, at, "."); told[at[4] at[5]] = $2; if (at[5] == "version") tasks[at[4]] = 1 }
    END { for (task in tasks) if (told[task "state"] ~ /^(TASK_RUNNING)?$/ && told[task "version"] < since) exit 1 }' <<<"$facts" || return 1
  [ -z "$(values '\.app\.healthChecks\.[0-9]+\.[^ ]*')" ] || [ "$(value .app.tasksHealthy)" -ge "$wanted" ] 2>/dev/null
}

# reason: prints why Marathon does not deploy the app, in its own words.
reason() {
  local at text='' left running
  send GET "apps$app?embed=apps.lastTaskFailure&embed=app.lastTaskFailure"
  running=$(value .app.tasksRunning)
  text="${running:-0} of $(value .app.instances) instances run, $(value .app.tasksHealthy | grep . || echo 0) are healthy."
  if [ "$(value .app.lastTaskFailure.version)" = "$version" ]; then
    text+=" Its last task ended on $(value .app.lastTaskFailure.host) as $(value .app.lastTaskFailure.state): $(said "$(value .app.lastTaskFailure.message)")."
  fi
  send GET queue
  at=$(sed -nE "s#^\.queue\.([0-9]+)\.app\.id $app\$#\1#p" <<<"$facts" | head -n 1)
  if [ -n "$at" ]; then
    left=$(value ".queue.$at.delay.timeLeftSeconds")
    if [ "${left:-0}" -gt 0 ]; then text+=" Marathon waits another $left s before it starts the next one."; fi
    left=$(declined "$at")
    text+=" Marathon still looks for room for $(value ".queue.$at.count") of them${left:+; of the last offers of the agents it declined $left}."
  fi
  printf '%s\n' "$text"
}

# declined PLACE: prints why the last offers did not suit, such as "3 for InsufficientCpus".
declined() {
  awk -v path=".queue.$1.processedOffersSummary.rejectSummaryLastOffers." '
    index($0, path) == 1 { split(substr($1, length(path) + 1), at, "."); told[at[1] "." at[2]] = $2; if (at[2] == "reason") order[++n] = at[1] }
    END { for (i = 1; i <= n; i++) if (told[order[i] ".declined"] > 0) { printf "%s%s for %s", text ? ", " : "", told[order[i] ".declined"], told[order[i] ".reason"]; text = 1 } }' <<<"$facts"
}

# take_back WHY: undoes what this run did, and fails.
take_back() {
  local end=$((SECONDS + ${RETREAT:-30})) outcome=''
  until [ -n "$outcome" ] || late "$end"; do
    if [ -z "$before" ]; then
      send DELETE "apps$app?force=true"
      if [[ $status = 200 || $status = 404 ]]; then outcome='The new app was removed from Marathon again.'; : >"$note"; fi
    else
      send GET "apps$app"
      if [ "$status" = 200 ] && [ "$(value .app.version)" = "$before" ]; then outcome="Marathon keeps the version $before of it."; break; fi
      send PUT "apps$app?force=true" "{\"version\":\"$before\"}"
      if [[ $status = 200 ]]; then outcome="Marathon was told to go back to the version $before of it."; fi
    fi
    [ -n "$outcome" ] || sleep 1
  done
  fail "$1 ${outcome:-It could not be taken back: the last status was $status. Look at it in Marathon.}"
}

lock_app
look
put
if ! follow; then take_back "the app $app does not run as asked after $deadline s. $(reason)"; fi
: >"$note"
say "the app $app is deployed"
