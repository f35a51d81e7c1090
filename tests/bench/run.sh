#!/bin/sh
# Measures kundehub against its peers and prints a Markdown table of medians and ratios (the last column: of processor
# time); stderr has each row as soon as it is measured. No test: nothing fails by being slow.
#
#     tests/bench/run.sh [--quick] [ROW]...     rows: S1 S2 S3 I1 I2 I3 I4 Q1 Q2 Q3 M1 M2 M3 B1 U1 K1 G1 C1; or all
#
# KUNDEHUB_BINARY names the program; without it build/bin/kundehub is built and used. A Debug build's figures mean
# nothing.
# TMPDIR needs 20 GB of disk for the import of ten million customers; without them that row says so.
set -eu
cd "$(dirname "$0")/../.."
if [ -z "${KUNDEHUB_BINARY-}" ]; then
  cmake -S . -B build -G Ninja >/dev/null
  cmake --build build --target kundehub >/dev/null
  export KUNDEHUB_BINARY="$PWD/build/bin/kundehub"
fi
exec python3 tests/bench/bench.py "$@"
