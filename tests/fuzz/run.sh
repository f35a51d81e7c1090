#!/bin/sh
# Builds the fuzz targets (build-fuzz/) and runs each for a while on its seeds: one line per target, and the exit code
# says whether any found something. The input that did is kept in build-fuzz/findings/.
#
#     tests/fuzz/run.sh [--seconds N] [TARGET]...     10 seconds and all targets, if nothing else is said
#     build-fuzz/bin/fuzz_TARGET FINDING              shows a finding again
set -eu
cd "$(dirname "$0")/../.."

seconds=10
seed=1  # the short form is the same each time: what it could find has been found
if [ "${1-}" = --seconds ]; then
  seconds=${2:?--seconds wants a number}
  seed=0  # any
  shift 2
fi
for target in "$@"; do
  if [ ! -f "tests/fuzz/fuzz_$target.cpp" ]; then
    echo "usage: tests/fuzz/run.sh [--seconds N] [TARGET]...   targets:" tests/fuzz/fuzz_*.cpp >&2
    exit 2
  fi
done
if [ $# -eq 0 ]; then
  for file in tests/fuzz/fuzz_*.cpp; do
    target=${file##*/fuzz_}
    set -- "$@" "${target%.cpp}"
  done
fi

if ! command -v clang++-14 >/dev/null; then
  echo "clang++-14 is missing: tests/install_dependencies.sh installs it" >&2
  exit 1
fi
export CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS-pch_defines,time_macros,include_file_mtime,include_file_ctime}"
export CCACHE_BASEDIR="${CCACHE_BASEDIR-$PWD}"
cmake -S . -B build-fuzz -G Ninja -DCMAKE_C_COMPILER=clang-14 -DCMAKE_CXX_COMPILER=clang++-14 -DKUNDEHUB_FUZZ=ON \
  -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -g1" >/dev/null
cmake --build build-fuzz --target $(printf 'fuzz_%s ' "$@")
mkdir -p build-fuzz/findings
printf '%s\n' "$@" | xargs -n 1 -P "$(nproc)" tests/fuzz/run_target.sh "$seconds" "$seed"
