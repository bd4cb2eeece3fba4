# Installs the packages that a description names, without starting anything of them. It waits for the end of the host's first boot, and adds the repository.
# It downloads while another process holds dpkg's lock.
#
#   fact  repository url URL           the Debian repository; {distro} stands for the host's distribution
#   fact  repository suite SUITE       its suite; without this fact the host's code name
#   fact  repository component NAME    its component
#   fact  signing-key text LINE        a line of its key
#   fact  signing-key url URL          where its key is
#   fact  signing-key server HOST      a key server that has its key
#   fact  signing-key fingerprint HEX  the fingerprint that its key must have
#   fact  package NAME[=VERSION]       the package is installed and held
#   fact  disabled NAME                the service never runs
# shellcheck shell=bash source-path=SCRIPTDIR source=common.sh
. ./common.sh

repository=
suite=
component=
key_text=
key_url=
key_server=
key_fingerprint=
packages=()
disabled=()
list=$root/etc/apt/sources.list.d/mesosphere.list
repository_line=
while read -r fact one two; do
  case "$fact $one" in
    'repository url') repository=$two ;;
    'repository suite') suite=$two ;;
    'repository component') component=$two ;;
    'signing-key text') key_text+=$two$'\n' ;;
    'signing-key url') key_url=$two ;;
    'signing-key server') key_server=$two ;;
    'signing-key fingerprint') key_fingerprint=$two ;;
    'package '*) packages+=("$one") ;;
    'disabled '*) disabled+=("$one") ;;
    ' ') ;;
    *) fail "this script does not know the fact '$fact $one'; run the update once more" ;;
  esac
done
if [ -z "$repository" ] || [ ${#packages[@]} = 0 ]; then fail "the description on standard input is not whole"; fi

# cloud-init installs packages of its own.
if command -v cloud-init >/dev/null; then
  say "waiting for cloud-init"
  if cloud-init status --help >/dev/null 2>&1; then
    # With status 1 or 2 cloud-init ended with errors. The steps that follow check what this cluster needs.
    timeout 600 cloud-init status --wait >/dev/null 2>&1 || { code=$?; [ "$code" -le 2 ] || fail "cloud-init did not end within 10 minutes"; }
  else
    # Before version 17.1 cloud-init leaves nothing but this file.
    until [ -e "$root/var/lib/cloud/instance/boot-finished" ]; do
      [ "$SECONDS" -lt 600 ] || fail "cloud-init did not end within 10 minutes"
      sleep 1
    done
  fi
fi

lock_host

# needrestart would restart the daemons of this cluster, whose turn is later.
export NEEDRESTART_SUSPEND=yes
work=$(mktemp -d)
policy=$root/usr/sbin/policy-rc.d
mark='# mesos-stack: packages are installed without starting services'

policy_release() {
  if grep -qsF "$mark" "$policy"; then
    rm -f "$policy"
    [ ! -e "$policy.mesos-stack" ] || mv -f "$policy.mesos-stack" "$policy"
  fi
}

# Puts back the holds of an installation that failed.
hold_again() {
  if [ -s "$work/held" ]; then dpkg --set-selections <"$work/held" || say "these packages are no longer held: $(cut -d' ' -f1 <"$work/held" | paste -sd' ')"; fi
}
trap 'hold_again; policy_release; rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 143' TERM INT

fetch() {
  if command -v curl >/dev/null; then
    curl -fsSL --connect-timeout 10 --max-time 60 "$1"
  else
    wget -qO- --timeout=30 --tries=1 "$1"
  fi
}

# get ARGUMENT...: runs apt-get, and runs it again while another process holds a lock, for ten minutes at most.
get() {
  local until=$((SECONDS + 600)) said=
  # apt of 2020 and later waits by itself. An older apt ignores the option.
  until apt-get -y -q -o DPkg::Lock::Timeout=600 -o DPkg::Use-Pty=0 -o DPkg::Options::=--force-confold -o DPkg::Options::=--force-confdef \
    -o Acquire::Retries=3 "$@" >"$work/apt.log" 2>&1; do
    if grep -qE 'Could not get lock|Unable to (acquire|lock)|is another process using it' "$work/apt.log"; then
      [ "$SECONDS" -lt "$until" ] || fail "apt's lock was held by another process for 10 minutes: $(tail -n 2 "$work/apt.log")"
      [ -n "$said" ] || say "waiting for apt's lock"
      said=yes
      sleep 1
    elif grep -q 'dpkg --configure -a' "$work/apt.log" && [ ! -e "$work/repaired" ]; then
      say "finishing an installation that was cut off"
      : >"$work/repaired"
      dpkg --configure -a --force-confold >&2
    else
      refuse_two_keys
      cat "$work/apt.log" >&2
      return 1
    fi
  done
}

# Fails where apt reads no list, because this repository stands in two files, each with a key of its own.
refuse_two_keys() {
  local source files
  source=$(sed -nE 's/^E: Conflicting values set for option Signed-By regarding source ([^ ]+) .*/\1/p' "$work/apt.log" | head -n 1)
  [ -n "$source" ] || return 0
  files=$(grep -lsF "${source%/}" "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/*.list "$root"/etc/apt/sources.list.d/*.sources | paste -sd' ')
  fail "apt reads no list of packages, because files name different keys for the repository $source: $files. This program writes $list: remove the repository from the other file, then run the update again"
}

# update: reads the package lists. apt-get ends well where a repository did not answer, and goes on with an old list or none; from version 2.1 on it can be told not to.
update() {
  local faults failed=
  get update -o APT::Update::Error-Mode=any || failed=yes
  faults=$(grep -E '^[EW]: (Failed to fetch|GPG error|An error occurred during the signature verification|The repository )' "$work/apt.log" | cut -c4-400 | head -n 5 | paste -sd';' || true)
  if [ -n "$failed" ] || [ -n "$faults" ]; then
    fail "the package lists could not be read: ${faults:-$(tail -n 3 "$work/apt.log")}. The repository of this cluster is ${repository_line:-not added yet}; mend what does not answer, or remove it from /etc/apt, then run the update again"
  fi
}

# Whether each package is installed, in the version that is asked for.
installed() {
  local package have
  for package in "${packages[@]}"; do
    have=$(dpkg-query -W -f='${db:Status-Abbrev}=${Version}' "${package%%=*}" 2>/dev/null | tr -d ' ') || return 1
    case $package in
      *=*) [ "${have#*=}" = "${package#*=}" ] || return 1 ;;
    esac
    case $have in ?i=*) ;; *) return 1 ;; esac
  done
}

import_key() {
  export GNUPGHOME=$work/gnupg
  mkdir -m 0700 "$GNUPGHOME"
  if [ -n "$key_text" ]; then
    printf '%s' "$key_text" >"$work/key"
  else
    local from=$key_url try
    # Plain HTTP will do, because the fingerprint is checked below.
    [ -n "$from" ] || from="http://$key_server/pks/lookup?op=get&options=mr&search=0x$key_fingerprint"
    for try in 1 2 3 4 5 6; do
      if fetch "$from" >"$work/key" 2>"$work/fetch.log"; then break; fi
      [ "$try" -lt 6 ] || fail "the signing key could not be had from $from: $(tail -n 1 "$work/fetch.log"). Give the key itself (signingKey) or another address (signingKeyUrl)"
      sleep $((try * 2))
    done
  fi
  gpg --batch --quiet --import "$work/key" 2>"$work/gpg.log" || fail "what came as signing key is none: $(tail -n 1 "$work/gpg.log")"
  # The first fpr record after each pub record is the primary key's.
  gpg --batch --with-colons --fingerprint 2>/dev/null | awk -F: '$1 == "pub" { p = 1 } $1 == "fpr" && p { print $10; p = 0 }' >"$work/fingerprints"
  if [ -n "$key_fingerprint" ]; then
    grep -qx "$key_fingerprint" "$work/fingerprints" || fail "the signing key has the fingerprint $(paste -sd' ' "$work/fingerprints"), not $key_fingerprint"
  fi
  # If a fingerprint is named, the keyring holds that key only.
  # shellcheck disable=SC2086
  gpg --batch --export $key_fingerprint >"$work/key.gpg"
}

add_repository() {
  local distro codename keyring options=
  distro=$(lsb_release -is 2>/dev/null || sed -n 's/^ID=//p' /etc/os-release | tr -d '"')
  distro=${distro,,}
  codename=$(lsb_release -cs 2>/dev/null || sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  import_key
  # From 1.1 on apt trusts a key for one repository only.
  if dpkg --compare-versions "$(dpkg-query -W -f='${Version}' apt)" ge 1.1; then
    keyring=$root/usr/share/keyrings/mesos-stack.gpg
    options="[signed-by=$keyring] "
  else
    keyring=$root/etc/apt/trusted.gpg.d/mesos-stack.gpg
  fi
  # The key is binary, and write_file takes text only.
  if ! cmp -s "$work/key.gpg" "$keyring"; then
    install -D -m 0644 "$work/key.gpg" "$keyring.new"
    mv -f "$keyring.new" "$keyring"
    stale=yes
  fi
  repository_line="${repository//\{distro\}/$distro} ${suite:-$codename} $component"
  if write_file "$list" "deb $options$repository_line"$'\n'; then stale=yes; fi
}

# These scripts need curl and gpg. Ubuntu 14.04 lacks curl, and Debian's smallest image lacks gpg.
install_tools() {
  local tools=()
  command -v curl >/dev/null || tools+=(curl ca-certificates)
  command -v gpg >/dev/null || tools+=(gnupg)
  if [ ${#tools[@]} -gt 0 ]; then
    say "installing ${tools[*]}"
    update
    get install "${tools[@]}" || fail "${tools[*]} could not be installed"
  fi
}

# selections STATE: sets the packages to "hold", so that no unattended upgrade restarts a cluster, or to "install", so that this script can install them.
selections() {
  local package try
  for package in "${packages[@]}" mesos marathon chronos; do
    if dpkg-query -W -f='${db:Status-Abbrev}' "${package%%=*}" 2>/dev/null | grep '^.i' >/dev/null; then echo "${package%%=*} $1"; fi
  done | sort -u >"$work/selections"
  for ((try = 0; try < 600; try++)); do
    if dpkg --set-selections <"$work/selections" 2>"$work/selections.log"; then return; fi
    sleep 1
  done
  fail "packages cannot be set to $1: $(tail -n 1 "$work/selections.log")"
}

# Starts the daemons of this host that have ended, on a host that is as it was described. A master changes only while all others are healthy, so a daemon that
# ended would keep every other master from its turn, and this one, whose turn comes later, from being mended.
start_ended() {
  local text line daemons=() live ended=()
  if [ ! -e "$state/description" ] || [ -e "$state/pending" ]; then return; fi
  read_text text "$state/description"
  while read -r line; do
    if [[ $line = 'daemon '* ]]; then
      line=${line#daemon }
      daemons+=("${line%% *}")
    fi
  done <<<"$text"
  [ ${#daemons[@]} -gt 0 ] || return 0
  live=$'\n'$(running "${daemons[@]}")$'\n'
  for line in "${daemons[@]}"; do
    if [[ $live != *$'\n'"$line"$'\n'* ]]; then ended+=("$line"); fi
  done
  if [ ${#ended[@]} -gt 0 ]; then
    say "starting ${ended[*]}, which had ended"
    restart "${ended[@]}" || say "${ended[*]}: not every one of them starts"
  fi
}

# The rest of the work, once the packages are installed.
finish() {
  local daemon
  selections hold
  rm -f "$work/held"
  start_ended
  # The next step looks at which flags this version knows. Asking a daemon takes time, so it is done here, on all hosts at once.
  for daemon in mesos-master mesos-slave; do
    if [ -x "$root/usr/sbin/$daemon" ]; then
      "$root/usr/sbin/$daemon" --help >"$state/help-$daemon.new" 2>&1 || true
      mv -f "$state/help-$daemon.new" "$state/help-$daemon"
    fi
  done
  disable "${disabled[@]}"
}

install_tools
stale=
add_repository
if [ -n "$stale" ] || ! installed; then
  say "reading the package lists"
  update
fi

if installed; then
  finish
  say "every package is installed"
  exit 0
fi

# While this file is there, no package starts a service.
if ! grep -qsF "$mark" "$policy"; then
  [ ! -e "$policy" ] || mv -f "$policy" "$policy.mesos-stack"
  write_file "$policy" $'#!/bin/sh\n'"$mark"$'\nexit 101\n' 0755
fi
allow_installation "${disabled[@]}"

for package in "${packages[@]}"; do
  apt-cache show "$package" >/dev/null 2>&1 || fail "the repositories have no package $package$(
    apt-cache madison "${package%%=*}" | awk 'NR == 1 { printf "; versions there:" } { printf " %s", $3 }')"
done

# A download needs no lock. An error here does not matter, because the installation downloads again and reports it.
say "downloading packages"
get -o Debug::NoLocking=1 --download-only install "${packages[@]}" 2>/dev/null || true

say "installing packages"
# An exact version may be an older one. apt before 1.1 does not know the option.
downgrade=()
if [[ " ${packages[*]}" = *=* ]] && dpkg --compare-versions "$(dpkg-query -W -f='${Version}' apt)" ge 1.1; then downgrade=(--allow-downgrades); fi
dpkg --get-selections | awk '$2 == "hold" { print $1, $2 }' >"$work/held"
if [ -s "$work/held" ]; then selections install; fi
get ${downgrade[@]+"${downgrade[@]}"} install "${packages[@]}" || fail "the packages could not be installed"
finish
say "packages are installed"
