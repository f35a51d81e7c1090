#!/bin/sh
# Fails if clang-format would change a C++ file of the tree.
set -eu
cd "$(dirname "$0")/../.."
find cli core tests -name '*.[ch]pp' -print0 | xargs -0 clang-format --dry-run -Werror
