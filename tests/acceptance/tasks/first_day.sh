#!/bin/sh
# The first day, from init to the first login, and what follows it: what a script relies on are ids, counts, exit codes and
# JSON. No text for people is read. $customers is a CSV file with three businesses and their contacts.
set -eu
LC_ALL=C
export LC_ALL
exec </dev/null
: "${customers:?}"

is() {
  test "$1" = "$2" || { echo "it is $1, and $2 was to be expected" >&2; exit 1; }
}

# fails CODE COMMAND...: it ends with this code, and prints nothing.
fails() {
  expected=$1 ended=0
  shift
  printed=$("$@" 2>/dev/null) || ended=$?
  test "$ended" -eq "$expected" || { echo "exit $ended instead of $expected: $*" >&2; exit 1; }
  is "$printed" ""
}

# answers CODE COMMAND...: it ends with this code.
answers() {
  expected=$1 ended=0
  shift
  "$@" >/dev/null || ended=$?
  is "$ended" "$expected"
}

count() {
  kundehub "$@" --format count
}

mails() {
  set -- Maildir/new/*
  if test -e "$1"; then echo $#; else echo 0; fi
}

# What the person reads: the link's token in the newest mail to this address. A mail program decodes the mail.
token_of() {
  python3 -c '
import email, email.policy, pathlib, re, sys
mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in
         sorted(pathlib.Path("Maildir/new").iterdir(), key=lambda path: path.stat().st_mtime_ns)]
text, = [mail.get_body(("plain",)).get_content() for mail in mails if sys.argv[1] in mail["To"]][-1:]
print(re.search(r"token=([\w-]+)", text)[1])' "$1"
}

# --- the installation

fails 78 kundehub customer list
database=$(kundehub init --company "Rødgrød Regnskab ApS" --hub-url https://hub.example.dk \
  --mail-from "Rødgrød <hub@example.dk>" --transport "maildir:$PWD/Maildir" --format ids)
is "$database" "$KUNDEHUB_DB"
is "$(kundehub init --json | jq -r .database_created)" false
kundehub config check --quiet >/dev/null
kundehub doctor --quiet >/dev/null
is "$(kundehub config get mail.transport)" "maildir:$PWD/Maildir"
is "$(count customer list)" 0
is "$(kundehub customer list --json | jq length)" 0
is "$(count module list)" 4

# --- customers

person=$(kundehub customer add --private "Sørine Ågård-Æbelø" --email soerine@example.dk --hub --welcome --format ids)
is "$(mails)" 1
firm=$(kundehub customer add --business "Smedjen på Ærø ApS" --cvr 13585628 --contact "Åse Ægidius <aase@smedjen.example.dk>" \
  --contact "Bo Østergård <bo@smedjen.example.dk>" --format ids)
test "$firm" -gt "$person"
is "$(count contact list "$firm")" 2
is "$(kundehub customer add --business "Smedjen" --cvr 13585628 --if-not-exists --format ids)" "$firm"
full=$(kundehub customer add --business "Møllen ApS" --number 2001 --cvr 12345674 --email regning@moellen.example.dk \
  --phone "+45 12345678" --address "Ågade 1" --zip 8000 --city "Aarhus C" --country DK --language en \
  --website https://moellen.example.dk --notes "Ring først" --tag vip --tag ny --contact "Cia Dam <cia@moellen.example.dk>" \
  --no-hub --module projects --no-welcome --format ids)
is "$full" 2001
is "$(kundehub customer show "$full" --json | jq -c '[.hub, .modules, .tags, .language]')" '["off",["projects"],["ny","vip"],"en"]'
greeted=$(kundehub customer add --business "Havnen ApS" --contact "Eva Lind <eva@havnen.example.dk>" \
  --contact "Per Krog <per@havnen.example.dk>" --hub --module invoices --module projects --welcome --format ids)
is "$(mails)" 3
empty=$(kundehub customer add --business "Tom ApS" --format ids)
kundehub customer add --private "Carl Lund" --no-hub --dry-run --format ids >/dev/null
is "$(count customer list)" 5
is "$(count customer list --kind private)" 1
is "$(kundehub customer list --where cvr=13585628 --format ids)" "$firm"
is "$(kundehub customer search ægidius --format ids)" "$firm"
is "$(kundehub customer show "cvr:12345674" --format ids)" "$full"

fails 2 kundehub customer add --business "A" --private "B"
fails 2 kundehub customer lisst
fails 3 kundehub customer show 9999
fails 4 kundehub customer add --business "A" --number "$firm"
fails 4 kundehub customer add --business "A" --hub --welcome
fails 4 kundehub hub grant "$empty"
fails 65 kundehub customer add --business "A" --cvr 12345678
fails 65 kundehub customer add --private "A" --email a@b@c
is "$(kundehub customer show 9999 --json 2>&1 | tail -n 1 | jq -r '.error.kind')" not_found
is "$(count customer list)" 5

# --- contacts, later

later=$(kundehub contact add "$firm" "Dora Dam <dora@smedjen.example.dk>" --title Bogholder --format ids)
is "$(count contact list "$firm")" 3
spare=$(kundehub contact add "$empty" "Ida Juhl <ida@tom.example.dk>" --no-hub --format ids)
fails 4 kundehub contact add "$firm" "Dora Dam <dora@smedjen.example.dk>"
fails 4 kundehub contact add "$person" "Bo Ek <bo@ek.example.dk>"
is "$(mails)" 3

# --- access

is "$(kundehub hub grant "$firm" --module timesheets --module invoices --json | jq -c 'map(.access)')" '[false,false,false]'
is "$(mails)" 3
answers 10 kundehub hub explain aase@smedjen.example.dk
is "$(kundehub welcome send "$firm" --dry-run --format count)" 3
is "$(mails)" 3
is "$(kundehub welcome send "$firm" --format count)" 3
is "$(mails)" 6
is "$(kundehub welcome send "$firm" --format count)" 0
is "$(mails)" 6
is "$(kundehub welcome status "$firm" --json | jq -c 'map([.state, .tries]) | unique')" '[["sent",1]]'
is "$(kundehub hub status "$firm" --json | jq -c 'map(.access) | unique')" '[true]'
for address in soerine@example.dk aase@smedjen.example.dk bo@smedjen.example.dk dora@smedjen.example.dk; do
  kundehub hub explain "$address" >/dev/null
done
answers 5 kundehub hub grant "$firm" 9999 --module projects --dry-run

# --- the links

token=$(token_of aase@smedjen.example.dk)
test "$token" != "$(token_of bo@smedjen.example.dk)"
case $(kundehub welcome preview aase@smedjen.example.dk --text --reveal-link) in *"$token"*) ;; *) exit 1 ;; esac
case $(kundehub welcome preview aase@smedjen.example.dk --text) in *"$token"*) exit 1 ;; esac
redeem() {
  printf '%s\n' "$1" | kundehub portal redeem --token-stdin --format ids
}
redeem_again() {
  printf '%s\n' "$1" | kundehub portal redeem --token-stdin
}
aase=$(redeem "$token")
is "$(kundehub contact show aase@smedjen.example.dk --format ids)" "$aase"
answers 10 redeem_again "$token"
kundehub hub explain "$aase" --module invoices >/dev/null
answers 10 kundehub hub explain "$aase" --module projects
is "$(kundehub portal check aase@smedjen.example.dk --format ids)" "$aase"
answers 10 kundehub portal check nobody@example.dk
is "$(kundehub portal login "$aase" --format ids)" "$aase"
is "$(count hub logins "$firm")" 2
is "$(kundehub welcome status --state used --format ids)" "$aase"

# --- an import

is "$(kundehub customer import "$customers" --tag kartotek --dry-run --json | jq -c '[.new, .contacts, .operation]')" '[3,4,null]'
is "$(count customer list)" 5
operation=$(kundehub customer import "$customers" --tag kartotek --format ids)
is "$(count customer list --tag kartotek)" 3
is "$(kundehub log "$operation" --format ids)" "$operation"
fails 4 kundehub customer import "$customers"
is "$(kundehub customer import "$customers" --on-duplicate skip --json | jq -c '[.new, .duplicates]')" '[0,3]'
is "$(kundehub customer import "$customers" --on-duplicate update --json | jq -c '[.new, .changed, .unchanged]')" '[0,0,3]'
is "$(count customer list)" 8
is "$(mails)" 6

# --- access for many, and mails at once and later

is "$(kundehub customer list --tag kartotek --format ids | kundehub hub grant --ids-from - --module projects --format count)" 4
is "$(count customer list --tag kartotek --hub on --module projects)" 3
fails 6 kundehub hub grant --tag vip --all-modules
is "$(kundehub hub grant --tag vip --all-modules --yes --format count)" 1
is "$(kundehub hub grant "$empty" --contact "$spare" --module invoices --format ids)" "$spare"
fails 6 kundehub welcome send --never-sent
waiting=$(kundehub welcome send --never-sent --yes --dry-run --format count)
is "$waiting" 6
is "$(kundehub welcome send --tag kartotek --queue --yes --format count)" 4
is "$(mails)" 6
is "$(count welcome status --state queued)" 4
last=$(kundehub contact list --tag kartotek --format ids | tail -n 1)
is "$(kundehub welcome cancel "$last" --format ids)" "$last"
is "$(kundehub welcome deliver --dry-run --format count)" 3
is "$(kundehub welcome deliver --format count)" 3
is "$(kundehub welcome deliver --format count)" 0
is "$(mails)" 9
is "$(kundehub welcome send --never-sent --yes --format count)" 3
is "$(mails)" 12
is "$(kundehub welcome resend bo@smedjen.example.dk --format ids)" "$(kundehub contact show bo@smedjen.example.dk --format ids)"
is "$(mails)" 13
fails 6 kundehub welcome resend --unused --older-than 0s --min-gap 0s
is "$(kundehub welcome resend --unused --yes --format count)" 0
is "$(count hub status)" "$(kundehub hub status --json | jq 'map(select(.access)) | length')"

# --- changes

kundehub contact edit "$later" --title Direktør --primary --format ids >/dev/null
is "$(kundehub contact list "$firm" --json | jq -r '.[] | select(.primary) | .id')" "$later"
old=$(token_of dora@smedjen.example.dk)
is "$(kundehub contact edit "$later" --email dora.dam@smedjen.example.dk --welcome --format ids)" "$later"
is "$(mails)" 14
answers 10 redeem_again "$old"
is "$(redeem "$(token_of dora.dam@smedjen.example.dk)")" "$later"
fails 6 kundehub contact delete "$spare"
is "$(kundehub contact delete "$spare" --yes --dry-run --format ids)" "$spare"
is "$(count contact list "$empty")" 1
is "$(kundehub contact delete "$spare" --yes --format ids)" "$spare"
fails 3 kundehub contact show "$spare"
is "$(kundehub customer edit "$firm" --city Marstal --add-tag kunde --format ids)" "$firm"
is "$(kundehub customer edit "$firm" --unset city --json | jq .city)" null
fails 2 kundehub customer edit "$firm"

# --- the end of an access, and its return

is "$(kundehub hub revoke "$firm" --contact "$aase" --json | jq -r ".[] | select(.access | not) | .contact")" "$aase"
answers 10 kundehub hub explain "$aase"
is "$(kundehub hub grant "$firm" --contact "$aase" --json | jq -c "map(.access) | unique")" "[true]"
kundehub hub explain "$aase" >/dev/null
is "$(kundehub hub revoke "$greeted" --format count)" 2
is "$(kundehub hub status "$greeted" --json | jq -c 'map(.access) | unique')" '[false]'
is "$(kundehub customer archive "$firm" --format ids)" "$firm"
is "$(kundehub customer list --archived --format ids)" "$firm"
answers 10 kundehub portal check aase@smedjen.example.dk
fails 4 kundehub welcome send "$firm"
is "$(kundehub customer unarchive "$firm" --format ids)" "$firm"
is "$(count customer list --archived)" 0
kundehub hub explain "$aase" >/dev/null
answers 10 kundehub hub explain bo@smedjen.example.dk

# --- the log, and what it takes back

is "$(kundehub customer edit "$full" --phone 87654321 --json | jq -r .phone)" 87654321
latest=$(kundehub log --limit 1 --format ids)
is "$(kundehub log "$latest" --json | jq -r '.changes[].fields[] | select(.field == "phone") | .before')" "+45 12345678"
before=$(count log)
kundehub undo --dry-run --format ids >/dev/null
is "$(count log)" "$before"
undone=$(kundehub undo --format ids)
is "$(kundehub log "$undone" --json | jq -r .undoes)" "$latest"
is "$(kundehub customer show "$full" --json | jq -r .phone)" "+45 12345678"
kundehub undo "$undone" --format ids >/dev/null
is "$(kundehub customer show "$full" --json | jq -r .phone)" 87654321
fails 3 kundehub undo op:9999

# --- one person, and everything

is "$(kundehub person show aase@smedjen.example.dk --format ids)" "$aase"
is "$(kundehub person export aase@smedjen.example.dk --json | jq -r .email)" aase@smedjen.example.dk
fails 3 kundehub person show nobody@example.dk
is "$(kundehub db backup backup.db --format ids)" backup.db
is "$(count db check)" 0
is "$(kundehub db key export backup.db.key --format ids)" backup.db.key
is "$(kundehub db check --db backup.db --format count)" 0
is "$(kundehub db status --json | jq -c '[.customers, .contacts]')" \
  "[$(count customer list --all),$(count contact list)]"
is "$(kundehub customer export --all --format json | jq length)" "$(count customer list --all)"
kundehub customer export --all --format jsonl -o export.jsonl
is "$(jq -s length export.jsonl)" 8
fails 6 kundehub customer delete "$full"
is "$(kundehub customer delete "$full" --yes --format ids)" "$full"
is "$(count customer list --all)" 7
fails 3 kundehub customer show "$full"
fails 6 kundehub db restore backup.db
kundehub db restore backup.db --yes --quiet >/dev/null
is "$(kundehub customer show "$full" --format ids)" "$full"
is "$(count db check)" 0
