#!/bin/sh
# Once more after all packages and files: a step before this one may have enabled what is declared masked.
set -eu
/usr/lib/ingot/apply-units
