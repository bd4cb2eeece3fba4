#!/bin/sh
# Builds the stand-in packages: build.sh TARGET writes TARGET/*.deb.
#
# A folder with DEBIAN/control is one dpkg-deb tree. variants/PACKAGE@VERSION is the same package in another version:
# the tree PACKAGE with the files of the variant laid over it. Packages with units share the scripts in maintainer.
set -eu

target=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$target"

for source in "$here"/*/ "$here"/variants/*/; do
  [ -f "$source/DEBIAN/control" ] || continue
  name=$(basename "$source")
  tree=$work/$name
  cp -R "$here/${name%@*}" "$tree"
  [ "${name%@*}" = "$name" ] || cp -R "$source." "$tree"
  if [ -d "$tree/lib/systemd/system" ]; then
    units=$(cd "$tree/lib/systemd/system" && echo *)
    for script in postinst prerm postrm; do
      sed "s/@UNITS@/$units/" "$here/maintainer/$script" >"$tree/DEBIAN/$script"
    done
  fi
  # All under /etc is a conffile.
  [ ! -d "$tree/etc" ] || (cd "$tree" && find etc -type f -printf '/%p\n' | sort >DEBIAN/conffiles)
  find "$tree" -name __pycache__ -prune -exec rm -r {} +
  find "$tree" -type d -exec chmod 0755 {} +
  find "$tree" -type f -exec chmod 0644 {} +
  # A checkout may drop modes, so they follow from where a file lies.
  find "$tree" -type f \( -path "$tree/usr/bin/*" -o -path "$tree/usr/sbin/*" -o -path "$tree/DEBIAN/p[or]*" \) -exec chmod 0755 {} +
  # Speed before size: the packages travel over a bridge on one machine.
  dpkg-deb --root-owner-group -Zgzip -z1 --build "$tree" "$target" >/dev/null
done
