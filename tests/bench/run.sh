#!/bin/sh
# Measures kundehub against its peers and prints a Markdown table of medians and ratios (the last column: of processor time).
# No test: nothing fails by being slow.
#
#     tests/bench/run.sh [--quick] [ROW...]     rows: S1 S2 S3 I1 I2 I3 I4 U1 Q3 B1 M1 M2; all without one
#
# KUNDEHUB_BINARY names the program; without it build/bin/kundehub is built and used. Figures of a Debug build mean nothing.
set -eu
cd "$(dirname "$0")/../.."
if [ -z "${KUNDEHUB_BINARY-}" ]; then
  cmake -S . -B build -G Ninja >/dev/null
  cmake --build build --target kundehub >/dev/null
  export KUNDEHUB_BINARY="$PWD/build/bin/kundehub"
fi
exec python3 tests/bench/bench.py "$@"
