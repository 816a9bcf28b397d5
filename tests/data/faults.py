"""What goes wrong, as functions; each is told where to say that it has begun."""

import os
import signal
import subprocess
import sys
import threading
import time


def beside(begun):
    return 1


def exits(begun):
    os._exit(3)


def leaves_by_exit(begun):
    sys.exit(3)


def raises(begun):
    raise ValueError("no")


def segfault(begun):
    os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(600)


def killed(begun):
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(600)


def sleeps(begun):
    open(begun, "w").close()
    time.sleep(600)


def deaf(begun):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
    time.sleep(600)


def stops(begun):
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(600)


def session(begun):
    subprocess.Popen(["sleep", "600"], start_new_session=True)


def holds(begun):
    subprocess.Popen(["sleep", "600"])


def floods(begun):
    for _ in range(64):
        os.write(1, b"x" * 65536)


def closes(begun):
    os.close(1)
    os.close(2)
