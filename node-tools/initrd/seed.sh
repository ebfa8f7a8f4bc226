# shellcheck shell=sh
# The part of the cluster seed that the initrd needs: the disk for this node's data. cloud-init reads the whole seed
# later, but the machine-id and the journal need their place before that.

# Prints the address of ds=nocloud-net;s=URL (cloud-init documentation, "NoCloud"), or nothing if there is none that
# busybox's wget can fetch.
ingot_seed_url() {
  read -r command_line <"${INGOT_CMDLINE:-/proc/cmdline}"
  for word in $command_line; do
    case "$word" in
      ds=nocloud*) echo "$word" | tr ';' '\n' | sed -n -e '/__dmi\./d' -e 's/^s\(eedfrom\)\{0,1\}=\(http:.*\)$/\2/p' ;;
    esac
  done
}

# Fetches the user-data before anything larger. If the command line names an address for the seed, the machine does not
# boot without it: it would know neither its cluster nor who may log in.
ingot_fetch_seed() {
  url=$(ingot_seed_url)
  [ -n "$url" ] || return 0
  ingot_fetch_file "${url}user-data" /run/ingot/user-data 0 '' \
    'put the cluster seed there, or correct the address that the boot script names after ds=nocloud-net;s='
}

# If the command line names no address, a disk labelled cidata may have the user-data, as in cloud-init. Argument: a
# device that is known to have it, or nothing.
ingot_find_seed() {
  [ ! -e /run/ingot/user-data ] || return 0
  # A link of udev means that it is done with that disk.
  [ -e /dev/disk/by-label/cidata ] || [ -e /dev/disk/by-label/CIDATA ] || udevadm settle --timeout=10
  for disk in "${1:-}" /dev/disk/by-label/cidata /dev/disk/by-label/CIDATA; do
    [ -e "$disk" ] || continue
    for type in iso9660 vfat; do
      mount -r -t "$type" "$disk" /run/ingot/cidata 2>/dev/null || continue
      if [ "$(ingot_size_of /run/ingot/cidata/user-data)" -le "$(ingot_limit_of user-data 0)" ]; then
        cp /run/ingot/cidata/user-data /run/ingot/user-data
      else
        ingot_say "the user-data on $disk is ignored: it has more than $(ingot_limit_of user-data 0) bytes"
      fi
      umount /run/ingot/cidata
      return 0
    done
  done
}

# Prints what is in the braces after "data" in the seed, without spaces, or nothing. In user-data the JSON is inside YAML,
# either escaped on one line or plain, and the cluster comes first: the other files and the users after it do not name
# disks.
ingot_seed_data() {
  sed -e 's/\\n//g' -e 's/[\\ \t\r]//g' "${INGOT_USER_DATA:-/run/ingot/user-data}" | tr -d '\n' |
    sed -e 's/"version":1,/\n/' -e '/\n/!d' -e 's/^.*\n//' -e 's/-path:.*//' -e 's/users:.*//' \
      -e 's/"data":{\([^{}]*\)}.*/\n\1/' -e '/\n/!d' -e 's/^.*\n//'
}

# Sets $seed_disk, $seed_label and $seed_format to the values of these keys below "data" in the seed, or to nothing.
# Reads the seed once, because every program costs time.
# shellcheck disable=SC2034 # for state.sh
ingot_read_seed() {
  seed_disk=
  seed_label=
  seed_format=
  [ -r "${INGOT_USER_DATA:-/run/ingot/user-data}" ] || return 0
  rest=$(ingot_seed_data),
  while [ -n "$rest" ]; do
    pair=${rest%%,*}
    rest=${rest#*,}
    value=${pair#*:\"}
    value=${value%\"}
    case $value in
      *[!A-Za-z0-9/:._+@-]*) continue ;;
    esac
    case $pair in
      "\"disk\":\"$value\"") seed_disk=$value ;;
      "\"label\":\"$value\"") seed_label=$value ;;
      "\"format\":\"$value\"") seed_format=$value ;;
    esac
  done
}

# Reads the seed, and discards one that names a disk if no seed key of the root has signed it. A root without seed keys trusts every
# seed. The program that verifies it is in the root, which is already verified, so the initrd needs no part of it.
ingot_believe_seed() {
  ingot_read_seed
  [ -n "$seed_disk$seed_label" ] || return 0
  set -- "${rootmnt:?}"/usr/lib/ingot/seed-keys/*.pem
  [ -e "$1" ] || return 0
  if ! refusal=$(chroot "$rootmnt" /usr/lib/ingot/seed-judge <"${INGOT_USER_DATA:-/run/ingot/user-data}" 2>&1); then
    ingot_say "the disk that the seed names is not used: $refusal"
    rm -f "${INGOT_USER_DATA:-/run/ingot/user-data}"
    ingot_read_seed
  fi
}
