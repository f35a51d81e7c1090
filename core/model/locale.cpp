#include "core/model/locale.hpp"

#include <array>

#include <fmt/format.h>

#include "core/model/error.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub {
namespace {

// The officially assigned codes of ISO 3166-1, in order, each followed by a space.
constexpr std::string_view assigned_codes =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA "
    "GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
    "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS "
    "MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS "
    "RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
    "TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW ";

constexpr std::size_t letters = 26;

/// By the places of a code's two letters in the alphabet.
constexpr std::array<bool, letters* letters> is_assigned = [] {
  std::array<bool, letters * letters> found{};
  for (std::size_t i = 0; i < assigned_codes.size(); i += 3)
    found[static_cast<std::size_t>(assigned_codes[i] - 'A') * letters +
          static_cast<std::size_t>(assigned_codes[i + 1] - 'A')] = true;
  return found;
}();

bool is_country(const std::string& code) {
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  return code.size() == 2 && is_letter(code[0]) && is_letter(code[1]) &&
         is_assigned[static_cast<std::size_t>(code[0] - 'A') * letters + static_cast<std::size_t>(code[1] - 'A')];
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

Language parse_language(std::string_view text) {
  if (text == "da") return Language::da;
  if (text == "en") return Language::en;
  throw Error(ErrorKind::bad_data, tr("language {} is not known", text::quoted(text)), tr("use da or en"));
}

std::string_view to_string(Language language) {
  return language == Language::da ? "da" : "en";
}

Country Country::parse(std::string_view text) {
  std::string code(text);
  for (char& c : code) c = upper(c);
  if (!is_country(code)) {
    throw Error(ErrorKind::bad_data, tr("country {} is not known", text::quoted(text)),
                tr("use a code of two letters from ISO 3166-1, such as DK, SE or DE"));
  }
  return Country(std::move(code));
}

}  // namespace kundehub
