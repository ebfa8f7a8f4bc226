#!/bin/sh
# Locks every account, and removes the set-user-id bit from programs that a node without passwords does not need.
# compose.d/60-set-id has done this for the files of the packages; this step does it for files that steps created. Each
# change is printed, and recorded in the image.
set -eu
say() {
  echo "ingot: $*"
  echo "$*" >>/usr/lib/ingot/changes
}
awk -F: '$2 !~ /^[!*]/ { print $1 }' /etc/shadow | while read -r user; do
  usermod --lock "$user"
  say "the account $user is locked: it had a password"
done
for file in /etc/sudoers.d/*; do
  mode=$(stat --format=%a "$file")
  [ "$mode" != 440 ] || continue
  chmod 0440 "$file"
  [ "$file" = /etc/sudoers.d/ops ] || say "$file has the mode 0440: sudo requires it, it was $mode"
done
chmod 0700 /root
sh ./find-set-id >/run/ingot-set-id
xargs -0r chmod u-s,g-s </run/ingot-set-id
# One line for each path, whatever characters are in it.
sed -z 's/\n/\\n/g' /run/ingot-set-id | tr '\0' '\n' | while IFS= read -r path; do
  say "$path has lost set-user-id and set-group-id: a step created it, and it is not in setuid-allowed"
done
rm /run/ingot-set-id
