# shellcheck shell=sh
# State: the file system labelled ingot-data, or memory.

# Seconds to wait for the disk with the state: 10 from the moment given (whole seconds of uptime), none where no disk can be.
ingot_state_patience() {
  for controller in /sys/class/scsi_host/* /sys/class/nvme/* /sys/block/[!lrd]*; do
    [ -e "$controller" ] || continue
    left=$(($1 + 10 - $(ingot_uptime)))
    echo $((left > 1 ? left : 1))
    return 0
  done
  echo 0
}

# State outlives the boot only on a disk; without one it is kept in memory and /run/ingot/diskless says why. Argument: seconds to wait for it.
ingot_mount_state() {
  state=${rootmnt:?}/var/lib/ingot/state
  partition=/dev/disk/by-label/ingot-data
  mkdir -p "$state"
  if ! ingot_wait_for "$partition" "$1"; then
    echo "no partition labelled ingot-data" >/run/ingot/diskless
  else
    checked=0
    e2fsck -p "$partition" >/dev/console 2>&1 || checked=$?
    # e2fsck(8): 1 is "errors corrected".
    if [ "$checked" -gt 1 ]; then
      echo "the file system on $partition needs repair by hand: e2fsck ended with $checked" >/run/ingot/diskless
    elif ! mount -t ext4 -o nodev,nosuid,noatime "$partition" "$state"; then
      echo "the file system on $partition cannot be mounted" >/run/ingot/diskless
    fi
  fi
  if [ -e /run/ingot/diskless ]; then
    ingot_say "state is kept in memory: $(cat /run/ingot/diskless)"
    mount -t tmpfs -o nodev,nosuid,mode=0755 ingot-state "$state"
  fi
}

# The machine keeps its id (machine-id(5)) with its state; systemd reads it before anything could mount.
ingot_machine_id() {
  state=$rootmnt/var/lib/ingot/state
  if [ ! -s "$state/machine-id" ]; then
    tr -d '-' </proc/sys/kernel/random/uuid >"$state/machine-id.new"
    mv "$state/machine-id.new" "$state/machine-id"
  fi
  cat "$state/machine-id" >"$rootmnt/etc/machine-id"
}
