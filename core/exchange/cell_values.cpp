#include "core/exchange/cell_values.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "core/exchange/name_table.hpp"
#include "core/model/error.hpp"
#include "core/text/code_points.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::exchange {
namespace {

using Words = std::span<const std::string_view>;

/// `folded`: a folded_name.
bool is_one_of(std::string_view folded, Words words) {
  return std::find(words.begin(), words.end(), folded) != words.end();
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The form without dots: `A.M.B.A.` is AMBA.
bool is_company_form(std::string_view word) {
  // Short ones are names of people too, or parts of them, unless they stand in capitals.
  constexpr std::array<std::string_view, 12> capitals{"AB", "AS", "SA", "AG", "KG", "BV",
                                                      "NV", "UG", "OY", "KS", "PS", "IS"};
  constexpr std::array<std::string_view, 27> any_case{
      "a/s", "aps", "i/s", "ivs", "p/s", "k/s",  "amba", "smba", "fmba", "ltd",  "limited", "gmbh", "asa", "inc",
      "llc", "llp", "plc", "oyj", "sas", "sarl", "srl",  "spa",  "ohg",  "corp", "ehf",     "hf",   "mbh"};
  std::string form(word);
  std::erase_if(form, [](char c) { return c == '.' || c == ',' || c == '(' || c == ')'; });
  if (std::find(capitals.begin(), capitals.end(), form) != capitals.end()) return true;
  std::transform(form.begin(), form.end(), form.begin(), lower);
  return std::find(any_case.begin(), any_case.end(), form) != any_case.end();
}

}  // namespace

std::optional<CustomerKind> kind_of_word(std::string_view word) {
  constexpr std::array<std::string_view, 8> people{"private", "privat",     "privatkunde", "privatperson",
                                                   "person",  "individual", "forbruger",   "b2c"};
  constexpr std::array<std::string_view, 10> firms{"business", "virksomhed", "firma",        "erhverv", "erhvervskunde",
                                                   "company",  "selskab",    "organisation", "b2b",     "organization"};
  const std::string folded = folded_name(word);
  if (is_one_of(folded, people)) return CustomerKind::private_person;
  if (is_one_of(folded, firms)) return CustomerKind::business;
  return std::nullopt;
}

std::optional<bool> switch_of_word(std::string_view word) {
  constexpr std::array<std::string_view, 11> on{"on", "yes", "ja", "j", "y", "x", "1", "true", "sand", "til", "aktiv"};
  constexpr std::array<std::string_view, 9> off{"off", "no", "nej", "n", "0", "false", "falsk", "fra", "inaktiv"};
  const std::string folded = folded_name(word);
  if (is_one_of(folded, on)) return true;
  if (is_one_of(folded, off)) return false;
  return std::nullopt;
}

std::optional<Language> language_of_word(std::string_view word) {
  constexpr std::array<std::string_view, 5> danish{"da", "dansk", "danish", "dadk", "dk"};
  constexpr std::array<std::string_view, 5> english{"en", "engelsk", "english", "engb", "enus"};
  const std::string folded = folded_name(word);
  if (is_one_of(folded, danish)) return Language::da;
  if (is_one_of(folded, english)) return Language::en;
  return std::nullopt;
}

Country country_of_word(std::string_view word) {
  if (word.size() == 2 && word != "UK") return Country::parse(word);
  static const NameTable countries("countries.txt");
  if (const auto code = countries.find(word)) return Country::parse(*code);
  throw Error(ErrorKind::bad_data, tr("country {} is not known", text::quoted(word)),
              tr("write its name in Danish or English, or its code from ISO 3166-1, such as DK"));
}

bool has_company_form(std::string_view name) {
  const std::size_t space = name.rfind(' ');
  if (space == std::string_view::npos) return false;
  if (is_company_form(name.substr(space + 1))) return true;
  return name.find(" v/") != std::string_view::npos || name.find(" V/") != std::string_view::npos;
}

std::string_view damage(std::string_view text, CellKind kind) {
  constexpr std::array<std::string_view, 14> errors{"#N/A",        "#REF!",        "#VALUE!", "#NAME?",  "#NULL!",
                                                    "#DIV/0!",     "#NUM!",        "#I/T",    "#VÆRDI!", "#NAVN?",
                                                    "#REFERENCE!", "#DIVISION/0!", "#NUL!",   "#NUM!"};
  if (text.starts_with('#') && std::find(errors.begin(), errors.end(), text) != errors.end())
    return translatable("is an error value of a spreadsheet");
  if (!text::is_ascii(text)) {
    if (text.find("\uFFFD") != std::string_view::npos)
      return translatable("holds a letter that an earlier conversion has lost");
    const bool has_sign = text.find("Ã") != std::string_view::npos;  // of all the others: one search for most cells
    for (const std::string_view twice : {"Ã¸", "Ã¦", "Ã¥", "Ã˜", "Ã†", "Ã…", "Ã©"}) {
      if (has_sign && text.find(twice) != std::string_view::npos)
        return translatable("was converted twice: ask for the file anew, as UTF-8");
    }
  }
  if (kind == CellKind::text) return {};
  if (text.size() > 1 && text.find_first_not_of('#') == std::string_view::npos)
    return translatable("is what a spreadsheet shows in a column that is too narrow");
  const std::size_t point = text.find_first_of(".,");
  const bool has_decimals = point != std::string_view::npos && point > 0 && point + 1 < text.size() &&
                            std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(point), is_digit) &&
                            text.find_first_not_of('0', point + 1) == std::string_view::npos;
  return has_decimals ? translatable("has the decimals of a spreadsheet's number") : std::string_view();
}

bool is_shortened_number(std::string_view text) {
  const std::size_t e = text.find_first_of("Ee");
  if (e == 0 || e == std::string_view::npos) return false;
  const std::string_view mantissa = text.substr(0, e);
  std::string_view exponent = text.substr(e + 1);
  if (!exponent.starts_with('+') && !exponent.starts_with('-')) return false;
  exponent.remove_prefix(1);
  const auto is_mantissa_char = [](char c) { return is_digit(c) || c == ',' || c == '.'; };
  return is_digit(mantissa.front()) && std::all_of(mantissa.begin(), mantissa.end(), is_mantissa_char) &&
         !exponent.empty() && std::all_of(exponent.begin(), exponent.end(), is_digit);
}

bool has_lost_zero(std::string_view zip, const Country& country) {
  struct Digits {
    std::string_view country;
    std::size_t digits;
  };
  // Whose postal codes begin with a zero somewhere (Universal Postal Union, addressing systems).
  constexpr std::array<Digits, 8> lengths{
      {{"DK", 4}, {"NO", 4}, {"DE", 5}, {"FI", 5}, {"FR", 5}, {"ES", 5}, {"IT", 5}, {"US", 5}}};
  const auto found =
      std::find_if(lengths.begin(), lengths.end(), [&](const Digits& one) { return one.country == country.text(); });
  return found != lengths.end() && zip.size() + 1 == found->digits && std::all_of(zip.begin(), zip.end(), is_digit);
}

}  // namespace kundehub::exchange
