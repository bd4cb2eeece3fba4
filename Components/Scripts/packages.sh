# Adds the repository and installs the packages without starting anything. Downloads while somebody else holds dpkg's lock.
# Values: REPO_URL REPO_SUITE REPO_COMPONENT KEY_INLINE KEY_URL KEY_SERVER KEY_FINGERPRINT PACKAGES NEVER
# shellcheck shell=bash
# shellcheck disable=SC2154 # common.sh, in front of this, assigns root, state and init.
alone
work=$(mktemp -d)
policy=$root/usr/sbin/policy-rc.d
mark='# mesos-stack: packages are installed without starting services'

policy_release() {
  if grep -qsF "$mark" "$policy"; then
    rm -f "$policy"
    [ ! -e "$policy.mesos-stack" ] || mv -f "$policy.mesos-stack" "$policy"
  fi
}
trap 'policy_release; rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 143' TERM INT

fetch() {
  if command -v curl >/dev/null; then
    curl -fsSL --connect-timeout 10 --max-time 60 "$1"
  else
    wget -qO- --timeout=30 --tries=1 "$1"
  fi
}

# Runs apt-get again for as long as somebody else holds a lock, ten minutes at most.
get() {
  local until=$((SECONDS + 600)) said=
  # apt of 2020 and later waits by itself, older ones ignore the option.
  until apt-get -y -q -o DPkg::Lock::Timeout=600 -o DPkg::Use-Pty=0 -o DPkg::Options::=--force-confold -o DPkg::Options::=--force-confdef \
    -o Acquire::Retries=3 "$@" >"$work/apt.log" 2>&1; do
    if grep -qE 'Could not get lock|Unable to (acquire|lock)|is another process using it' "$work/apt.log"; then
      [ "$SECONDS" -lt "$until" ] || fail "apt's lock was held by somebody else for 10 minutes: $(tail -n 2 "$work/apt.log")"
      [ -n "$said" ] || say "waiting for apt's lock"
      said=yes
      sleep 1
    elif grep -q 'dpkg --configure -a' "$work/apt.log" && [ ! -e "$work/repaired" ]; then
      say "finishing an installation that was cut off"
      : >"$work/repaired"
      dpkg --configure -a --force-confold >&2
    else
      cat "$work/apt.log" >&2
      return 1
    fi
  done
}

# Whether each package is installed, in the version that is asked for.
installed() {
  local package have
  for package in $PACKAGES; do
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
  if [ -n "$KEY_INLINE" ]; then
    printf '%s\n' "$KEY_INLINE" >"$work/key"
  else
    local address=$KEY_URL try
    # The key server by plain HTTP: the fingerprint is checked below. Asking for it by the full one is what settles which key is meant.
    [ -n "$address" ] || address="http://$KEY_SERVER/pks/lookup?op=get&options=mr&search=0x$KEY_FINGERPRINT"
    for try in 1 2 3 4 5 6; do
      if fetch "$address" >"$work/key" 2>"$work/fetch.log"; then break; fi
      [ "$try" -lt 6 ] || fail "the signing key could not be had from $address: $(tail -n 1 "$work/fetch.log"). Give the key itself (signingKey) or another address (signingKeyUrl)"
      sleep $((try * 2))
    done
  fi
  gpg --batch --quiet --import "$work/key" 2>"$work/gpg.log" || fail "what came as signing key is none: $(tail -n 1 "$work/gpg.log")"
  # The first fpr record after each pub record is the primary key's.
  gpg --batch --with-colons --fingerprint 2>/dev/null | awk -F: '$1 == "pub" { p = 1 } $1 == "fpr" && p { print $10; p = 0 }' >"$work/fingerprints"
  if [ -n "$KEY_FINGERPRINT" ]; then
    grep -qx "$KEY_FINGERPRINT" "$work/fingerprints" || fail "the signing key has the fingerprint $(paste -sd' ' "$work/fingerprints"), not $KEY_FINGERPRINT"
  fi
  # Only that one, where one is named.
  # shellcheck disable=SC2086
  gpg --batch --export $KEY_FINGERPRINT >"$work/key.gpg"
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
  if put "$keyring" <"$work/key.gpg"; then stale=yes; fi
  if put "$root/etc/apt/sources.list.d/mesosphere.list" < <(echo "deb $options${REPO_URL//\{distro\}/$distro} ${REPO_SUITE:-$codename} $REPO_COMPONENT"); then stale=yes; fi
}

# What these scripts themselves need and a small image may lack: Ubuntu 14.04 has no curl, Debian's smallest no gpg.
install_tools() {
  local tools=()
  command -v curl >/dev/null || tools+=(curl ca-certificates)
  command -v gpg >/dev/null || tools+=(gnupg)
  if [ ${#tools[@]} -gt 0 ]; then
    say "installing ${tools[*]}"
    get update
    get install "${tools[@]}" || fail "${tools[*]} could not be installed"
  fi
}

# Held, so that no unattended upgrade restarts a cluster; released for as long as an installation takes.
selections() {
  local package try
  for package in $PACKAGES mesos marathon chronos; do
    if dpkg-query -W -f='${db:Status-Abbrev}' "${package%%=*}" 2>/dev/null | grep '^.i' >/dev/null; then echo "${package%%=*} $1"; fi
  done | sort -u >"$work/selections"
  for ((try = 0; try < 600; try++)); do
    if dpkg --set-selections <"$work/selections" 2>"$work/selections.log"; then return; fi
    sleep 1
  done
  fail "packages cannot be set to $1: $(tail -n 1 "$work/selections.log")"
}

# What holds once the packages are there, whoever installed them.
finish() {
  local daemon
  selections hold
  # Which flags this version knows is wanted by the next steps, and asking takes time.
  for daemon in mesos-master mesos-slave; do
    if [ -x "$root/usr/sbin/$daemon" ]; then
      "$root/usr/sbin/$daemon" --help >"$state/help-$daemon.new" 2>&1 || true
      mv -f "$state/help-$daemon.new" "$state/help-$daemon"
    fi
  done
  # shellcheck disable=SC2086
  hold_back $NEVER
}

install_tools
stale=
add_repository
if [ -n "$stale" ] || ! installed; then
  say "reading the package lists"
  get update
fi

if installed; then
  finish
  say "every package is installed"
  exit 0
fi

# A package's postinst enables its units and fails on one that is masked; until they are masked again, nothing starts by this.
if ! grep -qsF "$mark" "$policy"; then
  [ ! -e "$policy" ] || mv -f "$policy" "$policy.mesos-stack"
  put "$policy" 0755 < <(printf '#!/bin/sh\n%s\nexit 101\n' "$mark")
fi
if [ "$init" = systemd ]; then
  for service in $NEVER; do
    unit=$root/etc/systemd/system/$service.service
    if [ "$(readlink "$unit" || true)" = /dev/null ]; then rm -f "$unit"; fi
  done
else
  # shellcheck disable=SC2086
  hold_back $NEVER
fi

for package in $PACKAGES; do
  apt-cache show "$package" >/dev/null 2>&1 || fail "the repositories have no package $package$(
    apt-cache madison "${package%%=*}" | awk 'NR == 1 { printf "; versions there:" } { printf " %s", $3 }')"
done

# Downloading needs no lock. What fails here is tried again, and told, by the installation itself.
say "downloading packages"
# shellcheck disable=SC2086
get -o Debug::NoLocking=1 --download-only install $PACKAGES 2>/dev/null || true

say "installing packages"
# grep -q would end before dpkg has written all, and dpkg's broken pipe would count as "none is held".
if dpkg --get-selections | grep 'hold$' >/dev/null; then selections install; fi
# shellcheck disable=SC2086
get install $PACKAGES || fail "the packages could not be installed"
finish
say "packages are installed"
