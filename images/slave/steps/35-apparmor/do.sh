#!/bin/sh
# Compiles the profiles for the kernel of the image: a node's root is new at each boot, so the node would compile them
# at each boot.
set -eu
mountpoint -q /sys/kernel/security || mount -t securityfs securityfs /sys/kernel/security
apparmor_parser --write-cache --skip-kernel-load /etc/apparmor.d
