# shellcheck shell=sh
# The kernel command line before anything obeys it: words that give a shell, or that run what somebody at a console chose, are refused.

# The words, one a line, as systemd reads them, which takes quotes and backslashes away (kernel-command-line(7)).
ingot_words() {
  tr -d "\"'\\\\" <"${INGOT_CMDLINE:-/proc/cmdline}" | tr -s '[:blank:]' '\n'
}

# Prints why a word is refused, nothing if it is not. Words of the image's own kernel arguments are the owner's choice.
ingot_refused_word() {
  case "$1" in
    # initramfs-tools(7)
    break | break=*) echo 'opens a shell in the initrd' ;;
    boot=ingot) ;;
    boot=*) echo 'boots by another script than that of ingot' ;;
    panic=) echo 'opens a shell when the boot fails' ;;
    init=* | rdinit=*) echo 'starts another program in place of the system' ;;
    # systemd(1), kernel-command-line(7); what follows "--", and what begins with "-", the kernel hands to init.
    single | s | S | 1 | rescue | emergency | b | -*) echo 'starts a part of the system only, with a shell' ;;
    systemd.* | rd.* | SYSTEMD_*=* | LD_*=*) echo 'changes what systemd starts' ;;
    # cloud-init, cloudinit/cmd/main.py and util.py: configuration on the command line, or fetched from where it says.
    cc: | cc:* | url=* | cloud-config-url=*) echo 'gives cloud-init a configuration past the seed' ;;
    *) return 0 ;;
  esac
}

# Ends the boot at the first word that is refused. It opens no shell and asks nobody: the machine restarts after half a minute.
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
  # Should that fail, the kernel's panic is left: init ends.
  exit 1
}
