#!/usr/bin/env python3
"""A soak test: random runs with random faults in one terminal process, and the resources that this process holds meanwhile.

    python3 benches/soak.py PROGRAM [--minutes M] [--round SECONDS] [--seed S] [--csv FILE] [--python PYTHON]

Each round is one `PROGRAM compare` of a plan generated from the seed: programs, built-in targets and Python functions that
return, fail, crash, hang until their timeout, write or leave children behind, in two random modes. The plan has so many repeats
that one process of the program makes runs for the whole round; then it is sent SIGTERM. Once a second the script reads the
process's memory, descriptors, threads and children, and its run folders in /dev/shm, and writes them as CSV. It compares the last
third of each round with the first third: the exit status is 1 if memory grew by more than 25 % and 8 MiB, or descriptors or
threads by more than 8, or if a process, a run folder or a temporary file was left 2 s after a round. The host keeps every run
until it ends, with up to 1 MiB of the output of each execution; executions write little here, so that growth is not due to that.
"""

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

FUNCTIONS = """
import os, signal, subprocess, time
def returns(): return list(range(100))
def fails(): raise ValueError("no")
def crashes(): os.kill(os.getpid(), signal.SIGSEGV)
def hangs(): time.sleep(600)
def leaves(): subprocess.Popen(["sleep", "600"], start_new_session=True)
def floods(): os.write(1, b"x" * 4_000)
"""
PROGRAMS = ["exit 0", "exit 3", "kill -SEGV $$", "sleep 600", "setsid sleep 600 & exit 0", "sleep 600 & exit 0",
            "head -c 4000 /dev/zero", "trap '' TERM; sleep 600", "kill -STOP $$"]
BUILTINS = ['target = "primes"\nargs = { limit = 1000 }', 'target = "sleep"\nargs = { seconds = 0.02 }',
            'target = "fail"\nargs = { kind = "exit" }', 'target = "fail"\nargs = { kind = "segfault" }',
            'target = "fail"\nargs = { kind = "panic" }', 'target = "fail"\nargs = { kind = "flood", bytes = 4000 }']


def plan(rng, python):
    kind = rng.choice(["program", "builtin", "python"] if python else ["program", "builtin"])
    tasks = []
    for at in range(rng.randint(1, 4)):
        if kind == "program":
            tasks.append(f"target = \"program:sh\"\nargs = [\"-c\", '''{rng.choice(PROGRAMS)}''']")
        elif kind == "builtin":
            tasks.append(rng.choice(BUILTINS))
        else:
            word = rng.choice(["returns", "fails", "crashes", "hangs", "leaves", "floods"])
            tasks.append(f'target = "python:work.py:{word}"')
        tasks[-1] += f'\nname = "task {at}"\ncount = {rng.randint(1, 5)}'
    modes = {"program": ["sequential", "processes", "process-pool"],
             "builtin": ["threads", "processes", "thread-pool", "process-pool"],
             "python": ["threads", "thread-pool", "processes:fork", "processes:spawn", "process-pool:fork"]}[kind]
    first, second = rng.sample(modes, 2)
    interpreter = f'python = "{python}"\n' if kind == "python" else ""
    head = f'schema = 1\n[run]\nworkers = {rng.randint(1, 4)}\ntimeout = "300ms"\nwarmup = 0\nrepeat = 40\nprecision = 0\n'
    head += f'seed = {rng.randint(0, 1 << 30)}\n{interpreter}compare = ["{first}", "{second}"]\n'
    return kind, head + "".join(f"[[task]]\n{task}\n" for task in tasks)


def read(pid):
    """Memory in MiB, descriptors, threads and children of a process."""
    with open(f"/proc/{pid}/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        below = len(children.read().split())
    memory = int(fields["VmRSS"].split()[0]) / 1024
    return memory, len(os.listdir(f"/proc/{pid}/fd")), int(fields["Threads"]), below


def marked(mark):
    count = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as environ, open(f"/proc/{pid}/stat") as stat:
                there = mark in environ.read().split(b"\0")
                count += there and stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
        except OSError:
            continue
    return count


def folders(task):
    """The number of run folders in memory with this word in their request."""
    found = 0
    for entry in os.scandir("/dev/shm"):
        try:
            with open(f"{entry.path}/plan.json") as request:
                found += task in request.read()
        except OSError:
            continue
    return found


def one(program, rng, python, round_secs, rows, round_number, start):
    """Runs one process of the program; returns what it held, as rows, what was left, whether it ended, and the plan."""
    kind, text = plan(rng, python)
    with tempfile.TemporaryDirectory() as folder:
        word = os.path.basename(folder)
        with open(f"{folder}/plan.toml", "w") as file:
            file.write(text.replace('name = "task', f'name = "{word}'))
        with open(f"{folder}/work.py", "w") as file:
            file.write(FUNCTIONS)
        os.mkdir(f"{folder}/tmp")
        mark = f"SPAWNSCOPE_SOAK={word}"
        environment = {**os.environ, "SPAWNSCOPE_SOAK": word, "TMPDIR": f"{folder}/tmp"}
        host = subprocess.Popen([program, "compare", "plan.toml", "--json"], cwd=folder, env=environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begun, mine = time.monotonic(), []
        while host.poll() is None and time.monotonic() < begun + round_secs:
            time.sleep(1)
            try:
                row = read(host.pid)
            except (OSError, KeyError):
                break
            mine.append(row)
            rows.append([round_number, kind, round(time.monotonic() - start, 1), *row, folders(word)])
        # If the round is not over, it is interrupted, which is a fault too.
        host.terminate()
        try:
            host.wait(30)
            ended = True
        except subprocess.TimeoutExpired:
            host.kill()
            host.wait()
            ended = False
        end = time.monotonic() + 2
        while (marked(mark.encode()) or folders(word)) and time.monotonic() < end:
            time.sleep(0.05)
        left = marked(mark.encode()), folders(word), len(os.listdir(f"{folder}/tmp"))
    return mine, left, ended, text


def grew(samples):
    """The quantities that grew from the first third to the last, as texts."""
    third = len(samples) // 3
    if third < 3:
        return []
    # The host keeps every run that it has made, so memory may grow by the size of the runs, but not by more.
    first, last = ([statistics.median(row[at] for row in part) for at in range(3)] for part in (samples[:third], samples[-third:]))
    limits = [max(first[0] * 0.25, 8), 8, 8]
    words = ["memory, MiB", "descriptors", "threads"]
    return [f"{word} {a:.1f} to {b:.1f}" for word, a, b, limit in zip(words, first, last, limits) if b - a > limit]


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("program")
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--csv", default="soak.csv")
    asked.add_argument("--python", default=sys.executable)
    asked.add_argument("--round", type=float, default=60, help="seconds of one process")
    asked = asked.parse_args()
    rng, start, rows, wrong, number = random.Random(asked.seed), time.monotonic(), [], [], 0
    while time.monotonic() < start + asked.minutes * 60:
        samples, left, ended, text = one(os.path.abspath(asked.program), rng, asked.python, asked.round, rows, number, start)
        told = grew(samples)
        told += [] if ended else ["it did not end within 30 s of SIGTERM"]
        told += [f"left: {left[0]} processes, {left[1]} run folders, {left[2]} temporary files"] if any(left) else []
        if told:
            wrong.append(number)
            print(f"round {number}: {'; '.join(told)}\n{text}", flush=True)
        number += 1
    with open(asked.csv, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["round", "kind", "second", "memory_mib", "descriptors", "threads", "children", "run_folders"])
        out.writerows(rows)
    for at, word in [(3, "memory, MiB"), (4, "descriptors"), (5, "threads"), (6, "children"), (7, "run folders")]:
        column = [row[at] for row in rows]
        print(f"{word}: median {statistics.median(column):.1f}, most {max(column):.1f}")
    print(f"{number} rounds, {len(rows)} looks, wrong: {wrong or 'none'}; {asked.csv}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
