# shellcheck shell=sh
# The golden root, opened through dm-verity, which verifies every block that is read.

# Waits until udev has created the device, for at most the given number of seconds (udevadm(8)). Its links below
# /dev/disk appear when it is done with a device; other names may be the kernel's.
ingot_wait_for() {
  case $1 in
    /dev/disk/*) [ ! -e "$1" ] || return 0 ;;
  esac
  udevadm wait --timeout="$2" "$1" >/dev/null 2>&1
}

# Finds the folder with root.squashfs and root.verity on the boot partition, and sets $golden to it. Arguments: file
# system id, slot (a, b or nothing).
ingot_golden_from_disk() {
  esp=/dev/disk/by-uuid/$1
  ingot_wait_for "$esp" 60 || ingot_refuse "no partition with the file system id $1; is the disk of this image attached?"
  mount -t vfat -o ro,umask=0077 "$esp" /run/ingot/esp || ingot_refuse "the boot partition $esp cannot be mounted"
  golden=/run/ingot/esp${2:+/$2}
  for file in root.squashfs root.verity; do
    [ -f "$golden/$file" ] || ingot_refuse "$file is missing on the boot partition${2:+ in slot $2}; write the image to the disk again"
  done
}

# Opens /dev/mapper/ingot-root. Arguments: folder of the two files, root hash. If it fails, the console shows the
# reason.
ingot_open_golden() {
  data=$(/usr/lib/ingot/losetup --find --show --read-only "$1/root.squashfs") || ingot_refuse "no loop device for root.squashfs"
  tree=$(/usr/lib/ingot/losetup --find --show --read-only "$1/root.verity") || ingot_refuse "no loop device for root.verity"
  if ! veritysetup open "$data" ingot-root "$tree" "$2"; then
    /usr/lib/ingot/losetup --detach "$data" "$tree"
    return 1
  fi
}

# Opens the root and reads all of it, so that the kernel verifies every block. It bypasses the page cache, because the
# root is already in memory.
ingot_prove() {
  started=$(ingot_uptime)
  ingot_open_golden "$1" "$2" || return 1
  if ! dd if=/dev/mapper/ingot-root of=/dev/null bs=1M iflag=direct 2>/run/ingot/prove.log; then
    # udev probes a new device; until it is done, the device is busy.
    udevadm settle
    veritysetup close ingot-root
    /usr/lib/ingot/losetup --detach "$data" "$tree"
    return 1
  fi
  ingot_mark proof
  ingot_say "the whole root was verified in $(($(ingot_uptime) - started)) s"
}

ingot_mount_golden() {
  mount -t squashfs -o ro /dev/mapper/ingot-root /run/ingot/lower ||
    ingot_refuse "the root is damaged (root hash $1); write the image to the disk again"
  ingot_say "root verified by dm-verity, root hash $1"
}
