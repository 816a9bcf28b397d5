#!/usr/bin/env python3
"""What the Python runner costs, compared with bare `threading`, `multiprocessing` and `concurrent.futures` code.

    python3 benches/python_overhead.py [PYTHON]... [--repeats K] [--only WORD]

For each interpreter and each way of launching, bare code and the runner take turns, K times each; the table gives the
medians and their ratio. Bodies are empty, so the ratio is the whole price of stamping. The last row starts 20 threads
that spin for 10 ms of CPU each, and compares the median delay from the start to the first line of the body.

This script plays the host itself: it makes the run's folder, the slots and the FIFO. It needs the standard library alone.
"""

import argparse
import json
import mmap
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "python"))
from join import joined  # noqa: E402

SLOT_WORDS = 24
ORIGIN, LAUNCH_CALLED, ENTERED, JOINED, VERDICT = 3, 1, 3, 6, 11
RETURNED_NONE = 10

TARGETS = '''
import time

def empty():
    pass

def spin():
    while time.thread_time() < 0.010:
        pass
'''

# The code that a person would write. Each prints how many nanoseconds it took.
BARE = {
    "Thread": '''
import threading
def main():
    threads = [threading.Thread(target=empty) for _ in range(COUNT)]
    for t in threads: t.start()
    for t in threads: t.join()
''',
    "_thread": '''
import _thread
def body(lock):
    empty()
    lock.release()
def main():
    locks = []
    for _ in range(COUNT):
        lock = _thread.allocate_lock()
        lock.acquire()
        locks.append(lock)
        _thread.start_new_thread(body, (lock,))
    for lock in locks: lock.acquire()
''',
    "Thread, 2 at a time": '''
import threading
def body(room):
    empty()
    room.release()
def main():
    room, threads = threading.Semaphore(2), []
    for _ in range(COUNT):
        room.acquire()
        t = threading.Thread(target=body, args=(room,))
        t.start()
        threads.append(t)
    for t in threads: t.join()
''',
    "_thread, 2 at a time": '''
import _thread, threading
def body(room):
    empty()
    room.release()
def main():
    room = threading.Semaphore(2)
    for _ in range(COUNT):
        room.acquire()
        _thread.start_new_thread(body, (room,))
    for _ in range(2): room.acquire()
''',
    "ThreadPoolExecutor": '''
from concurrent.futures import ThreadPoolExecutor
def main():
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(empty) for _ in range(COUNT)]
        for f in futures: f.result()
''',
    "Process": '''
import multiprocessing
def main():
    context = multiprocessing.get_context(METHOD)
    processes = [context.Process(target=empty) for _ in range(COUNT)]
    for p in processes: p.start()
    for p in processes: p.join()
''',
    "ProcessPoolExecutor": '''
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
def main():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(METHOD)) as pool:
        futures = [pool.submit(empty) for _ in range(COUNT)]
        for f in futures: f.result()
''',
    "spin": '''
import threading
def body(place):
    delays[place] = time.monotonic_ns() - delays[place]
    spin()
def main():
    global delays
    delays = [0] * COUNT
    threads = [threading.Thread(target=body, args=(place,)) for place in range(COUNT)]
    for place, t in enumerate(threads):
        delays[place] = time.monotonic_ns()
        t.start()
    for t in threads: t.join()
''',
}

BARE_FRAME = '''
import time
COUNT, METHOD = {count}, {method!r}
{targets}
{code}
if __name__ == "__main__":
    since = time.monotonic_ns()
    main()
    print(time.monotonic_ns() - since)
    if "delays" in globals(): print(*delays)
'''

# name, bare code, mode, start method, workers, count, most that the ratio may be
ROWS = [
    ("Thread", "Thread", "threads", "thread", 0, 2000, 1.15),
    ("_thread", "_thread", "threads", "raw", 0, 2000, 1.15),
    ("Thread, 2 at a time", "Thread, 2 at a time", "threads", "thread", 2, 2000, 1.15),
    ("_thread, 2 at a time", "_thread, 2 at a time", "threads", "raw", 2, 2000, 1.15),
    ("ThreadPoolExecutor(2)", "ThreadPoolExecutor", "thread-pool", "thread", 2, 10000, 1.6),
    ("Process, fork", "Process", "processes", "fork", 0, 200, 1.1),
    ("Process, spawn", "Process", "processes", "spawn", 0, 20, 1.1),
    ("Process, forkserver", "Process", "processes", "forkserver", 0, 100, None),
    ("ProcessPoolExecutor(2), fork", "ProcessPoolExecutor", "process-pool", "fork", 2, 3000, 1.35),
    ("ProcessPoolExecutor(2), spawn", "ProcessPoolExecutor", "process-pool", "spawn", 2, 3000, 1.35),
    ("20 threads × 10 ms", "spin", "threads", "thread", 0, 20, None),
]


class Host:
    """Plays the host of one run."""

    def __init__(self, plan, executions):
        self.folder = tempfile.mkdtemp(prefix="spawnscope-bench-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        self.count, self.texts = executions, []
        with open(os.path.join(self.folder, "spawnscope_runner.py"), "w") as file:
            file.write(joined())
        with open(os.path.join(self.folder, "plan.json"), "w") as file:
            json.dump(plan, file)
        with open(os.path.join(self.folder, "slots"), "w+b") as file:
            file.truncate((executions + 1) * SLOT_WORDS * 8)
            self.words = memoryview(mmap.mmap(file.fileno(), 0)).cast("q")
        self.words[0] = int.from_bytes(b"SPAWNSC1", "little")
        self.words[1], self.words[2] = SLOT_WORDS * 8, executions
        os.mkfifo(os.path.join(self.folder, "texts"))
        # It is opened for reading and writing, so that the FIFO always has a reader and never reaches its end.
        self.fifo = os.open(os.path.join(self.folder, "texts"), os.O_RDWR)

    def run(self, python, cwd, timeout=120, flags=()):
        """Runs the runner to its end; returns the process, with its output."""
        reader = threading.Thread(target=self.read)
        reader.start()
        command = [python, *flags, os.path.join(self.folder, "spawnscope_runner.py"), self.folder]
        process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, preexec_fn=os.setpgrp)
        try:
            process.out, process.err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.out, process.err = process.communicate()
        os.write(self.fifo, b'{"end": {}}\n')
        reader.join()
        return process

    def read(self):
        partial = b""
        while True:
            partial += os.read(self.fifo, 1 << 16)
            *lines, partial = partial.split(b"\n")
            for line in lines:
                text = json.loads(line)
                if "end" in text:
                    return
                self.texts.append(text)

    def word(self, execution, word):
        return self.words[(execution + 1) * SLOT_WORDS + word]

    def close(self):
        os.close(self.fifo)
        shutil.rmtree(self.folder)


def plan_of(folder, function, mode, method, workers, count):
    work = {"file": os.path.join(folder, "bodies.py"), "module": None, "function": function, "args": [], "kwargs": {}}
    return {"protocol": 2, "mode": mode, "start_method": method, "workers": workers,
            "python": {"folder": folder, "join_timeout_ns": None, "start_again": False},
            "tasks": [{"name": function, "count": count, "work": {"python": work}}]}


def run_bare(python, folder, code, method, count):
    """Nanoseconds for all executions, and their delays if the code prints them."""
    path = os.path.join(folder, "bare.py")
    with open(path, "w") as file:
        file.write(BARE_FRAME.format(count=count, method=method, targets=TARGETS, code=BARE[code]))
    out = subprocess.run([python, path], cwd=folder, stdout=subprocess.PIPE, check=True).stdout.split()
    return int(out[0]), [int(delay) for delay in out[1:]]


def run_runner(python, folder, function, mode, method, workers, count):
    host = Host(plan_of(folder, function, mode, method, workers, count), count)
    try:
        process = host.run(python, folder)
        ends = [host.word(number, JOINED) for number in range(count)]
        verdicts = {host.word(number, VERDICT) for number in range(count)}
        if process.returncode != 0 or 0 in ends or verdicts != {RETURNED_NONE}:
            sys.exit("the runner failed: {} {}".format(host.texts[-3:], process.err.decode()[-2000:]))
        delays = [host.word(number, ENTERED) - host.word(number, LAUNCH_CALLED) for number in range(count)]
        return max(ends) - host.words[ORIGIN], delays
    finally:
        host.close()


def measure(python, folder, row, repeats):
    name, code, mode, method, workers, count, most = row
    function, bare, ours = "spin" if code == "spin" else "empty", [], []
    for repeat in range(repeats):
        turns = [lambda: bare.append(run_bare(python, folder, code, method, count)),
                 lambda: ours.append(run_runner(python, folder, function, mode, method, workers, count))]
        for turn in turns if repeat % 2 == 0 else reversed(turns):
            turn()
    if code == "spin":
        # The median over all threads of all repeats, because a delay is either short or a switch interval of 5 ms.
        a, b = (statistics.median(delay for _, delays in side for delay in delays) for side in (bare, ours))
        print("  {:<30} {:>10.3f} ms {:>10.3f} ms   {:+.3f} ms (at most 0.5)".format(
            name + ", delay", a / 1e6, b / 1e6, (b - a) / 1e6), flush=True)
        return
    a, b = (statistics.median(total for total, _ in side) for side in (bare, ours))
    pairs = sorted(two[0] / one[0] for one, two in zip(bare, ours))
    limit = "(at most {})".format(most) if most else ""
    print("  {:<30} {:>10.1f} µs {:>10.1f} µs   × {:.2f} [{:.2f}–{:.2f}] {}".format(
        name, a / count / 1e3, b / count / 1e3, b / a, pairs[0], pairs[-1], limit), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pythons", nargs="*", default=[sys.executable], metavar="PYTHON")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--only", default="", help="rows whose name has this word")
    asked = parser.parse_args()
    for python in asked.pythons:
        print("{}: for each execution, bare code and the runner".format(python))
        folder = tempfile.mkdtemp()
        try:
            with open(os.path.join(folder, "bodies.py"), "w") as file:
                file.write(TARGETS)
            for row in ROWS:
                if asked.only in row[0]:
                    measure(python, folder, row, asked.repeats)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
