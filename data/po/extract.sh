#!/bin/sh
# Prints the messages of the sources as a gettext template (POT): tr() and tr_n() with what they are filled in with, the
# literals that translatable() marks, and the descriptions of options, verbs and switches, which CLI11 keeps.
set -eu
cd "$(dirname "$0")/../.."
find cli core -name '*.[ch]pp' -not -path 'core/mail/module/*' | LC_ALL=C sort | xgettext \
  --files-from=- --language=C++ --from-code=UTF-8 --output=- --omit-header --add-location=file --sort-by-file --no-wrap \
  --keyword --keyword=tr:1 --keyword=tr_n:1,2 --keyword=translatable:1 \
  --flag=tr:1:pass-python-brace-format \
  --keyword=add_option:3 --keyword=add_flag:3 --keyword=add_verb:3 --keyword=add_repeated:4 --keyword=add_field:3 \
  --keyword=add_toggle:4 --keyword=add_toggle:5 --keyword=footer:1 --keyword=description:1
