#!/bin/sh
set -eu
fail() { echo "$*" >&2; exit 1; }

open=$(awk -F: '$2 !~ /^[!*]/ { print $1 }' /etc/shadow)
[ -z "$open" ] || fail "accounts with a password: $open"
left=$(sh ./find-set-id | tr '\0' ' ')
[ -z "$left" ] || fail "programs with set-user-id that are not in setuid-allowed: $left"

# These numbers own files on data partitions, so they must not change; ops must be able to become root.
/usr/lib/ingot/check/fixed-numbers || fail 'a step has changed a number'
visudo --check --quiet || fail 'sudo finds errors in its rules'
[ "$(runuser -u ops -- sudo -n id -u)" = 0 ] || fail 'ops cannot become root by sudo'

# sshd -T prints the settings in force. It needs a host key to do so, although the node creates its own.
sshd -T -h /run/ingot/host-key >/run/ingot-sshd
for line in 'permitrootlogin without-password' 'passwordauthentication no' 'kbdinteractiveauthentication no' \
  'hostkey /var/lib/ingot/state/ssh/ssh_host_ed25519_key'; do
  grep -qx "$line" /run/ingot-sshd || fail "sshd does not report: $line"
done
rm /run/ingot-sshd

# The locale that the Mesos wrapper exports must exist.
locale -a | grep -qx en_US.utf8 || fail 'the locale en_US.UTF-8 is missing'

# The kernel must have the modules that the spec names; modules that this loads stay loaded.
if [ -e /etc/modules-load.d/60-cluster.conf ]; then
  said=$(SYSTEMD_LOG_TARGET=console /usr/lib/systemd/systemd-modules-load /etc/modules-load.d/60-cluster.conf 2>&1) || fail "modules: $said"
fi

/usr/lib/ingot/check/sysctls-taken
