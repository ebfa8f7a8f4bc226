#!/bin/sh
# Locks every account and takes the set-user-id bit from programs that a node without passwords has no use for. compose.d/60-set-id has
# done so with what the packages brought; here it is what the steps made. All that is changed is said, and noted in the image.
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
  [ "$file" = /etc/sudoers.d/ops ] || say "$file has the mode 0440: sudo wants it, it was $mode"
done
chmod 0700 /root
sh ./find-set-id >/run/ingot-set-id
xargs -0r chmod u-s,g-s </run/ingot-set-id
# A line for each, whatever is in a name.
sed -z 's/\n/\\n/g' /run/ingot-set-id | tr '\0' '\n' | while IFS= read -r path; do
  say "$path has lost set-user-id and set-group-id: a step made it, and it is not in setuid-allowed"
done
rm /run/ingot-set-id
