#!/bin/sh
# Whether systemd finds errors in the units is checked where systemd runs: on the booted node (check/units-sound).
set -eu
/usr/lib/ingot/check/units-declared
