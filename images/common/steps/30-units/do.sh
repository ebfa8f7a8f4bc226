#!/bin/sh
# Once more on the booted system: a step before this one, or a package's own script, may have enabled what is declared masked.
set -eu
/usr/lib/ingot/apply-units
systemctl daemon-reload
