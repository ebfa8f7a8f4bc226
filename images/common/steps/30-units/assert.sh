#!/bin/sh
# Whether systemd finds nothing wrong in the units is asked where systemd runs: on the booted node (check/units-sound).
set -eu
/usr/lib/ingot/check/units-declared
