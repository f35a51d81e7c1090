#!/bin/sh
# Installs what building and testing need on Debian 12. Does nothing when everything is there; needs root, or sudo.
set -eu
cd "$(dirname "$0")/.."

packages="cmake ninja-build g++ ccache pkg-config clang-format clang-tidy git ca-certificates
  libcli11-dev libsqlitecpp-dev libsqlite3-dev libfmt-dev libcurl4-openssl-dev libgmime-3.0-dev libkainjow-mustache-dev
  libutf8proc-dev libsmartcols-dev nlohmann-json3-dev libtomlplusplus-dev libidn2-dev libsodium-dev doctest-dev
  python3 sqlite3 mandoc tzdata openssl libdb5.3 libnsl2 libicu72"

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

# Postfix's smtp-sink and smtp-source are wanted, and no mail server: so the package is unpacked, not installed.
tools=build-tools/postfix
if [ ! -x "$tools/usr/sbin/smtp-sink" ]; then
  echo "unpacking postfix into $tools"
  update_once
  mkdir -p "$tools"
  (cd "$tools" && apt-get download -q postfix && dpkg -x postfix_*.deb . && rm postfix_*.deb)
fi
