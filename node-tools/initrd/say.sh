# shellcheck shell=sh
# What the initrd says: on the console, and to the server that was named with ingot.report.

# The value of ingot.NAME=VALUE on the kernel command line, empty if it is not there.
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

# Notes when a part of the way to the root was done, for whoever measures the boot (/run is the booted system's as well).
ingot_mark() {
  read -r uptime _ </proc/uptime
  echo "$1 $uptime" >>"${INGOT_MARKS:-/run/ingot/marks}"
}

# A text as part of a URL's query (RFC 3986, section 2.1). ASCII; anything else becomes "?".
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

# Tells the server of ingot.report what became of this machine, at most for 5 seconds; nobody waits for its answer but this function.
ingot_report() {
  report=$(ingot_argument report)
  if [ -z "$report" ]; then
    return 0
  fi
  timeout 5 wget -q -O /dev/null "$report?mac=${ingot_mac:-unknown}&stage=$1&text=$(ingot_url_text "$2")" >/dev/null 2>&1 || true
}

# Stops the boot: the machine tries again by itself after the seconds of panic=SECONDS, or 30. Never a shell: who reads a console is not root.
ingot_refuse() {
  : "${panic:=30}"
  ingot_say "refusing to boot: $*"
  ingot_report refused "$*"
  panic "ingot: refusing to boot: $*"
}
