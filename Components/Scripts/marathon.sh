# Asks the Marathon of this host, which hands a request on to the leading one. It needs curl and awk.
# shellcheck shell=bash

api=http://127.0.0.1:8080/v2

# send METHOD PATH [BODY]: sets `status`, which is 000 where nobody answers, and `facts`, the answer's values by their paths. The body may be of any size.
send() {
  local answer sent=()
  if [ $# -gt 2 ]; then sent=(-H 'Content-Type: application/json' --data-binary @-); fi
  answer=$(printf '%s' "${3-}" | curl -sS -L --post301 --post302 --connect-timeout 5 --max-time 30 -w '\n%{http_code}' -X "$1" ${sent[@]+"${sent[@]}"} "$api/$2" 2>/dev/null || true)
  status=${answer##*$'\n'}
  [[ $status =~ ^[0-9]{3}$ ]] || status=000
  facts=$(flat <<<"${answer%$'\n'*}")
}

# flat: prints the JSON of standard input as lines such as `.app.tasks.0.host 10.0.0.1`. Texts keep their escapes.
flat() {
  { grep -oE '"([^"\\]|\\.)*"|[][{},:]|[^][{},:"[:space:]]+' || true; } | awk '
    function bare(token) { return token ~ /^"/ ? substr(token, 2, length(token) - 2) : token }
    $0 == "{" || $0 == "[" { list[++depth] = ($0 == "["); name[depth] = list[depth] ? 0 : ""; named[depth] = list[depth]; next }
    $0 == "}" || $0 == "]" { depth--; next }
    $0 == "," { if (list[depth]) name[depth]++; else named[depth] = 0; next }
    $0 == ":" { next }
    !named[depth] { name[depth] = bare($0); named[depth] = 1; next }
    { path = ""; for (i = 1; i <= depth; i++) path = path "." name[i]; print path " " bare($0) }'
}

# value PATH: prints the value of the last answer at a path; nothing where there is none.
value() { awk -v path="$1 " 'index($0, path) == 1 { print substr($0, length(path) + 1); exit }' <<<"$facts"; }

# values PATTERN: prints all values whose paths match an extended regular expression, one a line.
values() { sed -nE "s/^$1 //p" <<<"$facts"; }

# answered: whether the last status is an answer of a Marathon that leads or knows the leader.
answered() { [[ $status != 000 && $status != 50[234] ]]; }

# told: prints what the last answer gives as the reason.
told() { values '\.(message|details\.[0-9]+\.(path|errors\.[0-9]+))' | paste -sd ' ' | cut -c 1-1000; }
