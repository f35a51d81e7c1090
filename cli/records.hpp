#pragma once

#include "cli/output.hpp"
#include "core/model/access.hpp"
#include "core/model/change.hpp"
#include "core/model/login.hpp"
#include "core/model/module.hpp"
#include "core/model/operation.hpp"
#include "core/model/overview.hpp"
#include "core/model/welcome.hpp"
#include "core/welcome/send_plan.hpp"

/// The domain's values as records that scripts see. Ids are printed as commands accept them: `id:3`, `contact:7`,
/// `op:12`.
namespace kundehub::cli {

extern const RecordKind customer_kind;
extern const RecordKind customer_page_kind;
extern const RecordKind contact_kind;
extern const RecordKind module_kind;
extern const RecordKind access_kind;
extern const RecordKind login_kind;
extern const RecordKind welcome_kind;
extern const RecordKind plan_kind;
extern const RecordKind operation_kind;
extern const RecordKind operation_page_kind;

Record to_record(const CustomerOverview& customer);
Record to_record(const ContactOverview& contact, Time now);
Record to_record(const Module& module);
Record to_record(const OperationEntry& operation);
Record to_record(const RecordChange& change);

/// One line of `hub status`.
Record access_record(const ContactOverview& contact, Time now);

/// One line of `hub logins`.
Record login_record(const ContactOverview& contact, const Login& login);

/// One line of `welcome status`. The tries only where they are asked for.
Record welcome_record(const ContactOverview& contact, const Welcome& welcome);
Record to_record(const WelcomeTry& attempt);

/// One line of a send plan.
Record to_record(const PlannedSend& planned);

/// A time as records hold it: RFC 3339, or null.
Record time_value(const std::optional<Time>& time);

/// Null for an empty text.
Record text_value(const std::string& text);

/// `contact:7`.
std::string contact_ref(ContactId id);

}  // namespace kundehub::cli
