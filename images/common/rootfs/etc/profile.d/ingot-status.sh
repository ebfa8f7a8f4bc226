# shellcheck shell=sh
# At an interactive login, shows whether the node's units run. ingot-status shows the details.
case $- in
  *i*) /usr/lib/ingot/login-status ;;
esac
