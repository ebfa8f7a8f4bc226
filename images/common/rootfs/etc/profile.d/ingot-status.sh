# shellcheck shell=sh
# A person has logged in: whether the node's units run. ingot-status tells all of it.
case $- in
  *i*) /usr/lib/ingot/login-status ;;
esac
