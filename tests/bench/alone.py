"""Runs a command and prints its seconds, its processor seconds and the most memory it had, in KiB: alone.py COMMAND...
A process counts the memory of the one that started it as its own until it has begun. So this one imports little."""

import os
import sys
import time

QUIET = [(os.POSIX_SPAWN_OPEN, stream, "/dev/null", os.O_RDWR, 0) for stream in range(3)]

start = time.perf_counter()
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=QUIET)
_, status, usage = os.wait4(process, 0)
print(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
