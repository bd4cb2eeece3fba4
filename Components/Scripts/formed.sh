# Notes on a master that its cluster was whole once: from now on it changes only while all others are healthy.
# shellcheck shell=bash
# shellcheck disable=SC2154 # common.sh, in front of this, assigns root, state and init.
put "$state/formed" < <(echo "this master is part of a living cluster") || true
say "formed"
