#include "cli/help_examples.hpp"

#include <algorithm>
#include <array>

namespace kundehub::cli {
namespace {

struct Example {
  std::string_view noun, verb, line;
};

constexpr std::array examples{
    Example{"", "init", "kundehub init"},
    Example{"", "init",
            "kundehub init --company \"Nordlys\" --hub-url https://hub.example.dk --mail-from \"Nordlys "
            "<hub@example.dk>\" --transport maildir:mail"},
    Example{"customer", "add",
            "kundehub customer add --business \"Møllen ApS\" --contact \"Cia Dam <cia@moellen.example>\" --hub "
            "--module projects"},
    Example{"customer", "add", "kundehub customer add --private \"Ida Lund\" --email ida@lund.example --hub --welcome"},
    Example{"customer", "add", "n=$(kundehub customer add --business \"Havnen ApS\" --format ids)"},
    Example{"customer", "list", "kundehub customer list --hub on --sort name"},
    Example{"customer", "list", "kundehub customer list --tag vip --where city=Odense --format ids"},
    Example{"customer", "show", "kundehub customer show 1001"},
    Example{"customer", "show", "kundehub customer show email:ida@holm.example --json"},
    Example{"customer", "edit", "kundehub customer edit 1001 --city Odense --zip 5000 --add-tag vip"},
    Example{"customer", "edit", "kundehub customer edit 1001 --unset website"},
    Example{"customer", "archive", "kundehub customer archive 1001"},
    Example{"customer", "unarchive", "kundehub customer unarchive 1004"},
    Example{"customer", "delete", "kundehub customer delete 1003"},
    Example{"customer", "delete", "kundehub customer delete 1003 --dry-run"},
    Example{"customer", "convert", "kundehub customer convert 1002 --to business --name \"Holm ApS\""},
    Example{"customer", "merge", "kundehub customer merge 1003 1001 --prefer into"},
    Example{"customer", "search", "kundehub customer search smedjen anna"},
    Example{"customer", "search", "kundehub customer search \"+45 12 34 56 78\" --format ids"},
    Example{"customer", "import", "kundehub customer import customers.csv --dry-run"},
    Example{"customer", "import",
            "kundehub customer import customers.csv --partial --rejects rejects.csv --hub --module projects"},
    Example{"customer", "import", "kundehub customer import customers.csv --on-duplicate update"},
    Example{"customer", "export", "kundehub customer export --with-contacts --excel -o export.csv"},
    Example{"customer", "export", "kundehub customer export --tag vip --format vcard"},
    Example{"contact", "add", "kundehub contact add 1001 \"Bo Ek <bo@smedjen.example>\" --title Bogholder --welcome"},
    Example{"contact", "list", "kundehub contact list 1001"},
    Example{"contact", "list", "kundehub contact list --welcome none --format tsv"},
    Example{"contact", "show", "kundehub contact show anna@smedjen.example"},
    Example{"contact", "edit",
            "kundehub contact edit anna@smedjen.example --email anna.berg@smedjen.example --welcome"},
    Example{"contact", "edit", "kundehub contact edit contact:1 --only-module projects"},
    Example{"contact", "delete", "kundehub contact delete bo@bogholderi.example"},
    Example{"module", "list", "kundehub module list"},
    Example{"module", "add", "kundehub module add documents --da Dokumenter --en Documents"},
    Example{"module", "edit", "kundehub module edit projects --da Opgaver"},
    Example{"module", "delete", "kundehub module delete punchcards"},
    Example{"person", "show", "kundehub person show anna@smedjen.example"},
    Example{"person", "edit", "kundehub person edit anna@smedjen.example --last-name Østergaard"},
    Example{"person", "revoke", "kundehub person revoke anna@smedjen.example"},
    Example{"person", "export", "kundehub person export anna@smedjen.example -o anna.txt"},
    Example{"person", "erase", "kundehub person erase anna@smedjen.example"},
    Example{"hub", "grant", "kundehub hub grant 1001 --module invoices --welcome"},
    Example{"hub", "grant", "kundehub hub grant 1001 --contact anna@smedjen.example"},
    Example{"hub", "grant", "kundehub hub grant --tag vip --module invoices"},
    Example{"hub", "revoke", "kundehub hub revoke 1001"},
    Example{"hub", "revoke", "kundehub hub revoke 1003 --contact bo@bogholderi.example"},
    Example{"hub", "status", "kundehub hub status 1001"},
    Example{"hub", "status", "kundehub hub status --tag vip --json"},
    Example{"hub", "explain", "kundehub hub explain anna@smedjen.example --module projects"},
    Example{"hub", "open", "kundehub hub open 1001"},
    Example{"hub", "logins", "kundehub hub logins --since 30d"},
    Example{"portal", "redeem",
            "printf '%s\\n' \"$token\" | kundehub portal redeem --token-stdin --ip 192.0.2.7 --json"},
    Example{"portal", "check", "kundehub portal check --json -- anna@smedjen.example"},
    Example{"portal", "login", "kundehub portal login anna@smedjen.example --ip 192.0.2.7"},
    Example{"welcome", "send", "kundehub welcome send 1001"},
    Example{"welcome", "send", "kundehub welcome send --never-sent --dry-run"},
    Example{"welcome", "resend", "kundehub welcome resend anna@smedjen.example --message \"Tak for mødet i går.\""},
    Example{"welcome", "resend", "kundehub welcome resend --unused --yes --quiet"},
    Example{"welcome", "deliver", "kundehub welcome deliver --quiet"},
    Example{"welcome", "deliver", "kundehub welcome deliver --rate 5/s --connections 2"},
    Example{"welcome", "bounces", "kundehub welcome bounces bounces/"},
    Example{"welcome", "status", "kundehub welcome status 1001"},
    Example{"welcome", "status", "kundehub welcome status --state deferred --state failed"},
    Example{"welcome", "preview", "kundehub welcome preview 1001"},
    Example{"welcome", "preview", "kundehub welcome preview 1001 --html -o mail.html"},
    Example{"welcome", "cancel", "kundehub welcome cancel --all-queued"},
    Example{"template", "list", "kundehub template list"},
    Example{"template", "show", "kundehub template show welcome.da.txt"},
    Example{"template", "edit", "kundehub template edit welcome.da.txt"},
    Example{"template", "check", "kundehub template check"},
    Example{"template", "path", "kundehub template path"},
    Example{"config", "list", "kundehub config list --show-origin"},
    Example{"config", "get", "kundehub config get mail.transport"},
    Example{"config", "set", "kundehub config set hub.link_ttl 14d"},
    Example{"config", "unset", "kundehub config unset hub.link_ttl"},
    Example{"config", "check", "kundehub config check"},
    Example{"config", "path", "cat \"$(kundehub config path)\""},
    Example{"db", "status", "kundehub db status"},
    Example{"db", "check", "kundehub db check"},
    Example{"db", "migrate", "kundehub db migrate"},
    Example{"db", "backup", "kundehub db backup backup.db"},
    Example{"db", "restore", "kundehub db restore older.db"},
    Example{"db", "key", "kundehub db key export key.txt"},
    Example{"", "log", "kundehub log --customer 1001 --since 7d"},
    Example{"", "log", "kundehub log op:2"},
    Example{"", "undo", "kundehub undo --dry-run"},
    Example{"", "undo", "kundehub undo op:5"},
    Example{"", "batch", "kundehub batch changes.txt --atomic --dry-run"},
    Example{"", "batch", "kundehub batch --keep-going --json <changes.txt"},
    Example{"", "completion", "source <(kundehub completion bash)"},
    Example{"", "completion", "kundehub completion fish >~/.config/fish/completions/kundehub.fish"},
    Example{"", "doctor", "kundehub doctor"},
    Example{"", "doctor", "kundehub doctor --send-test me@example.dk"},
    Example{"", "doctor", "kundehub doctor --json"},
};

}  // namespace

std::vector<std::string_view> examples_of(std::string_view noun, std::string_view verb) {
  std::vector<std::string_view> lines;
  for (const Example& example : examples) {
    if (example.noun == noun && example.verb == verb) lines.push_back(example.line);
  }
  return lines;
}

}  // namespace kundehub::cli
