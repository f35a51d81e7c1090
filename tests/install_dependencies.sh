#!/bin/sh
# Installs what building and testing need on Debian 12. Does nothing when everything is there; needs root, or sudo.
set -eu
cd "$(dirname "$0")/.."

packages="cmake ninja-build g++ ccache pkg-config clang-format clang-tidy git ca-certificates
  libcli11-dev libsqlitecpp-dev libsqlite3-dev libfmt-dev libcurl4-openssl-dev libgmime-3.0-dev libkainjow-mustache-dev
  libutf8proc-dev libsmartcols-dev nlohmann-json3-dev libtomlplusplus-dev libidn2-dev libsodium-dev doctest-dev
  python3 sqlite3 strace faketime debootstrap dpkg-dev file systemd mandoc tzdata openssl gettext tmux zsh fish vim-tiny
  bash-completion less man-db jq libdb5.3 libnsl2 libicu72 libsasl2-2 libevent-2.1-7
  clang-14 libclang-rt-14-dev chromium chromium-driver"

if [ "$(id -u)" -eq 0 ]; then sudo=; else sudo=sudo; fi

updated=
update_once() {
  if [ -z "$updated" ]; then $sudo apt-get update -q; fi
  updated=yes
}

missing=
for package in $packages; do
  if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
    missing="$missing $package"
  fi
done
if [ -n "$missing" ]; then
  echo "installing:$missing"
  update_once
  # shellcheck disable=SC2086
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
fi

# Of the mail servers only the programs are wanted, for the tests to start: so the packages are unpacked, not installed.
# unpack PACKAGE PROGRAM: the package into build-tools/, if it does not hold the program there.
unpack() {
  tools=build-tools/$1
  if [ -x "$tools/$2" ]; then return; fi
  echo "unpacking $1 into $tools"
  update_once
  mkdir -p "$tools"
  (cd "$tools" && apt-get download -q "$1" && dpkg -x "$1"_*.deb . && rm "$1"_*.deb)
}
unpack postfix usr/sbin/smtp-sink
unpack opensmtpd usr/sbin/smtpd
