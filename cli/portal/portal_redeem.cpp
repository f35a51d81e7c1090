#include <istream>
#include <string>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/ending.hpp"
#include "cli/options.hpp"
#include "cli/portal/portal_contact.hpp"
#include "cli/records.hpp"
#include "core/model/ip_address.hpp"
#include "core/text/translate.hpp"
#include "core/welcome/redeem.hpp"

namespace kundehub::cli {
namespace {

struct PortalRedeemOptions {
  bool token_stdin = false;
  std::optional<std::string> ip;
};

const RecordKind redeem_kind{
    {"redeemed", "reason", "text", "retry_after", "contact", "customer", "customer_name", "kind", "name", "first_name",
     "last_name", "email", "language", "modules", "impersonation"},
    {"redeemed", "reason", "text", "contact", "customer", "customer_name", "name", "email", "language", "modules",
     "impersonation"},
    [](const Record& record) {
      return record.at("contact").is_null() ? std::string() : record.at("contact").get<std::string>();
    }};

/// The first line of stdin: a portal may keep the pipe open. What is longer than this is no token of ours anyway.
std::string read_token(Session& session) {
  constexpr std::size_t longest = 256;
  if (session.is_line())
    throw Error(ErrorKind::usage, tr("a line of a batch has no standard input"), tr("run portal redeem by itself"));
  std::string token;
  for (char c = 0; token.size() < longest && session.in().get(c) && c != '\n';) token += c;
  if (session.in().bad()) throw Error(ErrorKind::no_input, tr("standard input cannot be read"), tr("try again"));
  if (token.ends_with('\r')) token.pop_back();
  return token;
}

Record to_record(const RedeemAnswer& answer) {
  Record record = Record::object();
  record["redeemed"] = answer.contact.has_value();
  record["reason"] = answer.refusal ? Record(to_string(*answer.refusal)) : Record(nullptr);
  record["text"] = answer.text;
  record["retry_after"] = answer.retry_after ? Record(answer.retry_after->count()) : Record(nullptr);
  for (const std::string_view field : redeem_kind.fields) {
    if (!record.contains(field)) record[std::string(field)] = nullptr;
  }
  if (!answer.contact) return record;
  record.update(portal_contact_record(*answer.contact));
  record["impersonation"] = answer.is_impersonation;
  return record;
}

ExitCode run_portal_redeem(const PortalRedeemOptions& options, Session& session) {
  RecordWriter writer(session.out(), session.options().output, redeem_kind, RecordWriter::Shape::one);
  RedeemRequest request{.token = read_token(session)};
  if (options.ip) request.ip = parse_ip_address(*options.ip);
  Store& store = session.writing_store();
  request.at = session.now();  // now that it is this command's turn
  const bool is_dry = session.options().dry_run;
  const RedeemAnswer answer =
      redeem(store, session.key(), request, is_dry ? OperationMode::dry_run : OperationMode::keep);
  if (is_dry) session.note(tr("dry run: nothing was changed"));
  if (answer.contact && !is_dry) session.mark_changed();
  const ExitCode code = ending(answer.trouble, answer.contact ? ExitCode::ok : ExitCode::no, session);
  writer.add(to_record(answer));
  writer.finish();
  return code;
}

}  // namespace

void add_portal_redeem(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<PortalRedeemOptions>();
  CLI::App* redeem = add_verb(parent, "redeem", "use a login link, once, and tell whom it lets in; exit 0 or 10",
                              options, run_portal_redeem, chosen);
  redeem->add_flag("--token-stdin", options->token_stdin, "the token is the first line of standard input")->required();
  redeem->add_option("--ip", options->ip, "where the person is, which limits guessing from there")
      ->type_name("ADDRESS");
}

}  // namespace kundehub::cli
