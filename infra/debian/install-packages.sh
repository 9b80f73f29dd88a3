#!/usr/bin/env bash
# Installs Debian packages without letting Debian start their system services.
# Usage: install-packages.sh <package>...   (as root)
set -euo pipefail

policy=/usr/sbin/policy-rc.d
marker='askwire: keeps services from starting while packages are installed'

# One installation at a time on this machine: two clones would otherwise remove each other's policy file.
exec 9>/run/lock/askwire-install.lock
flock -w 900 9

# A machine that brings its own policy keeps it. Ours asks whether this script is still alive, so that a killed
# installation leaves nothing behind that could keep a service from starting later.
if [[ ! -e $policy ]] || grep -q "$marker" "$policy"; then
  printf '#!/bin/sh\n# %s\nkill -0 %d 2>/dev/null && exit 101\nexit 0\n' "$marker" "$$" >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
options=(-q -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold -o Acquire::Retries=3)
apt-get "${options[@]}" update
apt-get "${options[@]}" install -y --no-install-recommends "$@"
