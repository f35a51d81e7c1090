#!/bin/sh
# Builds and tests everything; the last line says how many tests passed and failed, and the exit code whether any failed.
#
#     tests/run.sh            the normal build with all tests, the unit tests under ASan and UBSan, and the fuzz
#                             targets for a short while
#     tests/run.sh --full     besides: clang-tidy over all sources, and the fault tests at full length
set -eu
cd "$(dirname "$0")/.."

full=
case "${1-}" in
  "") ;;
  --full) full=yes ;;
  *) echo "usage: tests/run.sh [--full]" >&2; exit 2 ;;
esac

# With these the precompiled headers, and a clone at another place, find their objects in the cache too.
export CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS-pch_defines,time_macros,include_file_mtime,include_file_ctime}"
export CCACHE_BASEDIR="${CCACHE_BASEDIR-$PWD}"
export KUNDEHUB_TEST_LENGTH="${full:+full}"
export CTEST_OUTPUT_ON_FAILURE=1
jobs=$(nproc)
passed=0
failed=0

say() { printf '\n== %s\n' "$*"; }

# run_tests BUILD: runs its CTest and adds to the counts. A run that counts nothing is a failure.
run_tests() {
  log="$1/test.log"
  ctest --test-dir "$1" -j "$jobs" --no-tests=error --output-on-failure 2>&1 | tee "$log"
  line=$(grep -E '^[0-9]+% tests passed' "$log" || true)
  total=$(echo "$line" | sed -n 's/.* out of \([0-9]*\).*/\1/p')
  bad=$(echo "$line" | sed -n 's/.*, \([0-9]*\) tests\{0,1\} failed.*/\1/p')
  if [ -z "$total" ] || [ -z "$bad" ]; then total=1; bad=1; fi
  failed=$((failed + bad))
  passed=$((passed + total - bad))
}

# configure BUILD OPTION...: a build that is there keeps its settings. With line numbers as its only debug information the
# tree is built a fifth faster.
configure() {
  build=$1
  shift
  if [ -f "$build/CMakeCache.txt" ]; then set --; fi
  cmake -S . -B "$build" -G Ninja "$@"
}

say "building the program and its tests (build/)"
configure build "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1 -DNDEBUG"
cmake --build build

say "building the unit tests with AddressSanitizer and UndefinedBehaviorSanitizer (build-sanitize/)"
configure build-sanitize -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-g1 -DKUNDEHUB_SANITIZE=ON
cmake --build build-sanitize --target kundehub_tests

say "testing under the sanitizers"
run_tests build-sanitize

say "testing the program"
run_tests build

say "building and running the fuzz targets (build-fuzz/)"
if tests/fuzz/run.sh; then passed=$((passed + 1)); else failed=$((failed + 1)); fi

if [ -n "$full" ]; then
  say "clang-tidy"
  if tests/structure/check_tidy.sh; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
fi

echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
