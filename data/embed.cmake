# Writes OUTPUT: every file of FILES as a string_view, found by its name below data/.
list(SORT FILES)
set(table "")
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${hex}")
  # Short pieces: a compiler promises no more than 65536 characters a literal, and a reader of it no long lines.
  string(REGEX REPLACE "((\\\\x..)(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?)" "\"\\1\"\n" escaped "${escaped}")
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(APPEND table "  {\"${name}\", std::string_view(\n${escaped}\"\", ${size})},\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"core/embedded.hpp\"

namespace kundehub {

std::span<const EmbeddedFile> embedded_files() {
  static constexpr EmbeddedFile files[] = {
${table}  };
  return files;
}

}  // namespace kundehub
")
