#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/exchange/record_reader.hpp"
#include "core/model/contact.hpp"
#include "core/model/customer.hpp"
#include "core/model/module.hpp"

namespace kundehub::exchange {

/// What an import adds to what its file says.
struct ImportPolicy {
  std::optional<CustomerKind> kind;  ///< absent: found for each row
  CustomerData defaults;  ///< what new customers have where the file says nothing: country, language, hub, modules
  std::optional<HubSwitch> hub;            ///< for all of them
  std::vector<std::string> modules, tags;  ///< for all of them, besides their own; sorted
  std::vector<Module> known_modules;
};

struct ImportedContact {
  ContactData data;
  FieldSet present;  ///< fields that the file has a place for
  FieldSet given;    ///< fields that the record gives a value to
};

/// A record of the file as a customer of the domain. If it is new, it is to be stored just so.
struct ImportedCustomer {
  std::int64_t row = 0, line = 0;
  std::optional<CustomerNumber> number;
  CustomerData data;
  std::vector<ImportedContact> contacts;  ///< of a business; none is primary unless the file says so
  std::string title;                      ///< of a private person
  FieldSet present;                       ///< fields that the file has a place for
  FieldSet given;                         ///< fields that the record, or an option, gives a value to
  bool is_guess = false;                  ///< its kind stands nowhere
};

/// Makes customers of records, by the domain's rules.
class CustomerBuilder {
 public:
  explicit CustomerBuilder(ImportPolicy policy) : m_policy(std::move(policy)) {}

  /// Everything that is wrong with the record, with the columns' names; empty if `customer` is good. If it is not, the
  /// number, CVR number and address are there all the same, as far as they can be read. `warnings` gets what an admin
  /// may want to look at.
  std::string build(const ImportRecord& record, const std::vector<ImportColumn>& columns, ImportedCustomer& customer,
                    std::vector<std::string>& warnings);

 private:
  class Faults;

  void find_kind(const ImportRecord& record, ImportedCustomer& customer, Faults& faults) const;
  void set_name(const ImportRecord& record, ImportedCustomer& customer, Faults& faults) const;
  void set_texts(const ImportRecord& record, ImportedCustomer& customer, Faults& faults) const;
  void set_locale(const ImportRecord& record, ImportedCustomer& customer, Faults& faults) const;
  void set_access(const ImportRecord& record, ImportedCustomer& customer, Faults& faults) const;
  void set_contacts(const ImportRecord& record, ImportedCustomer& customer, Faults& faults,
                    std::vector<std::string>& warnings) const;
  void join_person(const ContactTexts& texts, ImportedCustomer& customer, Faults& faults,
                   std::vector<std::string>& warnings) const;
  [[nodiscard]] std::string module_key(std::string_view name) const;

  [[nodiscard]] bool continues_last(const ImportRecord& record) const;

  ImportPolicy m_policy;
  std::string m_last_number, m_last_name;  ///< of the record before
  CustomerKind m_last_kind = CustomerKind::business;
};

}  // namespace kundehub::exchange
