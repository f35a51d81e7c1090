#!/bin/sh
# Lints the manual pages: check_man.sh PAGE...   Errors and warnings fail; matters of style are shown.
# The check that the pages named in a page are there (STYLE: referenced manual not found) cannot hold before an install.
set -u
if [ $# -eq 0 ]; then
  echo "no manual page was given" >&2
  exit 1
fi
mandoc -T lint -W style "$@" | grep -v 'STYLE: referenced manual not found'
mandoc -T lint -W warning "$@" >/dev/null
