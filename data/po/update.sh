#!/bin/sh
# Brings the catalogs in step with the sources: what is new stands in them untranslated, what is no longer said goes.
set -eu
cd "$(dirname "$0")"
messages=$(mktemp)
trap 'rm -f "$messages"' EXIT
./extract.sh >"$messages"
for catalog in *.po; do
  msgmerge --quiet --no-fuzzy-matching --no-wrap --add-location=file --backup=none --update "$catalog" "$messages"
  msgattrib --no-obsolete --no-wrap --add-location=file --output-file="$catalog" "$catalog"
  msgattrib --untranslated --no-wrap "$catalog"
done
