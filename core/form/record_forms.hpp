#pragma once

#include "core/form/record_form.hpp"
#include "core/model/contact.hpp"
#include "core/model/customer.hpp"
#include "core/model/overview.hpp"
#include "core/store/store.hpp"

namespace kundehub {

/// All that can be changed of a customer: the fields of customer_fields(), tags, HUB switch and modules. A private
/// customer's is without a CVR.
RecordForm<CustomerData> customer_form(const Customer& customer, Store& store);

/// All that can be changed of a contact: the fields of contact_fields(), HUB switch, primary mark and modules.
RecordForm<ContactData> contact_form(const ContactOverview& contact, Store& store);

}  // namespace kundehub
