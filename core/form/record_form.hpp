#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/form/form.hpp"
#include "core/store/store.hpp"

namespace kundehub {

/// One field of a record as its form has it.
template <class Data>
struct FormField {
  FormKey key;
  std::string comment;  ///< what it takes, in a few words
  std::function<FormValue(const Data&)> get;
  std::function<void(Data&, const FormValue&, Store&)> set;  ///< throws Error: a value that breaks the field's rules
  bool is_shown = true;                                      ///< false: understood, but not offered
};

/// The fault of a field that was changed to something else while the form was open.
FormFault changed_meanwhile(const std::string& field, std::size_t line, const FormValue& now, const FormValue& wanted);

/// A record's form, from the moment it is opened until what was written in it is kept. The record may change meanwhile:
/// of the form only those fields count that somebody has changed in it.
template <class Data>
class RecordForm {
 public:
  RecordForm(std::vector<std::string> head, std::vector<FormField<Data>> fields, const Data& data)
      : m_fields(std::move(fields)) {
    std::vector<FormEntry> entries;
    for (const FormField<Data>& field : m_fields) {
      m_keys.push_back(field.key);
      m_before[field.key.name] = field.get(data);
      if (field.is_shown) entries.push_back({field.key, field.comment, field.get(data)});
    }
    m_text = write_form(head, entries);
    m_shown = read_form(m_text, m_keys);  // so that whatever a text goes through, unchanged is unchanged
  }

  [[nodiscard]] const std::string& text() const { return m_text; }

  /// `present` with the fields that were changed in the form. Throws FormError with all that is wrong; a field that
  /// somebody else has changed since the form was written is told once, and may then be changed all the same.
  Data merge(std::string_view written, const Data& present, Store& store) {
    Data merged = present;
    std::vector<FormFault> faults;
    const FormValues values = read_form(written, m_keys);
    for (const FormField<Data>& field : m_fields) {
      const auto read = values.find(field.key.name);
      if (read == values.end() || is_as_shown(field, read->second)) continue;
      try {
        take(field, read->second, merged, store, faults);
      } catch (const Error& error) {
        faults.push_back({error.kind(), read->second.line, error.what(), error.hint()});
      }
    }
    std::ranges::stable_sort(faults, {}, &FormFault::line);
    if (!faults.empty()) throw FormError(std::move(faults));
    return merged;
  }

 private:
  [[nodiscard]] bool is_as_shown(const FormField<Data>& field, const ReadValue& read) const {
    const auto shown = m_shown.find(field.key.name);
    return shown != m_shown.end() && shown->second.value == read.value;
  }

  /// `merged` has the field as the record has it now.
  void take(const FormField<Data>& field, const ReadValue& read, Data& merged, Store& store,
            std::vector<FormFault>& faults) {
    Data changed = merged;
    field.set(changed, read.value, store);
    const FormValue wanted = field.get(changed), now = field.get(merged);
    FormValue& before = m_before.at(field.key.name);
    if (wanted == before || wanted == now) return;
    if (now != before) {
      faults.push_back(changed_meanwhile(field.key.name, read.line, now, wanted));
      before = now;
      m_shown.erase(field.key.name);
      return;
    }
    merged = std::move(changed);
  }

  std::vector<FormField<Data>> m_fields;
  std::vector<FormKey> m_keys;
  std::map<std::string, FormValue> m_before;  ///< as the admin last saw it
  std::string m_text;
  FormValues m_shown;
};

}  // namespace kundehub
