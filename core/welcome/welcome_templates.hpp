#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/locale.hpp"

namespace kundehub {

/// A mail has both: the reader's mail program takes one.
enum class TemplatePart { text, html };

/// The words of one part in one language.
struct WelcomeTemplate {
  Language language = Language::da;
  TemplatePart part = TemplatePart::text;
  std::string source;
  std::filesystem::path file{};  ///< empty: compiled in

  /// `welcome.da.txt`: what its file is called.
  [[nodiscard]] std::string name() const;
};

/// Throws Error{config} with the file, the line and the remedy for a template that would not make a welcome mail: an
/// unknown name, an unbalanced section, no subject line, a link that is missing or can be skipped, something that the
/// reader's mail program would load from elsewhere.
void check_template(const WelcomeTemplate& source);

/// What `values` a template may use, each with an example.
std::vector<std::pair<std::string_view, std::string_view>> template_names();

/// The templates that mails are written with: for each part and language the admin's own, or the compiled-in one.
class WelcomeTemplates {
 public:
  /// The compiled-in ones.
  WelcomeTemplates();

  /// Those of `folder` before the compiled-in ones; a folder that does not exist has none. Nothing is checked but that
  /// the files can be read. Throws Error{config} for a file that cannot, and one whose name is no template's.
  static WelcomeTemplates read(const std::filesystem::path& folder);

  [[nodiscard]] const WelcomeTemplate& get(Language language, TemplatePart part) const;

  /// All, language by language.
  [[nodiscard]] const std::array<WelcomeTemplate, 4>& all() const { return m_templates; }

  /// Tells one wording of a language from another: the first 16 hex digits of the SHA-256 of its sources (subject and
  /// text, then HTML).
  [[nodiscard]] const std::string& hash(Language language) const;

  /// The file names of the templates in `language` that are compiled in although the admin has some of their own: the
  /// mail would say what they do not know of. Empty if the admin has none, or all.
  [[nodiscard]] std::vector<std::string> not_replaced(Language language) const;

 private:
  void hash_sources();

  std::array<WelcomeTemplate, 4> m_templates;
  std::array<std::string, 2> m_hashes;
};

}  // namespace kundehub
