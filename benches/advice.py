#!/usr/bin/env python3
"""Whether advice helps: for each finding a plan that shows it, and the same plan changed as the advice says.

    python3 benches/advice.py PROGRAM [--repeats K] [--only WORD]

PROGRAM is the built `spawnscope`. First `compare` (or `run`, for one mode) runs the plan that should show the finding, and the
script notes whether it did. Then both plans take turns, K times each. The table has the medians of a figure (the makespan unless
another is named) and their ratio, as advised ÷ as found. The exit status is 1 if a finding was not shown, or a ratio is above its
bound. If the advice is that something costs nothing, the bound is a little above 1. The standard library is enough; trials that
need numpy, xz or more cores are skipped without them.
"""

import argparse
import contextlib
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

FILES = {
    "locks.py": '''
import hashlib, threading, time

LOCK, DONE = threading.Lock(), []
BLOCK = bytes(1 << 20)

def often(rounds=300):
    for _ in range(rounds):
        with LOCK:
            DONE.append(hashlib.sha256(BLOCK).digest())

def once(rounds=300):
    own = [hashlib.sha256(BLOCK).digest() for _ in range(rounds)]
    with LOCK:
        DONE.extend(own)

def waits_inside(rounds=20, seconds=0.005):
    for _ in range(rounds):
        with LOCK:
            time.sleep(seconds)
        time.sleep(seconds / 10)

def waits_outside(rounds=20, seconds=0.005):
    for _ in range(rounds):
        time.sleep(1.1 * seconds)
        with LOCK:
            pass

A, B = threading.Lock(), threading.Lock()

def both(first, second, meeting):
    with first:
        if meeting is not None:
            meeting.wait(1)
        with second:
            return "both"

class Meeting:
    """Both hold their first lock before either asks for its second."""
    def __init__(self):
        self.barrier = threading.Barrier(2)
    def wait(self, seconds):
        try:
            self.barrier.wait(seconds)
        except threading.BrokenBarrierError:
            pass

MEETING = Meeting()
''',
    "loop.py": '''
import asyncio, time

async def keeps(seconds=0.05):
    time.sleep(seconds)

async def awaits(seconds=0.05):
    await asyncio.sleep(seconds)

async def beside(seconds=0.05):
    await asyncio.get_running_loop().run_in_executor(None, time.sleep, seconds)

async def computes(n=400_000):
    while n:
        n -= 1

def computes_plainly(n=400_000):
    while n:
        n -= 1
''',
    "belt.py": '''
import queue, time

BELT = queue.Queue()

def consume():
    while BELT.get() is not None:
        pass

def produce(items=40, pause=0.002):
    for item in range(items):
        time.sleep(pause)
        BELT.put(item)
    BELT.put(None)
''',
    "tally.py": '''
import threading, time

COUNT, LOCK = 0, threading.Lock()

def add(times=2000):
    global COUNT
    for _ in range(times):
        seen = COUNT
        time.sleep(0)
        COUNT = seen + 1
    return COUNT

def add_locked(times=2000):
    global COUNT
    for _ in range(times):
        with LOCK:
            seen = COUNT
            time.sleep(0)
            COUNT = seen + 1
    return COUNT
''',
    "chance.py": '''
import os, random

SHARED = random.Random()

def shared():
    return [SHARED.randrange(1000) for _ in range(3)]

def own():
    return [random.Random(os.urandom(8)).randrange(1000) for _ in range(3)]
''',
    "tiny.py": '''
def cube(n):
    return n * n * n

def cubes(count, n):
    return sum(n * n * n for _ in range(count))
''',
    "mixed.py": '''
import time

def asks(rounds=40, seconds=0.0002):
    """Gives the GIL away while it waits for each answer."""
    for _ in range(rounds):
        time.sleep(seconds)

def crunch(n=3_000_000):
    total = 0
    for i in range(n):
        total += i & 7
    return total
''',
    "data.py": '''
def total(numbers):
    return sum(numbers)

def total_of(count):
    return sum(range(count))
''',
    "waits.py": '''
import asyncio, time

async def waits(seconds=0.2):
    await asyncio.sleep(seconds)

def sleeps(seconds=0.2):
    time.sleep(seconds)
''',
    "ends.py": '''
import concurrent.futures, queue, threading, time

def by_ends(long=0.4, short=0.05):
    """How many microseconds after its end the last of three short ones was in hand, taken in the order of ends."""
    def work(seconds):
        time.sleep(seconds)
        return time.monotonic_ns()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(work, seconds) for seconds in (long, short, short, short)]
        late = [time.monotonic_ns() - future.result() for future in concurrent.futures.as_completed(futures)]
    return max(late[:3]) // 1000

def by_queue(long=0.4, short=0.05):
    """The same, where each puts its result into a queue."""
    results = queue.Queue()
    def work(seconds):
        time.sleep(seconds)
        results.put(time.monotonic_ns())
    for seconds in (long, short, short, short):
        threading.Thread(target=work, args=(seconds,)).start()
    late = []
    for _ in range(4):
        ended = results.get()
        late.append(time.monotonic_ns() - ended)
    return max(late[:3]) // 1000

STOP = threading.Event()

def goes_on(seconds=0.4):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.005)

def stops(seconds=0.4):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not STOP.is_set():
        time.sleep(0.005)

def tells(seconds=0.05):
    time.sleep(seconds)
    STOP.set()
''',
    "stream.py": '''
import numpy as np

def passes(megabytes=64, rounds=20):
    """One pass over all of it after another."""
    data = np.ones(megabytes << 17)
    for _ in range(rounds):
        data += 1.0
    return float(data[0])

def pieces(megabytes=64, rounds=20):
    """All passes over a piece that fits into a cache, before the next piece."""
    data = np.ones(megabytes << 17)
    for piece in np.split(data, megabytes * 8):
        for _ in range(rounds):
            piece += 1.0
    return float(data[0])
''',
    "tools.py": '''
import subprocess

def checksum(megabytes=40):
    subprocess.run(["sh", "-c", "head -c %dM /dev/zero | sha256sum" % megabytes], stdout=subprocess.DEVNULL, check=True)
''',
    "arrays.py": '''
import numpy as np

def products(size=500, rounds=12):
    a, b = np.ones((size, size)) * 0.5, np.eye(size) * 0.5
    for _ in range(rounds):
        a = a @ b
    return float(a[0, 0])

def grid(n=2_000_000):
    return np.full(n, 1.5)

def grid_sum(n=2_000_000):
    return float(np.full(n, 1.5).sum())
''',
}


def task(target, count=1, **more):
    lines = ["[[task]]", "target = %s" % json.dumps(target), "count = %d" % count]
    return "\n".join(lines + ["%s = %s" % (key, toml(value)) for key, value in more.items()])


def toml(value):
    if isinstance(value, dict):
        return "{ %s }" % ", ".join("%s = %s" % (json.dumps(key), toml(item)) for key, item in value.items())
    if isinstance(value, list):
        return "[%s]" % ", ".join(toml(item) for item in value)
    return json.dumps(value)


def plan(mode, *tasks, **run):
    settings = {"mode": mode, "timeout": "20s", **run}
    head = "schema = 1\n[run]\n" + "\n".join("%s = %s" % (key, toml(value)) for key, value in settings.items())
    return head + "\n" + "\n".join(tasks)


class Trial:
    """A finding, what its advice says, a plan that shows it and the plan as advised.

    `modes` are the modes in which the plan shows the finding, or the arguments of a sweep. `beside` is a Python program that runs
    beside the plan as found, and not beside the plan as advised. With `shows=1` the plan as advised shows the finding. `figure`
    should get better: as advised it may be at most `bound` times what it was.
    """

    def __init__(self, finding, says, found, advised, modes, bound=0.9, figure=None, needs=None, beside=None, shows=0):
        self.finding, self.says, self.found, self.advised, self.modes = finding, says, found, advised, modes
        self.bound, self.figure, self.needs, self.beside = bound, figure or makespan_ms, needs, beside
        self.shown = (found, advised)[shows]


def makespan_ms(run):
    return run["makespan_ns"] / 1e6 if run["makespan_ns"] else float("inf")


def in_target_ms(name=None):
    def figure(run):
        spans = [
            (it["stamps"]["left_ns"] - it["stamps"]["entered_ns"]) / 1e6
            for it in run["executions"]
            if name is None or it["task"] == name
        ]
        return statistics.median(spans)

    return figure


def late_ms(run):
    """The longest time that a finished result waited for the launcher; if a function took the results itself, the time that it
    returned."""
    if len(run["executions"]) == 1:
        return run["executions"][0]["result"] / 1e3
    stamps = [it["stamps"] for it in run["executions"]]
    return max((it["joined_ns"] - it["exited_ns"]) / 1e6 for it in stamps)


def marked(kind):
    """How often the launcher noted this mark, plus 1 so that ratios can be made."""
    return lambda run: 1 + sum(it["kind"] == kind for it in run["main"])


def missing_from(wanted):
    """How much the greatest result lacks, plus 1 so that ratios can be made."""
    return lambda run: 1 + wanted - max(it["result"] or 0 for it in run["executions"])


def equal_results(run):
    return len(run["executions"]) - len({str(it["result"]) for it in run["executions"]}) + 1


def without_success(run):
    return 1 + sum(it["outcome"]["kind"] != "success" for it in run["executions"])


def python(target, count=1, *args, **more):
    return task("python:" + target, count, args=list(args), **more)


def asks(mode, rounds=40, seconds=0.0002):
    """A plan with a task that waits for many short answers, beside a task that computes."""
    return plan(mode, python("mixed.py:crunch", 1, 10000000, name="crunch"), python("mixed.py:asks", 1, rounds, seconds, name="asks"))


COUNT = "spawnscope_workloads:count_down"
HASH = "spawnscope_workloads:hash_blocks"
TWO_LOCKS = [{"$py": "A"}, {"$py": "B"}, {"$py": "MEETING"}]
OTHER_WAY = [{"$py": "B"}, {"$py": "A"}, {"$py": "MEETING"}]
ONE_WAY = [{"$py": "A"}, {"$py": "B"}, {"$py": "None"}]
BIG = {"$py": "list(range(2000000))"}
XZ = ["-T", 2, "-1", "--block-size=256KiB", "-c", "/usr/bin/perl"]

CROSSES = ["sweep", "--modes", "threads,processes:fork", "--sweep", "count.0=1000,300000,3000000"]
# A program that comes and goes: it takes a core for up to half a second.
BURSTS = """
import random, time
while True:
    end = time.monotonic() + random.uniform(0.05, 0.5)
    while time.monotonic() < end:
        pass
    time.sleep(random.uniform(0.05, 0.5))
"""

TRIALS = [
    Trial("interpreter-lock", "processes for what computes", plan("threads", python(COUNT, 2, 2000000)),
          plan("processes", python(COUNT, 2, 2000000), start_method="fork"), "threads,processes:fork"),
    Trial("interpreter-lock", "a call that gives the GIL away", plan("threads", python(COUNT, 2, 2000000)),
          plan("threads", python(HASH, 2)), "threads,processes:fork", figure=lambda run: 1 / busy_cores(run)),
    Trial("serialised-on-a-lock", "gather, and hand over once", plan("threads", python("locks.py:often", 2)),
          plan("threads", python("locks.py:once", 2)), "threads,processes:fork"),
    Trial("serialised-on-a-lock", "give each its own", plan("threads", task("shared-mutex", 2, args={"rounds": 2000, "numbers": 200000})),
          plan("processes", task("shared-mutex", 2, args={"rounds": 2000, "numbers": 200000})), "threads,processes"),
    Trial("kernel-contention", "processes", plan("threads", task("mprotect-flip", 2)), plan("processes", task("mprotect-flip", 2)),
          "threads,processes"),
    Trial("kernel-contention", "in larger pieces", plan("threads", task("mmap-storm", 2, args={"rounds": 8000, "touched": 1})),
          plan("threads", task("mmap-storm", 2, args={"rounds": 500, "touched": 16})), "threads,processes"),
    Trial("shared-cache-line", "64 bytes apart", plan("threads", task("false-sharing", 2)),
          plan("threads", task("false-sharing", 2, args={"layout": "padded"})), "threads,processes"),
    Trial("start-cost-dominates", "a pool", plan("processes", task("primes", 300, args={"limit": 10}), workers=2),
          plan("process-pool", task("primes", 300, args={"limit": 10}), workers=2), "threads,processes"),
    Trial("start-cost-dominates", "fewer, with more to do", plan("processes", task("primes", 300, args={"limit": 2000}), workers=2),
          plan("processes", task("primes", 10, args={"limit": 20000}), workers=2), "threads,processes"),
    Trial("start-methods", "the quicker one", plan("processes", python(COUNT, 4, 1000), start_method="spawn"),
          plan("processes", python(COUNT, 4, 1000), start_method="fork"), "processes:fork,processes:spawn"),
    Trial("start-methods", "a pool", plan("processes", python(COUNT, 8, 1000), start_method="spawn", workers=2),
          plan("process-pool", python(COUNT, 8, 1000), start_method="spawn", workers=2), "processes:fork,processes:spawn"),
    Trial("event-loop-kept", "await", plan("asyncio", python("loop.py:keeps", 4)), plan("asyncio", python("loop.py:awaits", 4)), "asyncio"),
    Trial("event-loop-kept", "a thread beside the loop", plan("asyncio", python("loop.py:keeps", 4)),
          plan("asyncio", python("loop.py:beside", 4)), "asyncio"),
    Trial("event-loop-kept", "a process pool for what computes", plan("asyncio", python("loop.py:computes", 4, 3000000)),
          plan("process-pool", python("loop.py:computes_plainly", 4, 3000000), start_method="fork", workers=2), "asyncio"),
    Trial("waiting", "more workers than cores", plan("threads", task("sleep", 8, args={"seconds": 0.1}), workers=2),
          plan("threads", task("sleep", 8, args={"seconds": 0.1})), "threads,processes"),
    Trial("waiting", "outside of what lets one wait at a time", plan("threads", python("locks.py:waits_inside", 2)),
          plan("threads", python("locks.py:waits_outside", 2)), "threads,thread-pool"),
    Trial("runs-at-once", "threads are enough", plan("processes", python(HASH, 2), start_method="fork"), plan("threads", python(HASH, 2)),
          "threads,sequential", bound=1.1),
    Trial("oversubscription", "as many workers as cores: the whole takes as long", plan("threads", task("primes", 8, args={"limit": 700000})),
          plan("threads", task("primes", 8, args={"limit": 700000}), workers=2), "threads,processes", bound=1.1),
    Trial("oversubscription", "as many workers as cores: each is done sooner", plan("threads", task("primes", 8, args={"limit": 700000})),
          plan("threads", task("primes", 8, args={"limit": 700000}), workers=2), "threads,processes", figure=in_target_ms()),
    Trial("uneven-work", "the longest first",
          plan("threads", task("primes", 4, name="short", args={"limit": 500000}), task("primes", 1, name="long", args={"limit": 1500000}), workers=2),
          plan("threads", task("primes", 1, name="long", args={"limit": 1500000}), task("primes", 4, name="short", args={"limit": 500000}), workers=2),
          "threads,processes"),
    Trial("own-threads", "one thread each", plan("processes", python("arrays.py:products", 4), start_method="fork"),
          plan("processes", python("arrays.py:products", 4, env={"OPENBLAS_NUM_THREADS": "1"}), start_method="fork"), "processes:fork,sequential",
          bound=1.0, needs="numpy"),
    Trial("own-threads", "one at a time", plan("processes", task("program:xz", 2, args=XZ), workers=2),
          plan("processes", task("program:xz", 2, args=XZ), workers=1), "processes,sequential", bound=1.1, needs="xz"),
    Trial("own-threads", "as many at once as cores", plan("threads", python("tools.py:checksum", 8)),
          plan("threads", python("tools.py:checksum", 8), workers=2), "threads,processes:fork", bound=1.1),
    Trial("sending", "threads for big results", plan("process-pool", python("arrays.py:grid", 4), start_method="fork", workers=2),
          plan("thread-pool", python("arrays.py:grid", 4), workers=2), "thread-pool,process-pool:fork", needs="numpy"),
    Trial("sending", "less: a sum", plan("process-pool", python("arrays.py:grid", 4), start_method="fork", workers=2),
          plan("process-pool", python("arrays.py:grid_sum", 4), start_method="fork", workers=2), "thread-pool,process-pool:fork", needs="numpy"),
    Trial("sending", "less: a range", plan("process-pool", python("data.py:total", 4, BIG), start_method="fork", workers=2),
          plan("process-pool", python("data.py:total_of", 4, 2000000), start_method="fork", workers=2), "thread-pool,process-pool:fork"),
    Trial("sending", "many calls at once", plan("process-pool", python("tiny.py:cube", 1000, 12), start_method="fork", workers=2),
          plan("process-pool", python("tiny.py:cubes", 4, 250, 12), start_method="fork", workers=2), "sequential,process-pool:fork"),
    Trial("sending", "without a pool", plan("process-pool", python("tiny.py:cube", 1000, 12), start_method="fork", workers=2),
          plan("sequential", python("tiny.py:cube", 1000, 12)), "sequential,process-pool:fork"),
    Trial("waiting-for-another", "make faster what is waited for", plan("threads", python("belt.py:consume"), python("belt.py:produce", 1, 40, 0.002)),
          plan("threads", python("belt.py:consume"), python("belt.py:produce", 1, 40, 0.001)), "threads"),
    Trial("results-depend-on-order", "hold a lock from reading to writing", plan("threads", python("tally.py:add", 4)),
          plan("threads", python("tally.py:add_locked", 4)), "threads,sequential", figure=missing_from(8000)),
    Trial("equal-random-results", "a generator of its own", plan("processes", python("chance.py:shared", 4), start_method="fork"),
          plan("processes", python("chance.py:own", 4), start_method="fork"), "processes:fork,sequential", figure=equal_results),
    Trial("all-blocked", "one order of locks",
          plan("threads", python("locks.py:both", 1, *TWO_LOCKS), python("locks.py:both", 1, *OTHER_WAY), timeout="2s"),
          plan("threads", python("locks.py:both", 1, *ONE_WAY), python("locks.py:both", 1, *ONE_WAY), timeout="2s"), "threads",
          figure=without_success),
    Trial("short-calls-wait-for-gil", "let what computes run in a process", asks("threads"), asks("processes"),
          "threads,sequential", figure=in_target_ms("asks")),
    Trial("short-calls-wait-for-gil", "fewer, larger calls", asks("threads"), asks("threads", 1, 0.008),
          "threads,sequential", figure=in_target_ms("asks")),
    Trial("join-order", "as_completed()", plan("threads", python("waits.py:sleeps", 1, 0.4), python("waits.py:sleeps", 3, 0.05)),
          plan("sequential", python("ends.py:by_ends")), "threads", figure=late_ms),
    Trial("join-order", "a queue", plan("threads", python("waits.py:sleeps", 1, 0.4), python("waits.py:sleeps", 3, 0.05)),
          plan("sequential", python("ends.py:by_queue")), "threads", figure=late_ms),
    Trial("join-timeout", "tell the thread to stop, with an Event", plan("threads", python("ends.py:goes_on"), python("ends.py:tells"), join_timeout="100ms"),
          plan("threads", python("ends.py:stops"), python("ends.py:tells"), join_timeout="100ms"), "threads", figure=marked("join-timeout")),
    Trial("second-start", "a new thread for each start", plan("threads", python("waits.py:sleeps", 1, 0.05), start_again=True),
          plan("threads", python("waits.py:sleeps", 2, 0.05)), "threads", figure=marked("start-again")),
    Trial("one-thread-overlaps", "the cheapest way to wait", plan("threads", python("waits.py:sleeps", 1000)), plan("asyncio", python("waits.py:waits", 1000)),
          "asyncio", shows=1),
    Trial("best-workers", "use so many", plan("threads", task("primes", 8, args={"limit": 300000}), workers=1),
          plan("threads", task("primes", 8, args={"limit": 300000}), workers=2), ["sweep", "--modes", "threads", "--workers", "1,2,4"]),
    Trial("crossover", "below it what is quicker to launch", plan("processes", python(COUNT, 2, 1000, name="count"), start_method="fork"),
          plan("threads", python(COUNT, 2, 1000, name="count")), CROSSES),
    Trial("crossover", "below it fewer, longer ones", plan("processes", python(COUNT, 40, 1000, name="count"), start_method="fork", workers=2),
          plan("processes", python(COUNT, 2, 20000, name="count"), start_method="fork", workers=2), CROSSES),
    Trial("crossover", "above it the other", plan("threads", python(COUNT, 2, 2000000, name="count")),
          plan("processes", python(COUNT, 2, 2000000, name="count"), start_method="fork"), CROSSES),
    Trial("memory-traffic", "pieces that fit into a cache", plan("processes", python("stream.py:passes", 2), start_method="fork"),
          plan("processes", python("stream.py:pieces", 2), start_method="fork"), "processes:fork,sequential", needs=["numpy", 4]),
    Trial("others-disturbed", "end other programs", plan("threads", task("primes", 2, args={"limit": 1000000})),
          plan("threads", task("primes", 2, args={"limit": 1000000})), "threads", beside=BURSTS),
    Trial("crash-took-others", "processes of its own",
          plan("threads", task("sleep", 3, args={"seconds": 0.2}), task("fail", 1, args={"kind": "abort"})),
          plan("processes", task("sleep", 3, args={"seconds": 0.2}), task("fail", 1, args={"kind": "abort"})), "threads,processes",
          figure=without_success),
]


def busy_cores(run):
    """CPU time of all executions ÷ makespan."""
    return sum(it["states"]["on_cpu_ns"] for it in run["executions"] if it["states"]) / run["makespan_ns"]


def needed(need):
    if isinstance(need, list):
        return " and ".join(map(needed, need))
    return "%d cores" % need if isinstance(need, int) else need


def has(need):
    """Whether this machine has a program, a module, a number of cores, or all of a list of those."""
    if isinstance(need, list):
        return all(map(has, need))
    if isinstance(need, int):
        return os.cpu_count() >= need
    return need is None or shutil.which(need) is not None or importlib.util.find_spec(need) is not None


def document(program, folder, text, *arguments):
    with open(os.path.join(folder, "plan.toml"), "w") as file:
        file.write(text)
    said = subprocess.run([program, arguments[0], "plan.toml", "--json", *arguments[1:]], cwd=folder, capture_output=True, text=True)
    if said.returncode not in (0, 1):
        sys.exit("%s\n%s" % (text, said.stderr))
    return json.loads(said.stdout)


@contextlib.contextmanager
def beside(trial):
    """Runs the disturbing program meanwhile, in as many processes as there are cores."""
    count = os.cpu_count() if trial.beside else 0
    started = [subprocess.Popen([sys.executable, "-c", trial.beside]) for _ in range(count)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def tried(program, folder, trial, repeats):
    """One row: the findings that were shown, the two medians, and their ratio."""
    if not isinstance(trial.modes, str):
        how = trial.modes
    else:
        how = ["compare", "--modes", trial.modes] if "," in trial.modes else ["run", "--mode", trial.modes]
    with beside(trial):
        shown = document(program, folder, trial.shown, *how, "--repeat", "6", "--warmup", "1")
    ids = [finding["id"] for finding in shown["findings"]]
    run_once = lambda text: document(program, folder, text, "run", "--repeat", "1", "--warmup", "0")["runs"][-1]
    values = ([], [])
    for _ in range(repeats):
        with beside(trial):
            values[0].append(trial.figure(run_once(trial.found)))
        values[1].append(trial.figure(run_once(trial.advised)))
    found, advised = map(statistics.median, values)
    return ids, found, advised, advised / found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    failed = False
    print("%-22s %-50s %6s %10s %10s %6s" % ("finding", "advice", "shown", "as found", "as advised", "ratio"))
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        for trial in TRIALS:
            if options.only not in trial.finding + " " + trial.says:
                continue
            if not has(trial.needs):
                print("%-22s %-50s skipped: it needs %s" % (trial.finding, trial.says, needed(trial.needs)))
                continue
            ids, found, advised, ratio = tried(options.program, folder, trial, options.repeats)
            shown, good = trial.finding in ids, ratio <= trial.bound
            failed |= not (shown and good)
            print("%-22s %-50s %6s %10.1f %10.1f %6.2f%s" % (
                trial.finding, trial.says, "yes" if shown else "no", found, advised, ratio, "" if good else " above %.2f" % trial.bound),
                flush=True)
            if not shown:
                print("    found instead: %s" % ", ".join(ids), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
