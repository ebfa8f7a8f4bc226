# shellcheck shell=sh
# State: the disk that the seed names, or the file system labelled ingot-data, or memory.

# Seconds to wait for the disk with the state, from the moment given (whole seconds of uptime): 10, or 30 where the seed names one;
# none where no disk can be.
ingot_state_patience() {
  for controller in /sys/class/scsi_host/* /sys/class/nvme/* /sys/block/[!lrd]*; do
    [ -e "$controller" ] || continue
    left=$(($1 + $2 - $(ingot_uptime)))
    echo $((left > 1 ? left : 1))
    return 0
  done
  echo 0
}

# The devices whose file system has this label, one a line.
ingot_labelled() {
  blkid -c /dev/null -t "LABEL=$1" -o device
}

# Finds the device of the state; gives it in $device. False, with the reason in $why, if there is none to use.
# Argument: uptime from which the waiting counts.
ingot_state_device() {
  disk=$(ingot_seed_data disk)
  label=$(ingot_seed_data label)
  if [ -n "$disk" ]; then
    # What was read here is compared with the seed that cloud-init brings.
    echo "disk $disk" >/run/ingot/data-named
    if ! ingot_wait_for "$disk" "$(ingot_state_patience "$1" 30)"; then
      why="the disk $disk that the seed names is not there"
      return 1
    fi
    device=$(readlink -f "$disk")
    why=$(ingot_claim_disk "$device" "$(ingot_seed_data format)")
    return
  fi
  [ -z "$label" ] || echo "label $label" >/run/ingot/data-named
  if ! ingot_wait_for "/dev/disk/by-label/${label:-ingot-data}" "$(ingot_state_patience "$1" "$([ -n "$label" ] && echo 30 || echo 10)")"; then
    why="no file system labelled ${label:-ingot-data}${label:+, which the seed names}"
    return 1
  fi
  device=$(ingot_labelled "${label:-ingot-data}")
  if [ "$(echo "$device" | wc -l)" -gt 1 ]; then
    why="several disks are labelled ${label:-ingot-data}: $(echo "$device" | tr '\n' ' ')and which one is meant cannot be known; detach the others, or let the seed name a disk"
    return 1
  fi
  device=$(readlink -f "/dev/disk/by-label/${label:-ingot-data}")
}

# Mounts the device at the folder of state, if it is an ext4 that is whole and can be written. False, with the reason in $why, if not; nothing on it
# is changed then, but what e2fsck repairs without asking.
ingot_mount_device() {
  type=$(ingot_probe "$1" TYPE)
  if [ "$type" != ext4 ]; then
    why="$1 holds $(ingot_content_of "$1"); state needs ext4. Nothing on it was changed"
    return 1
  fi
  if [ "$(cat "${INGOT_SYS_BLOCK:-/sys/class/block}/${1##*/}/ro")" != 0 ]; then
    why="$1 is read-only: look at its write protection"
    return 1
  fi
  checked=0
  e2fsck -p "$1" >/dev/console 2>&1 || checked=$?
  # e2fsck(8): 1 is "errors corrected".
  if [ "$checked" -gt 1 ]; then
    why="the file system on $1 needs repair by hand (e2fsck ended with $checked): log in, run e2fsck -f $1, restart"
    return 1
  fi
  mount -t ext4 -o nodev,nosuid,noatime "$1" "$2" && return 0
  why="the file system on $1 cannot be mounted, though e2fsck finds it whole"
  return 1
}

# State outlives the boot only on a disk; without one it is kept in memory and /run/ingot/diskless says why.
# Argument: uptime from which the waiting for disks counts.
ingot_mount_state() {
  state=${rootmnt:?}/var/lib/ingot/state
  mkdir -p "$state"
  if ingot_state_device "$1" && ingot_mount_device "$device" "$state"; then
    return 0
  fi
  echo "$why" >/run/ingot/diskless
  ingot_say "state is kept in memory: $why"
  mount -t tmpfs -o nodev,nosuid,mode=0755 ingot-state "$state"
}

# The machine keeps its id (machine-id(5)) with its state; systemd reads it before anything could mount. Never half an id: on a full disk this start has
# one of its own, and the state keeps what it had.
ingot_machine_id() {
  state=$rootmnt/var/lib/ingot/state
  if ! grep -qx '[0-9a-f]\{32\}' "$state/machine-id" 2>/dev/null; then
    id=$(tr -d '-' </proc/sys/kernel/random/uuid)
    if { echo "$id" >"$state/machine-id.new" && sync && grep -qx "$id" "$state/machine-id.new"; } 2>/dev/null; then
      mv "$state/machine-id.new" "$state/machine-id"
    else
      rm -f "$state/machine-id.new"
      ingot_say "the state cannot be written (is its disk full?): this machine has another id at each start"
      echo "$id" >"$rootmnt/etc/machine-id"
      return 0
    fi
  fi
  cat "$state/machine-id" >"$rootmnt/etc/machine-id"
}
