#!/bin/sh
# A demo of kundehub and its portal, in a folder of its own: two customers, three people, their mails and login links.
#
#     data/demo/run.sh [--kundehub PROGRAM] [--port PORT] [--start] [FOLDER]
#
# FOLDER is made, and may be there if it is empty; without it the demo lies in a new folder below /tmp. --start starts the
# portal at once, in the foreground.
set -eu
data=$(cd "$(dirname "$0")/.." && pwd)  # in the sources, or among an installation's examples

program=${data%/*}/build/bin/kundehub
[ -x "$program" ] || program=kundehub
port=8000
start=
folder=

usage() {
  echo "usage: run.sh [--kundehub PROGRAM] [--port PORT] [--start] [FOLDER]" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --kundehub) program=${2-}; shift ;;
    --port) port=${2-}; shift ;;
    --start) start=yes ;;
    -*) usage ;;
    *) [ -z "$folder" ] || usage; folder=$1 ;;
  esac
  [ $# -gt 0 ] || usage
  shift
done
case $port in '' | *[!0-9]*) usage ;; esac
if ! command -v "$program" >/dev/null; then
  echo "run.sh: there is no program $program: build it, or name it with --kundehub" >&2
  exit 1
fi

umask 077  # the mails hold login links
[ -n "$folder" ] || folder=$(mktemp -d /tmp/kundehub-demo.XXXXXX)
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
if [ -n "$(ls -A "$folder")" ]; then
  echo "run.sh: $folder is not empty" >&2
  exit 1
fi

kundehub() { command "$program" --config "$folder/config.toml" --db "$folder/hub.db" --quiet "$@" >/dev/null; }

# Whom each mail is to, and the link in it: a mail's body is encoded, so its lines are no place to look for a link.
links() {
  python3 - "$folder"/mail/new/* <<'END_OF_PYTHON'
import email, email.policy, re, sys
for file in sys.argv[1:]:
    with open(file, "rb") as stream:
        mail = email.message_from_binary_file(stream, policy=email.policy.default)
    link = re.search(r"http://\S+/welcome\S+", mail.get_body(("plain",)).get_content())[0]
    print(f"  {mail['To']}\n    {link}")
END_OF_PYTHON
}

kundehub init --company "Nordlys Regnskab" --hub-url "http://127.0.0.1:$port" --mail-from "Nordlys <hub@nordlys.example>" \
  --transport "maildir:$folder/mail"
kundehub config set hub.support hub@nordlys.example
kundehub customer add --number 1001 --business "Smedjen ApS" --contact "Anna Berg <anna@smedjen.example>" \
  --contact "Ben Hall <ben@smedjen.example>"
kundehub contact edit ben@smedjen.example --language en
kundehub customer add --number 1002 --private "Ida Holm" --email ida@holm.example
kundehub hub grant 1001 --module projects --module timesheets --module invoices --no-welcome
kundehub hub grant 1002 --module projects --no-welcome
kundehub welcome send 1001 1002

# A command line to copy.
shown() { python3 -c 'import shlex, sys; print(" ", shlex.join(sys.argv[1:]))' "$@"; }

echo "The demo lies in $folder. A login link for each person, as in their mail below mail/new/:"
links
set -- --kundehub "$program" --config "$folder/config.toml" --db "$folder/hub.db"
printf '\nThe portal at http://127.0.0.1:%s is started with\n' "$port"
shown python3 "$data/portal/portal.py" "$@" --port "$port"
printf '\nAn admin sees it as a customer does, with the link of\n'
shown "$program" --config "$folder/config.toml" --db "$folder/hub.db" hub open 1001
if [ -n "$start" ]; then
  echo
  exec python3 "$data/portal/portal.py" "$@" --port "$port"
fi
