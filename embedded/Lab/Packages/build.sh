#!/bin/sh
# Builds the stand-in packages: build.sh TARGET writes TARGET/*.deb.
#
# A folder PACKAGE is one dpkg-deb tree. A folder PACKAGE@VERSION is the same package in another version: the tree
# PACKAGE with the files of PACKAGE@VERSION laid over it.
set -eu

target=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$target"

for source in "$here"/*/; do
  name=$(basename "$source")
  tree=$work/$name
  cp -R "$here/${name%@*}" "$tree"
  [ "${name%@*}" = "$name" ] || cp -R "$source." "$tree"
  find "$tree" -name __pycache__ -prune -exec rm -r {} +
  find "$tree" -type d -exec chmod 0755 {} +
  find "$tree" -type f -exec chmod 0644 {} +
  # Programs and maintainer scripts are the files that name their interpreter.
  find "$tree" -type f -exec sh -c 'for f; do [ "$(head -c 2 "$f")" != "#!" ] || chmod 0755 "$f"; done' sh {} +
  # Speed before size: the packages travel over a bridge on one machine.
  dpkg-deb --root-owner-group -Zgzip -z1 --build "$tree" "$target" >/dev/null
done
