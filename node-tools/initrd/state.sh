# shellcheck shell=sh
# State: on the disk that the seed names, or on the file system labelled ingot-data, or in memory.

# Prints how many seconds to wait for the disk with the state, counted from the given uptime (whole seconds): 10, or 30
# if the seed names a disk; 0 if the machine has no disk controller.
ingot_state_patience() {
  for controller in /sys/class/scsi_host/* /sys/class/nvme/* /sys/block/[!lrd]*; do
    [ -e "$controller" ] || continue
    left=$(($1 + $2 - $(ingot_uptime)))
    echo $((left > 1 ? left : 1))
    return 0
  done
  echo 0
}

# Prints the devices whose file system has this label, one per line.
ingot_labelled() {
  blkid -c /dev/null -t "LABEL=$1" -o device
}

# Finds the device for the state, after ingot_read_seed, and sets $device. If there is no usable device, $why is the
# reason and the status is false. Argument: the uptime from which the waiting counts.
ingot_state_device() {
  disk=${seed_disk:-}
  label=${seed_label:-}
  if [ -n "$disk" ]; then
    # The value is compared later with the seed that cloud-init reads.
    echo "disk $disk" >/run/ingot/data-named
    if ! ingot_wait_for "$disk" "$(ingot_state_patience "$1" 30)"; then
      why="the disk $disk that the seed names is missing"
      return 1
    fi
    device=$(readlink -f "$disk")
    why=$(ingot_claim_disk "$device" "${seed_format:-}")
    return
  fi
  [ -z "$label" ] || echo "label $label" >/run/ingot/data-named
  if ! ingot_wait_for "/dev/disk/by-label/${label:-ingot-data}" "$(ingot_state_patience "$1" "$([ -n "$label" ] && echo 30 || echo 10)")"; then
    why="no file system labelled ${label:-ingot-data}${label:+, which the seed names}"
    return 1
  fi
  # The link of udev leads to one of several.
  # shellcheck disable=SC2046 # one word per device
  set -- $(ingot_labelled "${label:-ingot-data}")
  if [ "$#" -gt 1 ]; then
    why="several disks are labelled ${label:-ingot-data}: $* and it is unknown which one to use; detach the others, or name a disk in the seed"
    return 1
  fi
  device=${1:-}
  # The kernel's own name is needed below.
  [ -e "${INGOT_SYS_BLOCK:-/sys/class/block}/${device##*/}/ro" ] || device=$(readlink -f "/dev/disk/by-label/${label:-ingot-data}")
}

# Mounts the device as the state folder, if it has an intact ext4 that can be written. Otherwise $why is the reason and
# the status is false; then nothing on it was changed except what e2fsck repairs automatically.
ingot_mount_device() {
  type=$(ingot_probe "$1" TYPE)
  if [ "$type" != ext4 ]; then
    why="$1 holds $(ingot_content_of "$1"); state needs ext4. Nothing on it was changed"
    return 1
  fi
  read_only=
  read -r read_only <"${INGOT_SYS_BLOCK:-/sys/class/block}/${1##*/}/ro"
  if [ "$read_only" != 0 ]; then
    why="$1 is read-only: check its write protection"
    return 1
  fi
  checked=0
  e2fsck -p "$1" >/dev/console 2>&1 || checked=$?
  # e2fsck(8): status 1 means "errors corrected".
  if [ "$checked" -gt 1 ]; then
    why="the file system on $1 needs manual repair (e2fsck ended with $checked): log in, run e2fsck -f $1, restart"
    return 1
  fi
  mount -t ext4 -o nodev,nosuid,noatime "$1" "$2" && return 0
  why="the file system on $1 cannot be mounted, although e2fsck finds no error"
  return 1
}

# Mounts the state. It is kept across restarts only on a disk; without one it is in memory, and /run/ingot/diskless has
# the reason. Argument: the uptime from which the waiting for disks counts.
ingot_mount_state() {
  state=${rootmnt:?}/var/lib/ingot/state
  [ -d "$state" ] || mkdir -p "$state"
  if ingot_state_device "$1" && ingot_mount_device "$device" "$state"; then
    return 0
  fi
  echo "$why" >/run/ingot/diskless
  ingot_say "state is kept in memory: $why"
  mount -t tmpfs -o nodev,nosuid,mode=0755 ingot-state "$state"
}

# Sets $id to the id in a file; false if it has no complete one.
ingot_read_id() {
  id=
  { read -r id <"$1"; } 2>/dev/null || return 1
  case $id in
    *[!0-9a-f]*) return 1 ;;
  esac
  [ "${#id}" -eq 32 ]
}

# Keeps the machine's id (machine-id(5)) with its state; systemd reads the id before anything can be mounted. A partial
# id is never written: if the disk is full, this boot gets its own id and the state keeps the old file.
ingot_machine_id() {
  state=$rootmnt/var/lib/ingot/state
  if ! ingot_read_id "$state/machine-id"; then
    read -r id </proc/sys/kernel/random/uuid
    made=
    rest=$id-
    while [ -n "$rest" ]; do
      made=$made${rest%%-*}
      rest=${rest#*-}
    done
    if { echo "$made" >"$state/machine-id.new" && sync && ingot_read_id "$state/machine-id.new"; } 2>/dev/null; then
      # If the power fails now, the next boot must find the id of this one.
      mv "$state/machine-id.new" "$state/machine-id" && sync
    else
      rm -f "$state/machine-id.new"
      ingot_say "the state cannot be written (is its disk full?): this machine gets a new id at each boot"
      id=$made
    fi
  fi
  echo "$id" >"$rootmnt/etc/machine-id"
}
