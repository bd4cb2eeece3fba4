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

# What a script says on a new host, once it has read its description to the end.
speak() {
  case $1 in
    packages.sh)
      cat >/dev/null
      printf '%s\n' 'reading the package lists' 'downloading packages' 'installing packages' 'packages are installed'
      ;;
    configuration.sh)
      printf 'changed:\n'
      sed -nE 's/^(file|line|flag) ([^ ]+).*/  \2/p' | uniq
      printf '%s\n' 'starting its daemons' 'started'
      ;;
    app-delete.sh)
      printf 'the app is removed\n'
      ;;
    readiness.sh | drain.sh | app.sh)
      printf 'done: %d bytes were read\n' "$(wc -c)"
      ;;
    *)
      fail "there is no script $1"
      ;;
  esac
}

case $command in
  /usr/lib/openssh/sftp-server)
    # Each host has a /usr/local/lib of its own, and this machine's stays as it is.
    # shellcheck disable=SC2016 # the inner shell's
    exec unshare --mount sh -c 'mount --bind "$1" /usr/local/lib && exec /usr/lib/openssh/sftp-server' sh "$host"
    ;;
  true)
    # The engine's question whether anybody is there.
    ;;
  *'cd /usr/local/lib/mesos-stack && sha256sum --quiet --strict --check SHA256SUMS && bash '*)
    cd "$host/mesos-stack"
    sha256sum --quiet --strict --check SHA256SUMS
    script=${command##*&& bash }
    speak "${script%% *}" >&2
    printf 'mesos-stack:done\n'
    # The embedded provider ends each command with a word of its own.
    case $command in
      *'&& printf %s '*) printf %s "${command##* }" ;;
    esac
    ;;
  *)
    fail "a host is not told to run: $command"
    ;;
esac
