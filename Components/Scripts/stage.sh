# Writes what this host shall be to a file, whole. Nothing changes by it, so it need not wait for the packages' turn.
# Values: WANTED
# shellcheck shell=bash
# shellcheck disable=SC2154 # common.sh, in front of this, assigns root, state and init.
if put "$state/wanted" < <(printf '%s' "$WANTED"); then say "staged"; else say "already staged"; fi
