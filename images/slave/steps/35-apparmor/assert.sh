#!/bin/sh
set -eu
for profile in /etc/apparmor.d/*; do
  [ -f "$profile" ] || continue
  [ -s "$(echo /var/cache/apparmor/*/"${profile##*/}")" ] || { echo "$profile is not compiled" >&2; exit 1; }
done
