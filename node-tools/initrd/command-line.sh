# shellcheck shell=sh
# Checks the kernel command line before anything acts on it. Words that open a shell, or that run something chosen by a
# person at a console, are refused.

# Prints the words of the command line, one per line. As in systemd, quotes and backslashes are removed
# (kernel-command-line(7)).
ingot_words() {
  tr -d "\"'\\\\" <"${INGOT_CMDLINE:-/proc/cmdline}" | tr -s '[:blank:]' '\n'
}

# Prints why a word is refused, or nothing if it is allowed. Words in the image's own kernel arguments are the owner's
# choice.
ingot_refused_word() {
  case "$1" in
    # initramfs-tools(7)
    break | break=*) echo 'opens a shell in the initrd' ;;
    boot=ingot) ;;
    boot=*) echo 'uses a boot script other than ingot' ;;
    panic=) echo 'opens a shell when the boot fails' ;;
    init=* | rdinit=*) echo 'starts another program in place of the system' ;;
    # systemd(1), kernel-command-line(7). The kernel passes what follows "--", and what begins with "-", to init.
    single | s | S | 1 | rescue | emergency | b | -*) echo 'starts only a part of the system, with a shell' ;;
    systemd.* | rd.* | SYSTEMD_*=* | LD_*=*) echo 'changes what systemd starts' ;;
    # cloud-init, cloudinit/cmd/main.py and util.py: configuration on the command line, or fetched from an address on
    # it.
    cc: | cc:* | url=* | cloud-config-url=*) echo 'gives cloud-init a configuration that bypasses the seed' ;;
    *) return 0 ;;
  esac
}

# Stops the boot at the first refused word. It opens no shell and waits for no input: the machine restarts after 30
# seconds.
ingot_check_command_line() {
  ingot_words | while read -r word; do
    [ -n "$word" ] || continue
    why=$(ingot_refused_word "$word")
    [ -n "$why" ] || continue
    grep -qxF -e "$word" "${INGOT_OWN_ARGUMENTS:-/conf/ingot-kernel-arguments}" 2>/dev/null && continue
    ingot_say "refusing to boot: \"$word\" on the kernel command line $why, and is not one of this image's own arguments; restarting in 30 s"
    return 1
  done && return 0
  sleep "${INGOT_PAUSE:-30}"
  reboot -f
  # If the restart fails, init ends and the kernel panics.
  exit 1
}
