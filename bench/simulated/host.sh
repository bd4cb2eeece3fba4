#!/bin/sh
# Answers one session as a host of the cluster would: sshd's ForceCommand for every address. $1 is the folder that has a folder
# for each living host, named after its address.
# The order of the session is in SSH_ORIGINAL_COMMAND, the address that was called in SSH_CONNECTION.
set -eu

fail() {
  printf 'simulated host: %s\n' "$1" >&2
  exit 1
}

# shellcheck disable=SC2086 # four words
host=$1/$(set -- $SSH_CONNECTION && printf %s "$3")
[ -d "$host" ] || fail "nobody has this address"
command=${SSH_ORIGINAL_COMMAND-}

# A host reads what it is told to the end.
listen() {
  wc -c
}

case $command in
  /usr/lib/openssh/sftp-server)
    # Each host has a /usr/local/lib of its own, and this machine's stays as it is.
    # shellcheck disable=SC2016 # the inner shell's
    exec unshare --mount sh -c 'mount --bind "$1" /usr/local/lib && exec /usr/lib/openssh/sftp-server' sh "$host"
    ;;
  true)
    ;;
  'cd /usr/local/lib/mesos-stack && sha256sum --quiet --strict --check SHA256SUMS && bash '*.sh*)
    cd "$host/mesos-stack" && sha256sum --quiet --strict --check SHA256SUMS
    script=${command##*&& bash }
    script=${script%% *}
    [ -f "$script" ] || fail "there is no $script"
    printf '%s: done (%d bytes read)\n' "$script" "$(listen)"
    ;;
  *)
    # A whole script; its last line but the blank ones says what it does.
    printf 'done (%d bytes read)\n' "$(listen)"
    ;;
esac
