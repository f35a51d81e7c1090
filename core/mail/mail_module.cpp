#include "core/mail/mail_module.hpp"

#include <dlfcn.h>

#include <array>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "core/model/error.hpp"
#include "core/text/translate.hpp"

namespace kundehub::mail {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "kundehub_mail.so";

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorKind::config, message, tr("install kundehub anew: the program and its mail module belong together"));
}

/// From the kernel, never from argv or the environment: whoever calls us must not choose the code that we run.
fs::path executable_directory() {
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  if (error) refuse(tr("cannot find the mail module: /proc/self/exe: {}", error.message()));
  return executable.parent_path();
}

fs::path find_module() {
  const fs::path beside = executable_directory() / "..";
  const std::array<fs::path, 2> places = {(beside / "lib" / "kundehub" / file_name).lexically_normal(),
                                          (beside / KUNDEHUB_LIBDIR / "kundehub" / file_name).lexically_normal()};
  for (const fs::path& place : places) {
    std::error_code error;
    if (fs::exists(place, error)) return place;
  }
  refuse(tr("the mail module is missing: neither \"{}\" nor \"{}\" exists", places[0].native(), places[1].native()));
}

const MailModule& open_module(const fs::path& path) {
  // Never closed: a mailer's destructor is the module's code.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) refuse(tr("cannot load the mail module: {}", dlerror()));
  const auto entry = reinterpret_cast<MailModuleEntry>(dlsym(library, mail_module_entry));
  if (entry == nullptr) refuse(tr("\"{}\" is no mail module of kundehub", path.native()));
  const MailModule* module = entry();
  if (module->abi != mail_module_abi) {
    refuse(tr("the mail module \"{}\" is of another build: its interface is number {}, ours {}", path.native(),
              module->abi, mail_module_abi));
  }
  return *module;
}

}  // namespace

const MailModule& load_mail_module() {
  static const MailModule& module = open_module(find_module());
  return module;
}

std::unique_ptr<Mailer> open_mailer(const TransportSettings& settings) {
  OpenedMailer opened = load_mail_module().open_mailer(settings);
  if (!opened.mailer) throw Error(ErrorKind::config, opened.error);
  return std::move(opened.mailer);
}

StatusNotification read_notification(const std::string& raw) {
  ReadNotification read = load_mail_module().read_notification(raw);
  if (!read.error.empty()) throw Error(ErrorKind::temporary, read.error);
  return std::move(read.notification);
}

ProbeResult probe(const TransportSettings& settings) {
  return load_mail_module().probe(settings);
}

std::string to_ascii_domain(const std::string& domain) {
  return load_mail_module().ascii_domain(domain).name;
}

std::string compose(const Message& message) {
  ComposedMessage composed = load_mail_module().compose(message);
  if (!composed.error.empty()) throw Error(ErrorKind::bad_data, composed.error);
  return std::move(composed.raw);
}

}  // namespace kundehub::mail
