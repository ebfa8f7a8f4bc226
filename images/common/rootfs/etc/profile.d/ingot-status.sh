# shellcheck shell=sh
# At an interactive login, shows which image and which node this is, and whether the node's units run. ingot-status
# shows the details.
case $- in
  *i*)
    run-parts /etc/update-motd.d
    cat /etc/motd
    /usr/lib/ingot/login-status
    ;;
esac
