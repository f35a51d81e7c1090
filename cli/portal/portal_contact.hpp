#pragma once

#include "cli/output.hpp"
#include "core/model/overview.hpp"

namespace kundehub::cli {

/// What a portal learns of a contact who may come in: `contact`, `customer`, `customer_name`, `kind`, `name`,
/// `first_name`, `last_name`, `email`, `language`, `modules`, which are those the contact may use.
Record portal_contact_record(const ContactOverview& contact);

}  // namespace kundehub::cli
