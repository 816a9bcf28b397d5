#!/usr/bin/env python3
"""A soak test of the window: random runs with random faults in one window, and the resources that its process holds meanwhile.

    python3 benches/soak_window.py PROGRAM [--minutes M] [--seed S] [--csv FILE] [--python PYTHON]

The window has its own screen (Xvfb), and xdotool presses its keys. Its plan has programs, built-in targets and a Python function;
before each round the script draws from the seed what they do (return, fail, crash, hang until the timeout, flood, leave children
behind, stop themselves). A round is one press of Run, Compare or Sweep. Some rounds are stopped by the key; in some the script
kills or stops a process below the window. Between rounds it changes views by keys. Once a second it reads the window's memory,
descriptors, threads and children, its run folders in /dev/shm, and the number of files that it keeps.

The exit status is 1 if memory grew by more than 25 % and 8 MiB, or descriptors or threads by more than 8; if a process (also one
that has ended and was not reaped) or a run folder was left 2 s after a round; or if a round did not end within 60 s. The script
looks for growth after the first third of the time, in which the results that the window keeps fill up.
"""

import argparse
import csv
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

import soak

# The faults of a program, by number; the file `fault` beside the plan has the number.
SCRIPT = "case $(cat fault) in\n" + "".join(
    f"{number}) {line};;\n" for number, line in enumerate(
        ["exit 0", "exit 3", "kill -SEGV $$", "sleep 600", "setsid sleep 600 & exit 0", "sleep 600 & exit 0",
         "head -c 4000 /dev/zero", "trap '' TERM; sleep 600", "kill -STOP $$", "seq 2000"])) + "esac\n"
FAULTS = 10
WORK = soak.FUNCTIONS + """
WAYS = [returns, fails, crashes, hangs, leaves, floods, returns]
def work(): return WAYS[int(open("fault").read()) % len(WAYS)]()
"""
PLAN = """schema = 1
[run]
mode = "processes"
compare = ["processes", "process-pool"]
workers = 3
timeout = "300ms"
warmup = 0
repeat = 4
precision = 0
python = "{python}"
[[task]]
name = "{word} program"
target = "program:sh"
args = ["work.sh"]
cwd = "."
count = 3
[[task]]
name = "{word} built-in"
target = "primes"
args = {{ limit = 20000 }}
count = 40
[[task]]
name = "{word} function"
target = "python:work.py:work"
cwd = "."
count = 2
"""
# The keys of Run, Compare and Sweep; and those that are pressed between rounds: each tab, the panels at both sides, the timeline by
# core, zoom, the list of keys.
STARTS = ["F5", "F6", "F7"]
VIEWS = [f"ctrl+{tab}" for tab in range(1, 9)] + ["ctrl+b", "ctrl+i", "ctrl+shift+c", "ctrl+plus", "ctrl+0", "F1"]


class Window:
    """The program's window, on its own screen."""

    def __init__(self, program, folder, environment):
        self.screen = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-noreset", "-nolisten", "tcp", "-screen", "0", "1280x800x24"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        display = ":" + self.screen.stdout.readline().decode().strip()
        self.tools = {**os.environ, "DISPLAY": display}
        own = {**environment, "DISPLAY": display, "LIBGL_ALWAYS_SOFTWARE": "1"}
        own.pop("WAYLAND_DISPLAY", None)
        self.host = subprocess.Popen([program, "plan.toml"], cwd=folder, env=own, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait(lambda title: "plan.toml" in title, 60)
        self.xdotool("search", "--name", "Spawnscope", "windowfocus", "--sync")

    def xdotool(self, *args):
        return subprocess.run(["xdotool", *args], env=self.tools, capture_output=True, text=True, check=False).stdout.strip()

    def title(self):
        return self.xdotool("search", "--name", "Spawnscope", "getwindowname")

    def idle(self):
        return self.title().endswith(("plan.toml – Spawnscope", "done – Spawnscope", "stopped – Spawnscope"))

    def wait(self, holds, secs):
        end = time.monotonic() + secs
        while time.monotonic() < end:
            if self.host.poll() is not None:
                sys.exit(f"the window ended with status {self.host.returncode}")
            if holds(self.title()):
                return True
            time.sleep(0.1)
        return False

    def close(self):
        self.host.terminate()
        self.host.wait(30)
        self.screen.terminate()
        self.screen.wait()


def below(root):
    """The descendants of a process."""
    children = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                children.setdefault(int(stat.read().rsplit(")", 1)[1].split()[1]), []).append(int(pid))
        except OSError:
            continue
    found, at = list(children.get(root, [])), 0
    while at < len(found):
        found += children.get(found[at], [])
        at += 1
    return found


def one_round(rng, window, folder, look):
    """Starts a run, disturbs it, and waits for its end; returns what went wrong, as texts."""
    with open(f"{folder}/fault", "w") as file:
        file.write(str(rng.randrange(FAULTS)))
    for _ in range(rng.randrange(3)):
        window.xdotool("key", rng.choice(VIEWS))
    # Closes whatever is open, so that the next key starts a run.
    window.xdotool("key", "Escape")
    start = rng.choice(STARTS)
    event, after = rng.choice(["nothing", "nothing", "stop", "kill", "halt"]), rng.uniform(0.05, 3)
    window.xdotool("key", start)
    begun, told = time.monotonic(), []
    window.wait(lambda _: look() or not window.idle(), 5)
    while time.monotonic() < begun + after and not window.idle():
        look()
        time.sleep(0.05)
    if event == "stop":
        window.xdotool("key", "shift+F5")
    elif event in ("kill", "halt"):
        victims = below(window.host.pid)
        if victims:
            try:
                os.kill(rng.choice(victims), signal.SIGKILL if event == "kill" else signal.SIGSTOP)
            except ProcessLookupError:
                pass
    if not window.wait(lambda _: look() or window.idle(), 60):
        told.append(f"{start} with {event} after {after:.2f} s did not end within 60 s; the title is {window.title()}")
        window.xdotool("key", "shift+F5")
        window.wait(lambda _: window.idle(), 60)
    return told


def left_after(window, mark, word):
    """The processes and run folders that are left 2 s after a round, without the window itself."""
    end = time.monotonic() + 2
    while time.monotonic() < end and (soak.marked(mark) > 1 or soak.folders(word) or soak.read(window.host.pid)[3]):
        time.sleep(0.05)
    others, folders, children = soak.marked(mark) - 1, soak.folders(word), soak.read(window.host.pid)[3]
    found = [f"left: {others} processes, {folders} run folders"] if others or folders else []
    # Processes that have ended, but were not reaped, are children too.
    return found + ([f"{children} children of the window"] if children else [])


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("program")
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--csv", default="soak_window.csv")
    asked.add_argument("--python", default=sys.executable)
    asked = asked.parse_args()
    rng, rows, wrong, rounds, ends = random.Random(asked.seed), [], 0, 0, {}
    with tempfile.TemporaryDirectory() as folder:
        word = os.path.basename(folder)
        for name, text in [("work.sh", SCRIPT), ("work.py", WORK), ("fault", "0"),
                           ("plan.toml", PLAN.format(python=asked.python, word=word))]:
            with open(f"{folder}/{name}", "w") as file:
                file.write(text)
        environment = {**os.environ, "SPAWNSCOPE_SOAK": word, "HOME": folder, "XDG_CONFIG_HOME": f"{folder}/config",
                       "XDG_STATE_HOME": f"{folder}/state"}
        program = os.path.abspath(asked.program)
        subprocess.run([program, "trust", "plan.toml"], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        window = Window(program, folder, environment)
        start, last = time.monotonic(), [0.0]

        def look():
            """Reads the resources of the window, once a second; returns False, so that a wait goes on."""
            if time.monotonic() >= last[0] + 1:
                last[0] = time.monotonic()
                files = sum(len(names) for _, _, names in os.walk(f"{folder}/state"))
                rows.append([round(last[0] - start, 1), *soak.read(window.host.pid), soak.folders(word), files])
            return False

        while time.monotonic() < start + asked.minutes * 60:
            told = one_round(rng, window, folder, look) + left_after(window, f"SPAWNSCOPE_SOAK={word}".encode(), word)
            title = window.title().removesuffix(" – Spawnscope").rsplit(" – ", 1)[-1]
            ends[title] = ends.get(title, 0) + 1
            rounds += 1
            if told:
                wrong += 1
                with open(f"{folder}/fault") as fault:
                    print(f"round {rounds}, fault {fault.read()}: {'; '.join(told)}", flush=True)
        window.close()
    with open(asked.csv, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["second", "memory_mib", "descriptors", "threads", "children", "run_folders", "kept_files"])
        out.writerows(rows)
    told = soak.grew([row[1:] for row in rows[len(rows) // 3:]])
    print(f"{rounds} rounds ({ends}), {len(rows)} looks, wrong: {wrong}; grew: {told or 'nothing'}; {asked.csv}")
    return 1 if wrong or told else 0


if __name__ == "__main__":
    sys.exit(main())
