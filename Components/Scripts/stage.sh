# Writes what this host shall be to a file. Nothing changes by it.
# Values: WANTED
# shellcheck shell=bash
# shellcheck disable=SC2154 # common.sh, in front of this, assigns root, state and init.
alone
if printf '%s' "$WANTED" | put "$state/wanted"; then say "staged"; else say "already staged"; fi
