# shellcheck shell=sh
# The cluster seed, as far as the initrd needs it: which disk the data of this node belongs on. cloud-init reads it whole later, but the
# machine-id and the journal want their place before that.

# The address of ds=nocloud-net;s=URL (cloud-init documentation, "NoCloud"), empty if there is none that busybox's wget can ask.
ingot_seed_url() {
  read -r command_line <"${INGOT_CMDLINE:-/proc/cmdline}"
  for word in $command_line; do
    case "$word" in
      ds=nocloud*) echo "$word" | tr ';' '\n' | sed -n -e '/__dmi\./d' -e 's/^s\(eedfrom\)\{0,1\}=\(http:.*\)$/\2/p' ;;
    esac
  done
}

# The user-data of a disk labelled cidata, as cloud-init looks for it, into the file.
ingot_seed_from_disk() {
  for label in cidata CIDATA; do
    [ -e "/dev/disk/by-label/$label" ] || continue
    modprobe -a -q isofs vfat
    mkdir -p /run/ingot/cidata
    for type in iso9660 vfat; do
      mount -r -t "$type" "/dev/disk/by-label/$label" /run/ingot/cidata 2>/dev/null || continue
      cp /run/ingot/cidata/user-data "$1" 2>/dev/null
      umount /run/ingot/cidata
      return 0
    done
  done
}

# Brings the seed's user-data to /run/ingot/user-data, if there is a seed that can be read this early. A machine that was told an address for its
# seed does not boot without it: it would know neither its cluster nor who may log in.
ingot_read_seed() {
  url=$(ingot_seed_url)
  if [ -n "$url" ] && [ -e /run/ingot/lease ]; then
    ingot_fetch_file "${url}user-data" /run/ingot/user-data 0 '' \
      'put the cluster seed there, or correct the address that the boot script names after ds=nocloud-net;s='
    return 0
  fi
  udevadm settle --timeout=10
  ingot_seed_from_disk /run/ingot/user-data
}

# What the seed says below "data" under this key, empty if nothing. In user-data the JSON stands inside YAML, escaped on one line or plain, and
# the cluster before all else.
ingot_seed_data() {
  [ -r "${INGOT_USER_DATA:-/run/ingot/user-data}" ] || return 0
  sed 's/\\n//g' "${INGOT_USER_DATA:-/run/ingot/user-data}" | tr -d '\\ \n\t\r' |
    grep -o '"data":{[^{}]*}' | head -n 1 | sed 's/^"data":{\(.*\)}$/\1/' | tr ',' '\n' | sed -n "s|^\"$1\":\"\([A-Za-z0-9/:._+@-]*\)\"\$|\1|p"
}
