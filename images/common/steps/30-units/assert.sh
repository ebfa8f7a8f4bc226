#!/bin/sh
set -eu
/usr/lib/ingot/check/units-declared
# systemd itself must find nothing wrong in what it has loaded: no bad line, no missing file, no circle.
if systemctl list-units --all --plain --no-legend --state=bad-setting,error | grep .; then
  echo 'units with errors are loaded' >&2
  exit 1
fi
if journalctl --boot --quiet --no-pager --grep 'ordering cycle' | grep .; then
  echo 'units wait for each other in a circle' >&2
  exit 1
fi
