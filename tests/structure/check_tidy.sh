#!/bin/sh
# Runs clang-tidy (.clang-tidy) over the sources, or over the files that are named. Slow: minutes.
set -eu
cd "$(dirname "$0")/../.."
# A configuration of its own: clang cannot read GCC's precompiled headers, and each file is looked at by itself.
cmake -S . -B build-tidy -G Ninja -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DCMAKE_UNITY_BUILD=OFF >/dev/null
cmake --build build-tidy --target generated/embedded.cpp >/dev/null
if [ $# -eq 0 ]; then
  find cli core -name '*.cpp' -print0
else
  printf '%s\0' "$@"
fi | xargs -0 -n 1 -P "$(nproc)" sh -c 'clang-tidy -p build-tidy --quiet --extra-arg=-Wno-unknown-warning-option "$0" 2>/dev/null'
