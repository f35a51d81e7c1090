#include "cli/global_options.hpp"

#include <CLI/CLI.hpp>

#include "cli/session.hpp"

namespace kundehub::cli {

void add_global_options(CLI::App& app, Session& session, OutputWords& output) {
  GlobalOptions& options = session.options();
  app.add_option("--config", options.config, "the configuration file")->type_name("FILE");
  app.add_option("--db", options.database, "the database")->type_name("FILE");
  app.add_option("--actor", options.actor, "who changes something, for the log")->type_name("NAME");
  app.add_option("--color", options.color, "whether results are colored")->type_name("auto|always|never");
  app.add_option("--ui-language", options.ui_language, "the language of messages")->type_name("da|en");
  app.add_option("--format", output.formats, "the form of results")
      ->type_name("table|json|jsonl|csv|tsv|ids|count")
      ->allow_extra_args(false);
  app.add_flag("--json", output.json, "results as JSON, errors too");
  app.add_option("--fields", output.fields, "which fields are shown, in this order")->type_name("A,B,...");
  app.add_flag("!--no-header", options.output.header, "no line of headings");
  app.add_flag("--null", options.output.null_after_id, "a NUL behind each id");
  app.add_flag("--no-input", options.no_input, "ask nothing");
  app.add_flag("!--no-pager", options.pager, "show long results without a pager");
  app.add_flag("-y,--yes", options.yes, "the answer to every question is yes");
  app.add_flag("-n,--dry-run", options.dry_run, "change nothing, show what would be changed");
  app.add_flag("-q,--quiet", options.quiet, "no notes, warnings only");
  app.add_flag("-v,--verbose", options.verbose, "tell more");
}

}  // namespace kundehub::cli
