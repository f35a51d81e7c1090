#!/bin/sh
# Lints the manual pages: check_man.sh PAGE...   Errors and warnings fail; matters of style are shown.
# mandoc's check that the pages named in a page are there (STYLE: referenced manual not found) cannot hold before an
# install: so each page of ours that one names has to be beside it.
set -u
if [ $# -eq 0 ]; then
  echo "no manual page was given" >&2
  exit 1
fi
status=0
for page in "$@"; do
  for named in $(sed -n 's/^.*Xr \(kundehub[a-z-]*\) \([1-8]\).*$/\1.\2/p' "$page" | sort -u); do
    if [ ! -f "$(dirname "$page")/$named" ]; then
      echo "$page names $named, which is not there" >&2
      status=1
    fi
  done
done
mandoc -T lint -W style "$@" | grep -v 'STYLE: referenced manual not found'
mandoc -T lint -W warning "$@" >/dev/null || status=1
exit $status
