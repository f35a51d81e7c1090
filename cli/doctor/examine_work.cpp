#include <sys/stat.h>

#include <algorithm>

#include <fmt/format.h>

#include "cli/doctor/checks.hpp"
#include "core/model/time_zone.hpp"
#include "core/service/hub_access.hpp"
#include "core/store/welcome_queue.hpp"
#include "core/text/shell_words.hpp"
#include "core/text/terminal.hpp"
#include "core/text/translate.hpp"

namespace kundehub::cli {
namespace {

constexpr std::chrono::days longest_wait{1};
constexpr std::chrono::minutes longest_idle_delivery{15};  // as welcome deliver has it
constexpr std::chrono::minutes clock_tolerance{1};         // what a time server may set back
constexpr std::chrono::year first_year{2024}, last_year{2100};

void examine_key_file(Session& session, Examination& examination) {
  const std::filesystem::path file = session.key_file();
  LinkKey::load(file);
  struct stat info {};
  const bool shared = stat(file.c_str(), &info) == 0 && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0;
  if (shared)
    return examination.warn("key.file", tr("a group can use the link key {}", text::quoted(file.native())),
                            fmt::format("chmod 600 {}", text::shell_word(file.native())));
  examination.ok("key.file", file.native());
}

void examine_key_match(Session& session, Examination& examination, const StoreLook& look) {
  if (!look.live_link) return examination.ok("key.match", tr("no link is out by which it could be told"));
  if (LinkKey::load(session.key_file()).has_made(*look.live_link))
    return examination.ok("key.match", tr("it has made the login links of this database"));
  examination.fail("key.match", tr("another key has made the login links that are out: they do not work"),
                   tr("if there is a copy of the right one: kundehub db key import FILE"));
}

void examine_time(Session& session, Examination& examination, const std::optional<StoreLook>& look) {
  const Time now = session.now();
  const std::string remedy = "timedatectl";
  const std::chrono::year year = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now)).year();
  if (year < first_year || year > last_year)
    return examination.fail("clock.time", tr("it is {} by this machine's clock", to_rfc3339(now)), remedy);
  const auto newest = look ? look->status.last_operation_at : std::nullopt;
  if (newest && *newest > now + clock_tolerance)
    return examination.fail("clock.time",
                            tr("the clock has been set back: it is {}, and the newest operation is of {}",
                               to_rfc3339(now), to_rfc3339(*newest)),
                            remedy);
  examination.ok("clock.time", to_rfc3339(now));
}

void examine_zone(Session& session, Examination& examination, const std::string& configured) {
  const std::string remedy = "kundehub config set hub.time_zone Europe/Copenhagen";
  if (!configured.empty()) return examination.ok("clock.zone", tr("{}: {}", configured, format_local(session.now())));
  const auto variable = session.environment("TZ");
  std::error_code error;
  if (!variable && !std::filesystem::exists("/etc/localtime", error))
    return examination.warn("clock.zone", tr("this machine has no time zone: mails tell the time in UTC"), remedy);
  // A zone may also be spelled out, with its hours: POSIX, Base Definitions, section 8.3.
  const bool is_name = variable && variable->find_first_of("0123456789:") == std::string::npos;
  if (is_name && !is_known_time_zone(*variable))
    return examination.warn(
        "clock.zone",
        tr("the system does not know the zone {} of TZ: mails tell the time in UTC", text::quoted(*variable)), remedy);
  examination.ok("clock.zone", tr("{}: {}", variable.value_or("/etc/localtime"), format_local(session.now())));
}

void examine_templates(Session& session, Examination& examination) {
  const WelcomeTemplates& templates = session.templates();
  for (const Language language : {Language::da, Language::en}) {
    const std::vector<std::string> built_in = templates.not_replaced(language);
    if (built_in.empty()) continue;
    return examination.warn("templates",
                            tr("{} is the built-in one, beside others that are your own", built_in.front()),
                            fmt::format("kundehub template edit {}", built_in.front()));
  }
  examination.ok("templates", tr("they make sound mails"));
}

void examine_waiting(Session& session, Examination& examination) {
  const Backlog backlog = session.store().welcome_queue().backlog();
  const auto waiting = static_cast<std::size_t>(backlog.mails), held = static_cast<std::size_t>(backlog.held);
  const std::string mails = tr_n("{} mail waits", "{} mails wait", waiting, waiting);
  if (backlog.next_due && *backlog.next_due + longest_wait < session.now())
    return examination.warn("queue.waiting", tr("{}, the first one since {}", mails, format_local(*backlog.next_due)),
                            tr("kundehub welcome deliver; cron or a systemd timer should run it every few minutes"));
  if (held > 0)
    return examination.warn("queue.waiting",
                            tr_n("{} mail is held until you send or cancel it",
                                 "{} mails are held until you send or cancel them", held, held),
                            "kundehub welcome status");
  if (!backlog.next_due) return examination.ok("queue.waiting", tr("nothing waits"));
  examination.ok("queue.waiting", tr("{}, the next one due on {}", mails, format_local(*backlog.next_due)));
}

void examine_deliverer(Session& session, Examination& examination) {
  const StoreActivity activity = session.maintenance()->activity();
  if (!activity.deliverer) return examination.ok("queue.delivery", tr("no delivery is running"));
  const Seconds idle = std::max(activity.delivery_idle.value_or(Seconds(0)), Seconds(0));
  if (idle <= longest_idle_delivery)
    return examination.ok("queue.delivery", tr("process {} is delivering", *activity.deliverer));
  examination.warn("queue.delivery",
                   tr("process {} is delivering and has made no progress for {}", *activity.deliverer,
                      format_duration(std::chrono::floor<std::chrono::minutes>(idle))),
                   fmt::format("ps -fp {}; kill {}", *activity.deliverer, *activity.deliverer));
}

/// Whether the store can be read as every command reads it.
bool is_usable(const std::optional<StoreLook>& look) {
  return look && look->status.schema == look->status.newest_schema && look->damage.empty();
}

}  // namespace

void examine_key(Session& session, Examination& examination, const std::optional<StoreLook>& look) {
  examination.guard("key.file", [&] { examine_key_file(session, examination); });
  if (!is_usable(look) || examination.has_failed("key.file"))
    return examination.skip("key.match", tr("cannot be examined without the database and its key"));
  examination.guard("key.match", [&] { examine_key_match(session, examination, *look); });
}

void examine_clock(Session& session, Examination& examination, const std::optional<StoreLook>& look) {
  examine_time(session, examination, look);
  std::string configured;
  if (!examination.has_failed("config.file")) configured = session.config().hub.time_zone;
  examine_zone(session, examination, configured);
}

void examine_words(Session& session, Examination& examination, const std::optional<StoreLook>& look) {
  examination.guard("templates", [&] { examine_templates(session, examination); });
  if (!is_usable(look)) return examination.skip("modules", tr("cannot be examined without the database"));
  examination.guard("modules", [&] {
    check_modules(session.store(), session.config().new_customer.modules);
    examination.ok("modules", tr("those of new customers are known"));
  });
}

void examine_queue(Session& session, Examination& examination, const std::optional<StoreLook>& look) {
  if (!is_usable(look)) {
    examination.skip("queue.waiting", tr("cannot be examined without the database"));
    return examination.skip("queue.delivery", tr("cannot be examined without the database"));
  }
  examination.guard("queue.waiting", [&] { examine_waiting(session, examination); });
  examination.guard("queue.delivery", [&] { examine_deliverer(session, examination); });
}

}  // namespace kundehub::cli
