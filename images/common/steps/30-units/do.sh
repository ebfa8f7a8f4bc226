#!/bin/sh
# Applied again after all packages and files: an earlier step may have enabled a unit that is declared masked.
set -eu
/usr/lib/ingot/apply-units
