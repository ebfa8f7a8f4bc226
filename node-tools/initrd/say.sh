# shellcheck shell=sh
# Messages of the initrd: on the console, and to the server that ingot.report names.

# Prints the value of ingot.NAME=VALUE on the kernel command line, or nothing if it is missing.
ingot_argument() {
  read -r command_line <"${INGOT_CMDLINE:-/proc/cmdline}"
  for word in $command_line; do
    case "$word" in
      "ingot.$1="*) echo "${word#*=}" ;;
    esac
  done
}

ingot_say() {
  echo "ingot: $*" >"${INGOT_CONSOLE:-/dev/console}"
}

# Whole seconds since the kernel started (proc(5), uptime).
ingot_uptime() {
  read -r uptime _ </proc/uptime
  echo "${uptime%%.*}"
}

# Records when a stage of the boot was done, for measurements (/run is kept by the booted system).
ingot_mark() {
  read -r uptime _ </proc/uptime
  echo "$1 $uptime" >>"${INGOT_MARKS:-/run/ingot/marks}"
}

# Encodes a text for a URL's query (RFC 3986, section 2.1). The text is ASCII; anything else becomes "?".
ingot_url_text() {
  rest=$1
  encoded=
  while [ -n "$rest" ]; do
    tail=${rest#?}
    letter=${rest%"$tail"}
    rest=$tail
    case "$letter" in
      [A-Za-z0-9._~-]) encoded=$encoded$letter ;;
      [\ -~]) encoded=$encoded$(printf '%%%02X' "'$letter") ;;
      *) encoded=$encoded%3F ;;
    esac
  done
  echo "$encoded"
}

# Reports the result of this boot to the server of ingot.report. It waits at most 5 seconds for the answer.
ingot_report() {
  report=$(ingot_argument report)
  if [ -z "$report" ]; then
    return 0
  fi
  timeout 5 wget -q -O /dev/null "$report?mac=${ingot_mac:-unknown}&stage=$1&text=$(ingot_url_text "$2")" >/dev/null 2>&1 || true
}

# Stops the boot. The machine restarts after the seconds of panic=SECONDS, or 30. It never opens a shell: a person at
# the console is not root.
ingot_refuse() {
  : "${panic:=30}"
  ingot_say "refusing to boot: $*"
  ingot_report refused "$*"
  panic "ingot: refusing to boot: $*"
}
