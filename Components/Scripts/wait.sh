# Waits until the host's own first boot is through.
# shellcheck shell=bash
# shellcheck disable=SC2154 # common.sh, in front of this, assigns root, state and init.
if command -v cloud-init >/dev/null; then
  say "waiting for cloud-init"
  if cloud-init status --help >/dev/null 2>&1; then
    # 1 and 2 say that cloud-init ended with errors. What this cluster needs is checked by the steps that follow.
    timeout 600 cloud-init status --wait >/dev/null 2>&1 || { code=$?; [ "$code" -le 2 ] || fail "cloud-init did not end within 10 minutes"; }
  else
    # Before version 17.1 there is only this mark.
    until [ -e "$root/var/lib/cloud/instance/boot-finished" ]; do
      [ "$SECONDS" -lt 600 ] || fail "cloud-init did not end within 10 minutes"
      sleep 1
    done
  fi
fi
say "ready for packages"
