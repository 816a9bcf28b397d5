"""Limits that are set while the file is loaded: with all in flight at once they are reached, with few they are not."""

import mmap
import os
import resource
import time


def limit(which, most):
    resource.setrlimit(which, (most, resource.getrlimit(which)[1]))


def address_space():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


KIND = os.environ.get("LIMITED")
if KIND == "files":
    limit(resource.RLIMIT_NOFILE, 48)
elif KIND == "threads":
    limit(resource.RLIMIT_AS, address_space() + (200 << 20))
elif KIND in ("memory", "maps"):
    limit(resource.RLIMIT_AS, address_space() + (900 << 20))


def files(count=20):
    opened = [open(os.devnull) for _ in range(count)]
    time.sleep(0.1)
    for file in opened:
        file.close()


def threads():
    time.sleep(0.1)


def memory(megabytes=400):
    kept = bytes(megabytes << 20)
    time.sleep(0.1)
    return len(kept) >> 20


def maps(megabytes=400):
    with mmap.mmap(-1, megabytes << 20):
        time.sleep(0.1)
