# The fuzz targets, each with libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer. Only what they reach is built.
add_compile_options(-fsanitize=fuzzer-no-link -Xclang -fno-pch-timestamp)  # the second for ccache
add_compile_definitions(_GLIBCXX_ASSERTIONS)  # a step behind a view's end is no error to the sanitizers

# fuzzed(FOLDER NAME...): adds core/FOLDER/NAME.cpp to what is fuzzed.
function(fuzzed folder)
  list(TRANSFORM ARGN REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/core/${folder}/\\1.cpp")
  target_sources(kundehub_fuzzed PRIVATE ${ARGN})
endfunction()

add_library(kundehub_fuzzed STATIC ${EMBEDDED_SOURCE})
fuzzed(. config config_checks config_edit config_keys durable_file embedded)
fuzzed(exchange cell cell_values customer_builder dialect import_columns json_records name_table record_reader
  table_reader table_records text_source)
fuzzed(mail/module address classify conversation gmime_objects parse_notification plain_text)
fuzzed(model contact customer customer_number cvr email_address error locale module phone quiet_hours rate time)
fuzzed(form form)
fuzzed(mail dns_texts sender_policy)
fuzzed(text charset code_points nearest plain shell_words template terminal translate utf8)
target_include_directories(kundehub_fuzzed PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(kundehub_fuzzed PUBLIC fmt::fmt ${UTF8PROC_LIBRARY} PkgConfig::MAIL_LIBRARIES)
target_precompile_headers(kundehub_fuzzed PRIVATE <fmt/format.h> <algorithm> <chrono> <filesystem> <functional> <memory>
  <optional> <string> <vector>)

file(GLOB FUZZ_TARGETS CONFIGURE_DEPENDS tests/fuzz/fuzz_*.cpp)
foreach(source ${FUZZ_TARGETS})
  get_filename_component(target ${source} NAME_WE)
  add_executable(${target} ${source})
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${target} PRIVATE kundehub_fuzzed)
endforeach()
