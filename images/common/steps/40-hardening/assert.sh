#!/bin/sh
set -eu
fail() { echo "$*" >&2; exit 1; }

open=$(awk -F: '$2 !~ /^[!*]/ { print $1 }' /etc/shadow)
[ -z "$open" ] || fail "accounts with a password: $open"
left=$(sh ./find-set-id | tr '\0' ' ')
[ -z "$left" ] || fail "programs with set-user-id that setuid-allowed does not name: $left"

# The numbers own files on data partitions; ops may do everything.
/usr/lib/ingot/check/fixed-numbers || fail 'a step has changed a number'
visudo --check --quiet || fail 'sudo finds its rules wrong'
[ "$(runuser -u ops -- sudo -n id -u)" = 0 ] || fail 'ops cannot become root by sudo'

# sshd says itself what is in force.
# The host key is made on the node; to answer at all sshd wants one.
sshd -T -h /run/ingot/host-key >/run/ingot-sshd
for line in 'permitrootlogin without-password' 'passwordauthentication no' 'kbdinteractiveauthentication no' \
  'hostkey /var/lib/ingot/state/ssh/ssh_host_ed25519_key'; do
  grep -qx "$line" /run/ingot-sshd || fail "sshd does not say: $line"
done
rm /run/ingot-sshd

# The locale that the Mesos wrapper exports is there.
locale -a | grep -qx en_US.utf8 || fail 'the locale en_US.UTF-8 is missing'

# The running kernel took every setting: all are asked at once, for under emulation each start of a program counts.
wanted=$(sed -n 's/^\([a-z][^ ]*\) = /\1 = /p' /etc/sysctl.d/60-cluster.conf)
# shellcheck disable=SC2046 # names of settings hold no blanks
found=$(sysctl $(echo "$wanted" | sed 's/ = .*//') 2>&1 | tr '\t' ' ')
differs=$(printf '%s\n' "$wanted" "--" "$found" | awk '
  $0 == "--" { running = 1; next }
  !running { want[++count] = $0; next }
  { found[++said] = $0 }
  END { for (i = 1; i <= count; i++) if (want[i] != found[i]) print "the kernel says " found[i] ", not " want[i] }')
[ -z "$differs" ] || fail "$differs"
