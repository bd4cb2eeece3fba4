#!/bin/sh
# Builds the base image of the lab's droplets: base-image.sh TARGET DEBS
#   TARGET  folder to make the Debian 12 tree in
#   DEBS    folder that gets the packages droplets install themselves (zookeeper, zookeeperd)
# The sources are this machine's own where it has Debian 12 sources, else mmdebstrap's default mirror.
# The text of this file is part of the image's cache key: any edit leads to a new image.
set -eu
target=$1
debs=$2

# Everything zookeeper and zookeeperd depend on, but not themselves: a cloud image carries its own basics.
packages=systemd,systemd-sysv,dbus,openssh-server,iproute2,iputils-ping,netcat-openbsd,sudo,lsb-release,gnupg,curl,ca-certificates
packages=$packages,procps,less,nano,adduser,python3,python3-kazoo,default-jre,libzookeeper-java

mkdir -p "$target" "$debs"
sources=$(mktemp)
trap 'rm -f "$sources"' EXIT
# shellcheck disable=SC2016 # apt-get expands these, not the shell
apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
  grep -E '^deb [^ ]+/debian(-security)?/? bookworm' | sort -u >"$sources" || true

set -- bookworm "$target"
if [ -s "$sources" ]; then set -- "$@" "$sources"; fi

# force-unsafe-io: nobody misses a droplet after a power cut. The manual's folders must exist, since the JRE links into them.
# shellcheck disable=SC2016 # the hooks expand these
mmdebstrap --verbose --mode=root --variant=minbase --format=directory --skip=check/qemu \
  --include="$packages" \
  --setup-hook='mkdir -p "$1/usr/share/man/man1" "$1/usr/share/man/man5" "$1/usr/share/man/man7" "$1/usr/share/man/man8"' \
  --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/man/*/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
  --aptopt='Acquire::http::Pipeline-Depth "0"' \
  --customize-hook="cd '$debs' && APT_CONFIG=\$MMDEBSTRAP_APT_CONFIG apt-get -q download zookeeper zookeeperd" \
  "$@"

# Sources, keys and names are written for each droplet.
rm -f "$target"/etc/apt/sources.list "$target"/etc/apt/sources.list.d/* "$target"/etc/ssh/ssh_host_* "$target"/etc/hostname
rm -f "$target"/etc/resolv.conf
: >"$target/etc/resolv.conf"
: >"$target/etc/machine-id"
ln -sf /usr/share/zoneinfo/Etc/UTC "$target/etc/localtime"

# Consoles and housekeeping that nobody uses in a droplet of the lab, and that cost boot time on two cores.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer e2scrub_all.timer e2scrub_reap.service \
  systemd-tmpfiles-clean.timer motd-news.timer getty@.service console-getty.service container-getty@.service \
  systemd-networkd.service systemd-networkd-wait-online.service systemd-timesyncd.service systemd-resolved.service \
  systemd-hwdb-update.service systemd-udev-trigger.service systemd-udevd.service systemd-update-utmp.service \
  systemd-update-utmp-runlevel.service systemd-firstboot.service systemd-random-seed.service systemd-pstore.service \
  systemd-binfmt.service systemd-remount-fs.service sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount \
  dev-mqueue.mount proc-sys-fs-binfmt_misc.automount; do
  ln -sf /dev/null "$target/etc/systemd/system/$unit"
done
ln -sf /lib/systemd/system/multi-user.target "$target/etc/systemd/system/default.target"

# Generators run at boot and whenever systemd reads its units again, which installing a package does several times over.
# Only the one for init scripts finds anything here (ZooKeeper's).
mkdir -p "$target/etc/systemd/system-generators"
for generator in "$target"/usr/lib/systemd/system-generators/*; do
  generator=${generator##*/}
  [ "$generator" = systemd-sysv-generator ] || ln -sf /dev/null "$target/etc/systemd/system-generators/$generator"
done

mkdir -p "$target/etc/ssh/sshd_config.d" "$target/usr/lib/mesos-stack-lab"
cat >"$target/etc/ssh/sshd_config.d/lab.conf" <<'EOF'
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
UseDNS no
MaxStartups 60:30:200
EOF

# A cloud image upgrades itself on first boot and so keeps apt waiting; the lab's droplets only hold the locks, in the order in
# which an upgrade has them. For dpkg's apt can be told to wait; with that of the package lists it fails at once.
cat >"$target/usr/lib/mesos-stack-lab/first-boot-upgrade" <<'EOF'
#!/usr/bin/python3
"""Stand-in of a first-boot upgrade: holds the locks of apt and dpkg from before sshd answers until HOLD seconds after."""
import fcntl, os, socket, sys, time

hold = float(os.environ.get("HOLD", "20"))
lists = open("/var/lib/apt/lists/lock", "w")
others = [open(p, "w") for p in ("/var/cache/apt/archives/lock", "/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock")]
for lock in [lists, *others]:
    fcntl.lockf(lock, fcntl.LOCK_EX)
notify = os.environ.get("NOTIFY_SOCKET")
if notify:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.connect("\0" + notify[1:] if notify[0] == "@" else notify)
        s.send(b"READY=1")
deadline = time.monotonic() + 120
while time.monotonic() < deadline:
    try:
        socket.create_connection(("127.0.0.1", 22), 1).close()
        break
    except OSError:
        time.sleep(0.2)
time.sleep(hold / 2)
lists.close()
time.sleep(hold / 2)
open("/var/lib/mesos-stack-lab/first-boot-done", "w").close()
EOF
chmod 0755 "$target/usr/lib/mesos-stack-lab/first-boot-upgrade"
mkdir -p "$target/var/lib/mesos-stack-lab"
cat >"$target/etc/systemd/system/lab-first-boot-upgrade.service" <<'EOF'
[Unit]
Description=Stand-in of a first-boot upgrade (holds the apt lock)
ConditionPathExists=!/var/lib/mesos-stack-lab/first-boot-done
Before=ssh.service

[Service]
Type=notify
EnvironmentFile=-/etc/default/lab-first-boot-upgrade
ExecStart=/usr/lib/mesos-stack-lab/first-boot-upgrade

[Install]
WantedBy=multi-user.target
EOF
ln -sf /etc/systemd/system/lab-first-boot-upgrade.service \
  "$target/etc/systemd/system/multi-user.target.wants/lab-first-boot-upgrade.service"
