#!/usr/bin/env python3
"""Which processes task runners leave behind: the same ten faults in Spawnscope and in its peers.

    python3 benches/peers/faults.py PROGRAM [--only WORD] [--nextest PATH]

PROGRAM is the built `spawnscope`. Each runner starts two copies of a small shell script (hyperfine one), and something goes
wrong. The script finds the processes that are still there 2 s after the runner has ended, or was sent a signal, by a variable in
their environment, which children inherit in whatever group or session they are. A runner that goes on for 10 s after it should
have ended (60 s with a flood) *does not end*. Afterwards the script kills what is left. The output is the table of
docs/safety.md; the exit status is 1 if Spawnscope left a process behind or did not end. hyperfine and xargs have no timeout, so
they run `timeout 1` of coreutils, as people do; GNU parallel and nextest have one, and a pool's function calls
`subprocess.run(timeout=1)`. Signals go only to the runner's process. Runners that are not installed are not measured.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

MARK = "SPAWNSCOPE_FAULT"
SETTLE_SECS = 2.0
PATIENCE_SECS = 10.0

# Each fault: its name, the script, whether there is a timeout of 1 s, the signal to the runner, how many seconds it may take.
SLEEPERS = "sleep 1000 & exec sleep 1000"
FAULTS = [
    ("a child in a session of its own, then exit 0", "setsid sleep 1000 </dev/null >/dev/null 2>&1 & exit 0", False, None, PATIENCE_SECS),
    ("a background child that holds stdout, then exit 0", "sleep 1000 & exit 0", False, None, PATIENCE_SECS),
    ("timeout, SIGTERM ignored", "trap '' TERM; while :; do sleep 1; done", True, None, PATIENCE_SECS),
    ("timeout, a child in a session of its own", "setsid sleep 1000 & sleep 1000", True, None, PATIENCE_SECS),
    ("the runner is sent SIGKILL", SLEEPERS, False, signal.SIGKILL, PATIENCE_SECS),
    ("the runner is sent SIGTERM", SLEEPERS, False, signal.SIGTERM, PATIENCE_SECS),
    ("the runner is sent SIGINT", SLEEPERS, False, signal.SIGINT, PATIENCE_SECS),
    ("the runner is sent SIGHUP", SLEEPERS, False, signal.SIGHUP, PATIENCE_SECS),
    ("two floods of 1 GiB on stdout", "head -c 1073741824 /dev/zero", False, None, 60.0),
    ("timeout, a program that stops itself", "kill -STOP $$; sleep 1000", True, None, PATIENCE_SECS),
]

POOL = """
import concurrent.futures, subprocess, sys

def call(_):
    limit = float(sys.argv[2]) if len(sys.argv) > 2 else None
    return subprocess.run(["sh", sys.argv[1]], stdin=subprocess.DEVNULL, capture_output=True, timeout=limit).returncode

if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        print(list(pool.map(call, range(2))))
"""

NEXTEST = {
    "Cargo.toml": '[package]\nname = "faults"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n[workspace]\n',
    "lib.rs": "".join(
        f'#[test] fn fault_{i}() {{ let script = std::env::var("SCRIPT").unwrap();'
        ' std::process::Command::new("sh").arg(script).status().unwrap(); }\n' for i in range(2)),
    ".config/nextest.toml": '[profile.limited]\nslow-timeout = { period = "1s", terminate-after = 1 }\n',
}


class Peers:
    """The command of each runner for a script, in a folder."""

    def __init__(self, program, nextest):
        self.program, self.nextest = os.path.abspath(program), nextest

    def spawnscope(self, folder, script, limited):
        lines = ["schema = 1", "[run]", 'mode = "processes"', "repeat = 1", "warmup = 0"]
        lines += ['timeout = "1s"'] if limited else []
        lines += ["[[task]]", 'target = "program:sh"', f'args = ["{script}"]', "count = 2"]
        with open(f"{folder}/plan.toml", "w") as plan:
            plan.write("\n".join(lines) + "\n")
        return [self.program, "run", "plan.toml"]

    def hyperfine(self, folder, script, limited):
        command = f"timeout 1 sh {script}" if limited else f"sh {script}"
        return has("hyperfine") and ["hyperfine", "-N", "-i", "--runs", "1", command]

    def gnu_parallel(self, folder, script, limited):
        limit = ["--timeout", "1"] if limited else []
        return has("parallel") and ["parallel", "-j2", *limit, "sh", script, ":::", "1", "2"]

    def xargs(self, folder, script, limited):
        with open(f"{folder}/lines", "w") as lines:
            lines.write("1\n2\n")
        limit = ["timeout", "1"] if limited else []
        return ["xargs", "-a", "lines", "-P2", "-n1", *limit, "sh", script]

    def nextest_(self, folder, script, limited):
        if not self.nextest:
            return None
        for name, text in NEXTEST.items():
            os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
            with open(f"{folder}/{name}", "w") as file:
                file.write(text)
        subprocess.run(["cargo", "test", "--no-run", "--quiet", "--offline"], cwd=folder, check=True)
        profile = ["--profile", "limited"] if limited else []
        return [self.nextest, "nextest", "run", "--offline", "--no-fail-fast", *profile]

    def process_pool(self, folder, script, limited):
        with open(f"{folder}/pool.py", "w") as pool:
            pool.write(POOL)
        return [sys.executable, "pool.py", script] + (["1"] if limited else [])

    def all(self):
        return [("Spawnscope", self.spawnscope), ("hyperfine", self.hyperfine), ("GNU parallel", self.gnu_parallel),
                ("xargs", self.xargs), ("cargo-nextest", self.nextest_), ("ProcessPoolExecutor", self.process_pool)]


def has(name):
    return shutil.which(name) is not None


def marked(mark):
    """The processes that have this mark in their environment, and have not ended."""
    found, wanted = [], f"{MARK}={mark}".encode()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as environ:
                if wanted not in environ.read().split(b"\0"):
                    continue
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] not in "ZX":
                    found.append(int(pid))
        except OSError:
            continue
    return found


def wait(so, secs):
    """Waits until `so` holds; returns whether it did within this time."""
    end = time.monotonic() + secs
    while not so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def try_one(call, script_text, limited, sent, patience):
    """What a runner left, as a text, and whether that is nothing; None if the runner is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        script = f"{folder}/fault.sh"
        with open(script, "w") as file:
            file.write(script_text + "\n")
        command = call(folder, script, limited)
        if not command:
            return None
        mark = uuid.uuid4().hex
        environment = {**os.environ, MARK: mark, "SCRIPT": script, "PARALLEL_HOME": folder}
        host = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, start_new_session=True,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if sent is not None:
                sleeping = lambda: sum(name_of(pid) == "sleep" for pid in marked(mark)) >= 2
                if not wait(sleeping, 30):
                    return "did not start", False
                host.send_signal(sent)
            ends = wait(lambda: host.poll() is not None, patience)
            gone = ends and wait(lambda: not marked(mark), SETTLE_SECS)
            left = len(marked(mark)) - (host.poll() is None)
        finally:
            while left_over := marked(mark):
                for pid in left_over:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            host.wait()
    words = [] if ends else ["does not end"]
    words += [f"{left} left"] if left > 0 else []
    return (", ".join(words) or "nothing left"), ends and gone


def name_of(pid):
    try:
        with open(f"/proc/{pid}/comm") as comm:
            return comm.read().strip()
    except OSError:
        return ""


def version(command):
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=20)
        return (said.stdout or said.stderr).splitlines()[0]
    except (OSError, IndexError, subprocess.TimeoutExpired):
        return f"{command[0]}: not installed"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program")
    arguments.add_argument("--only", default="")
    arguments.add_argument("--nextest", default=shutil.which("cargo-nextest"))
    asked = arguments.parse_args()
    peers = Peers(asked.program, asked.nextest and os.path.abspath(asked.nextest)).all()
    clean = True
    print("| fault | " + " | ".join(name for name, _ in peers) + " |")
    print("|---" * (len(peers) + 1) + "|")
    for name, script, limited, sent, patience in FAULTS:
        if asked.only not in name:
            continue
        said = [try_one(call, script, limited, sent, patience) for _, call in peers]
        clean = clean and said[0] is not None and said[0][1]
        print(f"| {name} | " + " | ".join("not measured" if one is None else one[0] for one in said) + " |", flush=True)
    versions = [[asked.program, "--version"], ["hyperfine", "--version"], ["parallel", "--version"], ["xargs", "--version"],
                [asked.nextest or "cargo-nextest", "nextest", "--version"], [sys.executable, "--version"]]
    print("\n" + "; ".join(map(version, versions)))
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
