"""The functions of the Python starter plans: python:spawnscope_workloads:count_down, and so on.

Each shows one thing about threads and processes; copy what you need into a file of your own.
"""

import asyncio
import hashlib
import os
import tempfile
import threading
import time
import zlib


def count_down(n=3_000_000):
    """Pure Python that computes: it holds the GIL all the time."""
    while n > 0:
        n -= 1
    return n


def count_primes(limit=60_000):
    """How many primes lie below a limit, by trial division, in pure Python."""
    count = 0
    for number in range(2, limit):
        divisor = 2
        while divisor * divisor <= number:
            if number % divisor == 0:
                break
            divisor += 1
        else:
            count += 1
    return count


def hash_blocks(megabytes=16, rounds=8):
    """SHA-256 over large blocks: hashlib gives the GIL away meanwhile."""
    block = bytes(megabytes * 1024 * 1024)
    digest = hashlib.sha256()
    for _ in range(rounds):
        digest.update(block)
    return digest.hexdigest()


def compress_blocks(megabytes=4, rounds=4):
    """zlib over large blocks: it gives the GIL away meanwhile."""
    block = os.urandom(megabytes * 1024 * 1024 // 2) * 2
    return sum(len(zlib.compress(block, 6)) for _ in range(rounds))


def sleep(seconds=0.2):
    """Waiting: sleep gives the GIL away."""
    time.sleep(seconds)


def write_and_read(megabytes=8, rounds=8):
    """Writes a file, brings it to the disk and reads it back: each call gives the GIL away."""
    block = os.urandom(1024 * 1024)
    total = 0
    with tempfile.TemporaryFile() as file:
        for _ in range(rounds):
            file.seek(0)
            for _ in range(megabytes):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            while True:
                part = file.read(1024 * 1024)
                if not part:
                    break
                total += len(part)
    return total


def nothing():
    """Returns at once: what is measured is the launch."""


def print_time(name="Thread-1", delay=0.05, count=5):
    """The tutorial's own example: waits and prints, some times."""
    for _ in range(count):
        time.sleep(delay)
        print(f"{name}: {time.strftime('%H:%M:%S')}")
    return name


class Counting(threading.Thread):
    """A thread of one's own: a subclass that overrides run()."""

    def __init__(self, n=1_000_000):
        super().__init__()
        self.n = n

    def run(self):
        """Counts down."""
        count_down(self.n)


async def wait(seconds=0.2):
    """Waits in the event loop."""
    await asyncio.sleep(seconds)
    return seconds


def divide(a=1, b=0):
    """Fails where b is 0."""
    return a / b
