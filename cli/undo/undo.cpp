#include <ostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/log/change_report.hpp"
#include "cli/options.hpp"
#include "cli/records.hpp"
#include "core/service/lookup.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

struct UndoOptions {
  std::string operation;
  bool force = false;
};

constexpr std::size_t named_contacts = 20;

/// What is taken back, and what came of it.
struct Undoing {
  OperationEntry undone;
  UndoResult result;
};

/// The actor's latest operation that has left anything: mails that have gone have not.
Undoing undo_latest(Operation& operation, ConflictPolicy policy, Session& session, Store& store) {
  const std::string actor = session.actor();
  std::optional<OperationId> id;
  while ((id = store.undoable_operation(actor, id))) {
    UndoResult result = operation.undo(*id, policy);
    if (result.operation || result.conflict_count > 0) return {*store.operation(*id), std::move(result)};
  }
  throw Error(ErrorKind::not_found, tr("{} has no operation that could be undone", text::quoted(actor)),
              tr("name one that kundehub log shows: kundehub undo op:N"));
}

Undoing undo_named(const std::string& name, Operation& operation, ConflictPolicy policy, Store& store) {
  const OperationEntry undone = find_operation(store, name);
  return {undone, operation.undo(undone.id, policy)};
}

std::string describe_field(const UndoConflictField& field, OperationId undone) {
  const auto value = [](const std::string& text) { return text.empty() ? tr("none") : text::quoted(text); };
  return tr("{} was {} before op:{}, {} after it, and is {} now", field.field, value(field.before), undone.value,
            value(field.after), value(field.now));
}

std::string describe_conflict(const UndoConflict& conflict, OperationId undone) {
  std::string text = fmt::format("{}{}{}{}", conflict.record, conflict.id.empty() ? "" : " " + conflict.id,
                                 conflict.name.empty() ? "" : fmt::format(" ({})", conflict.name), ": ");
  switch (conflict.kind) {
    case UndoConflictKind::added:
      return text + tr("was added since, and would go too");
    case UndoConflictKind::deleted:
      return text + tr("has been deleted since, and stays so");
    case UndoConflictKind::reached:
      return text + tr("was sent a mail, or has logged in, since");
    case UndoConflictKind::changed:
      break;
  }
  if (conflict.fields.empty()) return text + tr("has changed since");
  for (std::size_t i = 0; i < conflict.fields.size(); ++i)
    text += (i > 0 ? "; " : "") + describe_field(conflict.fields[i], undone);
  return text;
}

/// Shows what has changed since. Throws Error{conflict} unless that is to be overridden.
void settle_conflicts(const UndoResult& result, OperationId undone, ConflictPolicy policy, Session& session) {
  for (const UndoConflict& conflict : result.conflicts) {
    const std::string text = describe_conflict(conflict, undone);
    if (policy == ConflictPolicy::override)
      session.warn(text);
    else
      session.warn_of_refusal(Error(ErrorKind::conflict, text));
  }
  if (result.conflict_count == 0 || policy == ConflictPolicy::override) return;
  throw Error(
      ErrorKind::conflict,
      tr_n("op:{} was not undone: {} record has changed since", "op:{} was not undone: {} records have changed since",
           static_cast<std::size_t>(result.conflict_count), undone.value, result.conflict_count),
      tr("kundehub undo op:{} --force goes over it; kundehub log tells who it was", undone.value));
}

std::string count_mails(std::int64_t count) {
  return tr_n("{} welcome mail", "{} welcome mails", static_cast<std::size_t>(count), count);
}

/// Mails and links are in the world: what an undo cannot do about them.
void tell_of_mails(const UndoResult& result, OperationId undone, Session& session) {
  for (const std::string& address : result.left_mails)
    session.warn(tr("the welcome mail to {} has left and cannot be recalled", address));
  if (result.cancelled_mails > 0) session.note(tr("{} taken out of the queue", count_mails(result.cancelled_mails)));
  if (result.unsent_mails > 0) {
    session.note(
        tr("{} that op:{} took out of the queue will not be sent", count_mails(result.unsent_mails), undone.value),
        "kundehub welcome send CONTACT");
  }
  if (result.without_way_in > 0) {
    session.note(tr_n("{} contact with HUB access cannot log in: a login link that has ended does not revive",
                      "{} contacts with HUB access cannot log in: a login link that has ended does not revive",
                      static_cast<std::size_t>(result.without_way_in), result.without_way_in),
                 "kundehub welcome send CONTACT");
  }
}

void tell_of_readmitted(const UndoResult& result, Session& session, Store& store) {
  for (std::size_t i = 0; i < result.readmitted.size() && i < named_contacts; ++i)
    session.warn(tr("{} may log in again", describe(*store.contact(result.readmitted[i], session.now()))));
  if (result.readmitted.size() > named_contacts)
    session.warn(tr("and {} more may log in again", result.readmitted.size() - named_contacts));
}

void print_undo(Session& session, Store& store, const OperationEntry& undo) {
  const OutputOptions& output = session.options().output;
  const bool shows_changes = session.options().dry_run;
  if (shows_changes && output.format.value_or(Format::table) == Format::table && output.fields.empty())
    return print_difference(session, store, undo);
  Record record = to_record(undo);
  record["changes"] = shows_changes ? changes_record(store, undo.id) : Record(nullptr);
  RecordWriter writer(session.out(), output, operation_page_kind, RecordWriter::Shape::one);
  writer.add(record);
  writer.finish();
}

ExitCode run_undo(const UndoOptions& options, Session& session) {
  check_fields(session.options().output, operation_page_kind);
  const ConflictPolicy policy = options.force ? ConflictPolicy::override : ConflictPolicy::refuse;
  Store& store = session.writing_store();
  const auto operation = session.begin_operation(store);
  const auto [undone, result] = options.operation.empty() ? undo_latest(*operation, policy, session, store)
                                                          : undo_named(options.operation, *operation, policy, store);
  settle_conflicts(result, undone.id, policy, session);
  if (!result.operation) {
    session.note(tr("op:{} ({}) has left nothing that could be taken back", undone.id.value, undone.context.command));
    tell_of_mails(result, undone.id, session);
    return ExitCode::ok;
  }
  const OperationEntry undo = *store.operation(*result.operation);
  if (session.options().dry_run) print_undo(session, store, undo);
  session.commit(*operation);
  session.note(
      fmt::format("{}: {}",
                  session.options().dry_run ? tr("op:{} ({}) would be undone", undone.id.value, undone.context.command)
                                            : tr("op:{} ({}) is undone", undone.id.value, undone.context.command),
                  tr_n("{} record changed back, {} deleted, {} brought back",
                       "{} records changed back, {} deleted, {} brought back", static_cast<std::size_t>(result.changed),
                       result.changed, result.deleted, result.restored)),
      session.options().dry_run ? "" : tr("kundehub log op:{0}; kundehub undo op:{0} redoes it", undo.id.value));
  tell_of_mails(result, undone.id, session);
  if (!session.options().dry_run) tell_of_readmitted(result, session, store);
  if (!session.options().dry_run) print_undo(session, store, undo);
  return ExitCode::ok;
}

}  // namespace

void add_undo(CLI::App& parent, Action& chosen) {
  auto options = std::make_shared<UndoOptions>();
  CLI::App* undo =
      add_verb(parent, "undo", "take an operation back; an undo can be undone itself", options, run_undo, chosen);
  undo->add_option("operation", options->operation,
                   "op:N as kundehub log shows it; default: your latest one that is not undone")
      ->type_name("OPERATION");
  undo->add_flag("--force", options->force, "go over what has changed since");
}

}  // namespace kundehub::cli
