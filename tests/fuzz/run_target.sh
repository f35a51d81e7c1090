#!/bin/sh
# run_target.sh SECONDS SEED TARGET: what tests/fuzz/run.sh does for each target, once it is built.
set -eu
cd "$(dirname "$0")/../.."
seconds=$1
seed=$2
target=$3

# As long as what the target reads, by its own limits, can be told from something longer.
case $target in
  csv | notification | smtp_reply) max_len=4096 ;;
  address) max_len=1024 ;;
  *) max_len=2048 ;;
esac

# libFuzzer writes what it finds new into the first folder.
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
cp "tests/fuzz/seeds/$target"/* "$corpus"
log=build-fuzz/findings/$target.log

# GLib's own allocator would hide errors from the sanitizers, and what it only warns of is an error of ours.
if G_SLICE=always-malloc G_DEBUG=fatal-criticals "build-fuzz/bin/fuzz_$target" "$corpus" \
  -max_total_time="$seconds" -seed="$seed" -timeout=10 -rss_limit_mb=1024 -max_len=$max_len -print_final_stats=1 \
  -artifact_prefix="build-fuzz/findings/$target-" >"$log" 2>&1; then
  result=ok
else
  result="FAILED, see $log"
  finding=$(sed -n 's/^artifact_prefix=.*Test unit written to //p' "$log" | tail -n 1)
  if [ -n "$finding" ]; then result="FAILED at $finding, see $log"; fi
fi

stat() { sed -n "s/^stat::$1: *//p" "$log" | tail -n 1; }
coverage=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
printf '%-13s %9s executions %7s/s %6s edges   %s\n' "$target" "$(stat number_of_executed_units)" \
  "$(stat average_exec_per_sec)" "${coverage:-0}" "$result"
[ "$result" = ok ]
