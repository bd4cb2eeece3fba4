#!/bin/sh
# Runs one droplet until it is powered off, and starts it again when it reboots: droplet.sh RUN ROOT MACHINE NETNS LINK...
#   RUN  folder for console.log, pid ("PID START-TIME" of this script), nspawn.pid, and exit (the last exit code)
#   LINK the droplet's network cables: plugged in while it runs, so that a host that is off answers nothing
# Started detached, so that droplets survive the death of the daemon.
set -u
run=$1
root=$2
machine=$3
netns=$4
shift 4
links=$*

cables() {
  for link in $links; do ip link set "$link" "$1"; done
}

exec >>"$run/console.log" 2>&1 </dev/null
rm -f "$run/exit"
# Field 22 of stat tells this process from a later one of the same number; the command name has no spaces here.
echo "$$ $(cut -d' ' -f22 "/proc/$$/stat")" >"$run/pid.new"
mv "$run/pid.new" "$run/pid"

set --
if [ -d /run/systemd/system ]; then
  : # nspawn asks systemd for a scope of its own
else
  set -- --keep-unit
  # A control group of its own: else the systemds of all droplets would share one tree and meet each other's processes.
  # Version 2 has one hierarchy, whose folders are groups, those of other droplets among them; in version 1 each folder is one.
  hierarchies=/sys/fs/cgroup
  [ -f /sys/fs/cgroup/cgroup.controllers ] || hierarchies='/sys/fs/cgroup /sys/fs/cgroup/*'
  for hierarchy in $hierarchies; do
    [ -f "$hierarchy/cgroup.procs" ] || continue
    mkdir -p "$hierarchy/$machine" || continue
    case $hierarchy in
      */cpuset) cat "$hierarchy/cpuset.cpus" >"$hierarchy/$machine/cpuset.cpus" && cat "$hierarchy/cpuset.mems" >"$hierarchy/$machine/cpuset.mems" ;;
    esac
    echo $$ >"$hierarchy/$machine/cgroup.procs"
  done
fi

cables up

# No CAP_NET_ADMIN inside: the firewall in the droplet's network namespace is the lab's.
# 133 is nspawn's way to say "rebooted, start me again" where it must keep the unit it runs in.
while :; do
  echo "mesos-stack lab: booting $machine"
  systemd-nspawn --quiet --register=no --directory="$root" --machine="$machine" --boot \
    --network-namespace-path="$netns" --resolv-conf=off --timezone=off --link-journal=no --console=read-only "$@" &
  nspawn=$!
  echo "$nspawn" >"$run/nspawn.pid"
  wait "$nspawn"
  code=$?
  [ "$code" -eq 133 ] || break
done
cables down
echo "mesos-stack lab: $machine ended with code $code"
echo "$code" >"$run/exit"
