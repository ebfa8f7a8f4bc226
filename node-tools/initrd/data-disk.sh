# shellcheck shell=sh
# A disk that the seed names for the data of this node: formatted once, if the seed says so and nothing at all is on it.

# A disk smaller than this, in bytes, is none for data: 256 MiB, as the image's own data partition begins.
ingot_smallest_data=268435456

# Size in bytes of a block device, or of a file in tests.
ingot_bytes_of() {
  if [ -b "$1" ]; then
    blockdev --getsize64 "$1"
  else
    ingot_size_of "$1"
  fi
}

# One fact that blkid finds on the device itself, past its cache (blkid(8)): TYPE, LABEL, PTTYPE.
ingot_probe() {
  blkid -p -o value -s "$2" "$1" 2>/dev/null
}

# What is on a disk, in words.
ingot_content_of() {
  type=$(ingot_probe "$1" TYPE)
  label=$(ingot_probe "$1" LABEL)
  table=$(ingot_probe "$1" PTTYPE)
  if [ -n "$table" ]; then
    echo "a partition table ($table)"
  elif [ -n "$type" ]; then
    echo "$type${label:+ labelled $label}"
  else
    echo 'data of a kind that is not known here'
  fi
}

# Counts the zeros among: the first 4 MiB, the last 4 MiB (from MiB $3), and 64 samples of 64 KiB in between. Reading errors leave some out.
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

# True if nothing at all is on the disk: no signature that blkid knows, and zeros wherever file systems, tables and volumes keep theirs.
ingot_is_blank() {
  found=0
  blkid -p "$1" >/dev/null 2>&1 || found=$?
  # blkid(8): 2 is "nothing was found"; ambiguous signatures are 8.
  [ "$found" -eq 2 ] || return 1
  bytes=$(ingot_bytes_of "$1")
  last=$((bytes / 1048576 - 4))
  [ "$(ingot_count_zeros "$1" "$bytes" "$last")" -eq $((4 * 1048576 + bytes - last * 1048576 + 64 * 65536)) ]
}

# Makes sure that the disk has a file system of ours. Arguments: device, what the seed says of formatting. False, with the reason as its output and
# the disk untouched, when it has none and must not be given one.
ingot_claim_disk() {
  if [ "$(ingot_probe "$1" TYPE)" = ext4 ] && [ "$(ingot_probe "$1" LABEL)" = ingot-data ]; then
    return 0
  fi
  bytes=$(ingot_bytes_of "$1")
  if [ "${bytes:-0}" -lt "$ingot_smallest_data" ]; then
    echo "the disk $1 that the seed names has ${bytes:-0} bytes; data needs 256 MiB at least"
  elif ! ingot_is_blank "$1"; then
    echo "the disk $1 that the seed names holds $(ingot_content_of "$1"), not the data of a node (ext4 labelled ingot-data); nothing on it was changed. If it is to be used, empty it: wipefs and zeros (blkdiscard -z)"
  elif [ "$2" != if-blank ]; then
    echo "the disk $1 that the seed names is blank, and the seed does not allow to format it (format: if-blank)"
  else
    ingot_say "formatting $1: it is blank ($bytes bytes), and the seed names it for the data of this node"
    # Not discarding: should the disk hold something after all, that much of it could still be saved.
    "${INGOT_MKE2FS:-/usr/lib/ingot/mke2fs}" -q -F -t ext4 -L ingot-data -E nodiscard "$1" >"${INGOT_RUN:-/run/ingot}/mke2fs.log" 2>&1 && return 0
    echo "the disk $1 cannot be formatted: $(tail -n 1 "${INGOT_RUN:-/run/ingot}/mke2fs.log")"
  fi
  return 1
}
