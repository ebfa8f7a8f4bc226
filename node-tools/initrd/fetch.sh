# shellcheck shell=sh
# Fetches the golden root from an HTTP server into memory. A broken transfer is resumed. If the result is not the
# expected root, it is fetched again once and then refused.

ingot_size_of() {
  stat -c %s "$1" 2>/dev/null || echo 0
}

# Reports the progress of a transfer, and ends one that has received nothing for 20 s (the wget of busybox waits
# forever). Arguments: the file, the process of wget, the size of the complete file (0 if unknown).
ingot_watch_transfer() {
  before=$(ingot_size_of "$1")
  quiet_rounds=0
  round=0
  while sleep 5; do
    now=$(ingot_size_of "$1")
    round=$((round + 1))
    if [ "$now" != "$before" ]; then
      quiet_rounds=0
    else
      quiet_rounds=$((quiet_rounds + 1))
    fi
    if [ "$quiet_rounds" -ge 4 ]; then
      echo 'nothing was received for 20 s' >>"${INGOT_RUN:-/run/ingot}/fetch.log"
      kill "$2"
      return 0
    fi
    if [ $((round % 2)) -eq 0 ]; then
      ingot_say "fetching ${1##*/}: $now bytes$([ "$3" -eq 0 ] || echo " of $3") after $((round * 5)) s"
    fi
    before=$now
  done
}

# Prints the largest size of a file in bytes, whatever a server sends. Arguments: its name, its size or 0. The hash tree
# of a root of 4 GiB has 33 MiB.
ingot_limit_of() {
  case "${1##*/}" in
    user-data) echo 4194304 ;;
    root.verity) echo 67108864 ;;
    *) echo "$2" ;;
  esac
}

# Makes one try; true if the server has sent everything. What was received is kept for the next try.
ingot_transfer() {
  : >"${INGOT_RUN:-/run/ingot}/fetch.log"
  # The kernel ends a process that writes past the limit (setrlimit(2), RLIMIT_FSIZE; in blocks of 512 bytes). The limit
  # has one extra block, so that a file that is too large shows. The header makes a cache that gave a wrong root request
  # it from its server again.
  (
    ulimit -f $(($(ingot_limit_of "$2" "$3") / 512 + 1))
    exec wget -q -c ${4:+--header "$4"} -O "$2" "$1" 2>>"${INGOT_RUN:-/run/ingot}/fetch.log"
  ) &
  transfer=$!
  ingot_watch_transfer "$2" "$transfer" "$3" &
  watch=$!
  code=0
  wait "$transfer" || code=$?
  kill "$watch" 2>/dev/null || true
  wait "$watch" 2>/dev/null || true
  if [ "$code" -eq 0 ]; then
    return 0
  fi
  if grep -q 'Range Not Satisfiable' "${INGOT_RUN:-/run/ingot}/fetch.log"; then
    # The transfer broke off after the last byte.
    return 0
  fi
  if grep -q 'restart failed' "${INGOT_RUN:-/run/ingot}/fetch.log"; then
    # This server can send files only from their beginning.
    rm -f "$2"
  fi
  return 1
}

# Prints how often a file is requested: less often if the server reports that it does not have it (4xx).
ingot_tries() {
  case "$1" in
    *' 4'[0-9][0-9]*) echo 3 ;;
    *) echo 10 ;;
  esac
}

# Fetches a complete file, with pauses between the tries. Arguments: URL, file, its size or 0, a header or nothing, what
# to do if the file is not available.
ingot_fetch_file() {
  try=1
  started=$(ingot_uptime)
  limit=$(ingot_limit_of "$2" "$3")
  until ingot_transfer "$@"; do
    # Bytes beyond the size in the hash tree belong to no block of the root. The verification decides about such a file.
    [ "$(ingot_size_of "$2")" -le "$limit" ] || break
    why=$(tail -n 1 "${INGOT_RUN:-/run/ingot}/fetch.log")
    why=${why#wget: }
    tries=$(ingot_tries "$why")
    [ "$try" -lt "$tries" ] ||
      ingot_refuse "$1 cannot be fetched: ${why:-wget was stopped} ($try tries in $(($(ingot_uptime) - started)) s)${5:+; $5}"
    pause=$((try * 2))
    try=$((try + 1))
    ingot_say "fetching ${2##*/} broke off at $(ingot_size_of "$2") bytes after $(($(ingot_uptime) - started)) s: ${why:-wget was stopped}; try $try of $tries in $pause s"
    sleep "$pause"
  done
  [ "${2##*/}" = root.squashfs ] || [ "$(ingot_size_of "$2")" -le "$limit" ] ||
    ingot_refuse "$1 has more than $limit bytes: it is not a ${2##*/}"
  ingot_say "fetched ${2##*/}: $(ingot_size_of "$2") bytes in $(($(ingot_uptime) - started)) s"
}

# MemTotal is what the kernel and the firmware leave of the machine's memory: up to a sixteenth less than is installed.
ingot_check_memory() {
  needed=$1
  total=$(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' "${INGOT_MEMINFO:-/proc/meminfo}")
  total=$((total / 1024))
  if [ $((total * 16)) -lt $((needed * 15)) ]; then
    ingot_refuse "this machine has $total MiB of memory; the role needs $needed MiB"
  fi
}

# Prints the size of the root in bytes, read from its hash tree; false if the file is not a hash tree (veritysetup(8),
# dump).
ingot_golden_size() {
  veritysetup dump "$1" 2>/dev/null |
    awk '/^Data blocks:/ { blocks = $3 } /^Data block size:/ { size = $4 } END { if (!(blocks * size)) exit 1; printf "%.0f\n", blocks * size }'
}

# Fetches both files into a tmpfs of their size. False if the hash tree is not valid or memory is too small.
ingot_fetch_golden() {
  umount /run/ingot/fetched 2>/dev/null || true
  mount -t tmpfs -o mode=0700,size=64m ingot-fetched /run/ingot/fetched
  ingot_fetch_file "$1/root.verity" /run/ingot/fetched/root.verity 0 "$2"
  bytes=$(ingot_golden_size /run/ingot/fetched/root.verity) || return 1
  room=$((bytes / 1024 + $(ingot_size_of /run/ingot/fetched/root.verity) / 1024 + 1024))
  free=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo)
  [ "$room" -lt "$free" ] || return 1
  mount -o "remount,size=${room}k" /run/ingot/fetched
  ingot_fetch_file "$1/root.squashfs" /run/ingot/fetched/root.squashfs "$bytes" "$2"
  ingot_mark fetch
}

# Refuses what can be refused before anything large is fetched: too little memory, no network, no seed although one was
# named.
ingot_prepare_fetch() {
  memory=$(ingot_argument memory)
  case "$memory" in
    '' | *[!0-9]*) ;;
    *) ingot_check_memory "$memory" ;;
  esac
  ingot_network
  ingot_mark network
  ingot_fetch_seed
}

# Fetches the root from the network and verifies all of it before anything of it is mounted. Arguments: URL of the
# folder, root hash.
ingot_golden_from_network() {
  mkdir -p /run/ingot/fetched
  round=1
  header=
  until ingot_fetch_golden "${1%/}" "$header" && ingot_prove /run/ingot/fetched "$2"; do
    [ "$round" -lt 2 ] ||
      ingot_refuse "the files from ${1%/} do not have the root hash $2, even after fetching them twice; publish the version again, or find what alters them on the way"
    round=$((round + 1))
    header='Cache-Control: no-cache'
    ingot_say "the fetched files do not have the root hash $2: fetching them again from the beginning"
  done
}
