# shellcheck shell=sh
# The disk that the seed names for this node's data. It is formatted once, if the seed allows it and the disk is blank.

# The smallest disk that is accepted for data, in bytes: 256 MiB, the initial size of the image's own data partition.
ingot_smallest_data=268435456

# Prints the size in bytes of a block device, or of a file in tests.
ingot_bytes_of() {
  if [ -b "$1" ]; then
    blockdev --getsize64 "$1"
  else
    ingot_size_of "$1"
  fi
}

# Prints one fact that blkid finds on the device itself, bypassing its cache (blkid(8)): TYPE, LABEL or PTTYPE.
ingot_probe() {
  blkid -p -o value -s "$2" "$1" 2>/dev/null
}

# Prints a description of what is on a disk.
ingot_content_of() {
  type=$(ingot_probe "$1" TYPE)
  label=$(ingot_probe "$1" LABEL)
  table=$(ingot_probe "$1" PTTYPE)
  if [ -n "$table" ]; then
    echo "a partition table ($table)"
  elif [ -n "$type" ]; then
    echo "$type${label:+ labelled $label}"
  else
    echo 'data of an unknown kind'
  fi
}

# Counts the zero bytes in the first 4 MiB, the last 4 MiB (from MiB $3) and 64 samples of 64 KiB in between. Parts that
# cannot be read are not counted.
ingot_count_zeros() {
  {
    dd if="$1" bs=1M count=4
    dd if="$1" bs=1M skip="$3"
    sample=0
    step=$(($2 / 65536 / 64))
    while [ "$sample" -lt 64 ]; do
      dd if="$1" bs=64k count=1 skip=$((step * sample))
      sample=$((sample + 1))
    done
  } 2>/dev/null | tr -cd '\0' | wc -c
}

# True if the disk is blank: blkid finds no signature, and there are only zeros where file systems, partition tables and
# volumes keep their headers.
ingot_is_blank() {
  found=0
  blkid -p "$1" >/dev/null 2>&1 || found=$?
  # blkid(8): status 2 means "nothing was found"; ambiguous signatures give 8.
  [ "$found" -eq 2 ] || return 1
  bytes=$(ingot_bytes_of "$1")
  last=$((bytes / 1048576 - 4))
  [ "$(ingot_count_zeros "$1" "$bytes" "$last")" -eq $((4 * 1048576 + bytes - last * 1048576 + 64 * 65536)) ]
}

# Makes sure that the disk has a file system of ours. Arguments: device, and the seed's "format" setting. If the disk
# has none and must not be formatted, it stays untouched, the reason is printed and the status is false.
ingot_claim_disk() {
  if [ "$(ingot_probe "$1" TYPE)" = ext4 ] && [ "$(ingot_probe "$1" LABEL)" = ingot-data ]; then
    return 0
  fi
  bytes=$(ingot_bytes_of "$1")
  if [ "${bytes:-0}" -lt "$ingot_smallest_data" ]; then
    echo "the disk $1 that the seed names has ${bytes:-0} bytes; data needs at least 256 MiB"
  elif ! ingot_is_blank "$1"; then
    echo "the disk $1 that the seed names holds $(ingot_content_of "$1"), not the data of a node (ext4 labelled ingot-data); nothing on it was changed. To use this disk, erase it: wipefs and zeros (blkdiscard -z)"
  elif [ "$2" != if-blank ]; then
    echo "the disk $1 that the seed names is blank, and the seed does not allow formatting it (format: if-blank)"
  else
    ingot_say "formatting $1: it is blank ($bytes bytes), and the seed names it for the data of this node"
    # Without discarding: if the disk holds data after all, most of it can still be recovered.
    "${INGOT_MKE2FS:-/usr/lib/ingot/mke2fs}" -q -F -t ext4 -L ingot-data -E nodiscard "$1" >"${INGOT_RUN:-/run/ingot}/mke2fs.log" 2>&1 && return 0
    echo "the disk $1 cannot be formatted: $(tail -n 1 "${INGOT_RUN:-/run/ingot}/mke2fs.log")"
  fi
  return 1
}
