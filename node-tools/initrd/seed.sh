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

# Fetches the user-data, before anything larger. A machine that was told an address for its seed does not boot without it: it would know neither its
# cluster nor who may log in.
ingot_fetch_seed() {
  url=$(ingot_seed_url)
  [ -n "$url" ] || return 0
  ingot_fetch_file "${url}user-data" /run/ingot/user-data 0 '' \
    'put the cluster seed there, or correct the address that the boot script names after ds=nocloud-net;s='
}

# Where no address was told, a disk labelled cidata may have the user-data, as cloud-init looks for it.
ingot_find_seed() {
  [ ! -e /run/ingot/user-data ] || return 0
  udevadm settle --timeout=10
  modprobe -a -q isofs vfat
  mkdir -p /run/ingot/cidata
  for disk in /dev/disk/by-label/cidata /dev/disk/by-label/CIDATA; do
    [ -e "$disk" ] || continue
    for type in iso9660 vfat; do
      mount -r -t "$type" "$disk" /run/ingot/cidata 2>/dev/null || continue
      if [ "$(ingot_size_of /run/ingot/cidata/user-data)" -le "$(ingot_limit_of user-data 0)" ]; then
        cp /run/ingot/cidata/user-data /run/ingot/user-data
      else
        ingot_say "the user-data on $disk is left alone: it has more than $(ingot_limit_of user-data 0) bytes"
      fi
      umount /run/ingot/cidata
      return 0
    done
  done
}

# What the seed says below "data" under this key, empty if nothing. In user-data the JSON stands inside YAML, escaped on one line or plain, and
# the cluster before all else: what comes after it, other files and users, says nothing of disks.
ingot_seed_data() {
  [ -r "${INGOT_USER_DATA:-/run/ingot/user-data}" ] || return 0
  sed 's/\\n//g' "${INGOT_USER_DATA:-/run/ingot/user-data}" | tr -d '\\ \n\t\r' |
    sed -e 's/"version":1,/\n/' -e '/\n/!d' -e 's/^.*\n//' -e 's/-path:.*//' -e 's/users:.*//' |
    grep -o '"data":{[^{}]*}' | head -n 1 | sed 's/^"data":{\(.*\)}$/\1/' | tr ',' '\n' | sed -n "s|^\"$1\":\"\([A-Za-z0-9/:._+@-]*\)\"\$|\1|p"
}

# Forgets a seed that names a disk, and that no seed key of the root has signed; a root without such keys believes every seed. The one who verifies is
# of the root, which is proven by now: nothing of it has to be in the initrd.
ingot_believe_seed() {
  [ -n "$(ingot_seed_data disk)$(ingot_seed_data label)" ] || return 0
  set -- "${rootmnt:?}"/usr/lib/ingot/seed-keys/*.pem
  [ -e "$1" ] || return 0
  if ! refusal=$(chroot "$rootmnt" /usr/lib/ingot/seed-judge <"${INGOT_USER_DATA:-/run/ingot/user-data}" 2>&1); then
    ingot_say "the disk that the seed names is left alone: $refusal"
    rm -f "${INGOT_USER_DATA:-/run/ingot/user-data}"
  fi
}
