# shellcheck shell=sh
# The golden root on a medium that a BMC attaches (an ISO), copied into memory: the node runs on when the medium is
# detached, and does not wait for it at each read.

# Prints the device whose file system has this label. In the initrd udev creates no links for CDs, so every disk and CD
# is probed.
ingot_device_labelled() {
  for block in "${INGOT_CLASS_BLOCK:-/sys/class/block}"/*; do
    case "${block##*/}" in
      loop* | ram* | zram* | dm-* | fd* | '*') continue ;;
    esac
    [ "$(ingot_probe "${INGOT_DEV:-/dev}/${block##*/}" LABEL)" = "$1" ] || continue
    echo "${INGOT_DEV:-/dev}/${block##*/}"
    return 0
  done
  return 1
}

# Waits for a medium and sets $device. Arguments: its label, for how many seconds at most. A BMC attaches its media
# again when the kernel takes over USB.
ingot_wait_for_medium() {
  waited=0
  until device=$(ingot_device_labelled "$1"); do
    [ "$waited" -lt "$2" ] || return 1
    sleep 1
    waited=$((waited + 1))
  done
}

# Copies both files from a folder into a tmpfs of their size; false if one of them cannot be read.
ingot_copy_golden() {
  umount /run/ingot/fetched 2>/dev/null || true
  bytes=$(($(ingot_size_of "$1/root.squashfs") + $(ingot_size_of "$1/root.verity")))
  mount -t tmpfs -o "mode=0700,size=$((bytes / 1024 + 1024))k" ingot-fetched /run/ingot/fetched
  for file in root.verity root.squashfs; do
    cp "$1/$file" "/run/ingot/fetched/$file" || return 1
  done
}

# Copies the root from the medium and verifies all of it before anything of it is mounted. Arguments: the label, the
# root hash.
ingot_golden_from_medium() {
  memory=$(ingot_argument memory)
  case "$memory" in
    '' | *[!0-9]*) ;;
    *) ingot_check_memory "$memory" ;;
  esac
  modprobe -a -q isofs sr_mod usb-storage uas
  mkdir -p /run/ingot/fetched /run/ingot/medium
  ingot_wait_for_medium "$1" 120 ||
    ingot_refuse "no medium labelled $1 appeared within 120 s; is the ISO of this image still attached?"
  mount -t iso9660 -o ro,nodev,nosuid,noexec "$device" /run/ingot/medium ||
    ingot_refuse "the medium $device cannot be mounted; attach the ISO again"
  round=1
  started=$(ingot_uptime)
  ingot_say "copying the root from $device into memory"
  until ingot_copy_golden /run/ingot/medium/ingot && ingot_prove /run/ingot/fetched "$2"; do
    [ "$round" -lt 2 ] ||
      ingot_refuse "the root on $device does not have the root hash $2, even after reading it twice; attach the ISO again, or write it again"
    round=$((round + 1))
    ingot_say "what was read from $device does not have the root hash $2: reading it again"
  done
  ingot_say "the root was copied and verified in $(($(ingot_uptime) - started)) s; the medium can be detached when the node has booted"
  umount /run/ingot/medium
  ingot_mark fetch
}

# Prints the device of a second medium, which has the cluster seed, or nothing.
ingot_seed_medium() {
  ingot_device_labelled cidata || ingot_device_labelled CIDATA || true
}
