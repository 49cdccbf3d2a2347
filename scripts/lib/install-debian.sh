#!/usr/bin/env bash
# Installs Debian packages as root without letting Debian start the servers among them: Trestle runs its own.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive
no_cluster=/etc/postgresql-common/createcluster.d/trestle.conf
no_start=/usr/sbin/policy-rc.d
made=()

undo() {
  ((${#made[@]} == 0)) || rm -f "${made[@]}"
}
trap undo EXIT

if [[ " $* " == *' postgresql '* && ! -e $no_cluster ]]; then
  made+=("$no_cluster")
  mkdir -p "$(dirname "$no_cluster")"
  echo 'create_main_cluster = false' >"$no_cluster"
fi
if [[ ! -e $no_start ]]; then
  made+=("$no_start")
  printf '#!/bin/sh\nexit 101\n' >"$no_start"
  chmod 755 "$no_start"
fi

apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@"

if [[ " $* " == *' redis-server '* && -d /run/systemd/system ]]; then
  systemctl disable --quiet redis-server
fi
