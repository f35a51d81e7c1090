#!/bin/sh
# Unpacks msmtp into build-tools/msmtp, with the libraries that this machine lacks; installs nothing. Does nothing when
# it is there. Needs root, or sudo, for apt-get update.
set -eu
cd "$(dirname "$0")/../.."
tools=build-tools/msmtp
if [ -x "$tools/usr/bin/msmtp" ]; then exit 0; fi
if [ "$(id -u)" -eq 0 ]; then sudo=; else sudo=sudo; fi
$sudo apt-get update -q
packages=$(apt-get install -q --simulate --no-install-recommends msmtp | sed -n 's/^Inst \(msmtp\|lib[^ ]*\) .*/\1/p')
mkdir -p "$tools"
cd "$tools"
# shellcheck disable=SC2086
apt-get download -q $packages
for file in lib*.deb msmtp_*.deb; do dpkg -x "$file" .; done
rm -- *.deb
