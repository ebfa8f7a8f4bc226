# shellcheck shell=sh
# Checks the kernel command line before anything acts on it. Words that open a shell, or that run something chosen by a
# person at a console, are refused. Every boot runs this, so it starts no program unless a word is quoted.

# Sets $why to the reason why a word is refused, or to nothing if it is allowed. Words in the image's own kernel
# arguments are the owner's choice.
ingot_judge_word() {
  why=
  case "$1" in
    # initramfs-tools(7)
    break | break=*) why='opens a shell in the initrd' ;;
    boot=ingot) ;;
    boot=*) why='uses a boot script other than ingot' ;;
    panic=) why='opens a shell when the boot fails' ;;
    init=* | rdinit=*) why='starts another program in place of the system' ;;
    # systemd(1), kernel-command-line(7). The kernel passes what follows "--", and what begins with "-", to init.
    single | s | S | 1 | rescue | emergency | b | -*) why='starts only a part of the system, with a shell' ;;
    systemd.* | rd.* | SYSTEMD_*=* | LD_*=*) why='changes what systemd starts' ;;
    # cloud-init, cloudinit/cmd/main.py and util.py: configuration on the command line, or fetched from an address on
    # it.
    cc: | cc:* | url=* | cloud-config-url=*) why='gives cloud-init a configuration that bypasses the seed' ;;
  esac
}

# True if the word is one of the image's own kernel arguments.
ingot_is_own_word() {
  while read -r own || [ -n "$own" ]; do
    [ "$own" != "$1" ] || return 0
  done 2>/dev/null <"${INGOT_OWN_ARGUMENTS:-/conf/ingot-kernel-arguments}"
  return 1
}

# Sets $word to the first word that is refused, and $why; false if there is none.
ingot_find_refused_word() {
  while read -r line || [ -n "$line" ]; do
    # As in systemd, quotes and backslashes are removed (kernel-command-line(7)).
    case $line in
      *[\"\'\\]*) line=$(printf '%s\n' "$line" | tr -d "\"'\\\\") ;;
    esac
    for word in $line; do
      ingot_judge_word "$word"
      [ -z "$why" ] || ingot_is_own_word "$word" || return 0
    done
  done <"${INGOT_CMDLINE:-/proc/cmdline}"
  return 1
}

# Stops the boot at the first refused word. It opens no shell and waits for no input: the machine restarts after 30
# seconds.
ingot_check_command_line() {
  # A word must not become the names of files.
  set -f
  refused=0
  ingot_find_refused_word || refused=$?
  set +f
  [ "$refused" -eq 0 ] || return 0
  ingot_say "refusing to boot: \"$word\" on the kernel command line $why, and is not one of this image's own arguments; restarting in 30 s"
  sleep "${INGOT_PAUSE:-30}"
  reboot -f
  # If the restart fails, init ends and the kernel panics.
  exit 1
}
