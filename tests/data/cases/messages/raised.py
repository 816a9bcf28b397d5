"""Each function NAME raises what Python's own libraries say of a slip; NAME_mended is the same as the mend would have it."""

import asyncio
import collections
import multiprocessing
import os
import pickle
import signal
import socket
import sqlite3
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor

FORK, SPAWN = multiprocessing.get_context("fork"), multiprocessing.get_context("spawn")


def nothing(*_):
    pass


def ended(process):
    process.start()
    process.join()
    return process.exitcode


def semlock():
    return ended(SPAWN.Process(target=nothing, args=(FORK.Lock(),)))


def semlock_mended():
    # A process lets go of its arguments once it has started, and a lock that nobody has is gone.
    lock = SPAWN.Lock()
    return ended(SPAWN.Process(target=nothing, args=(lock,)))


def semlock_mended_by_fork():
    return ended(FORK.Process(target=nothing, args=(FORK.Lock(),)))


# The module is loaded in the main thread.
BEFORE = signal.signal(signal.SIGUSR2, nothing)


def handler():
    signal.signal(signal.SIGUSR2, nothing)


def handler_mended():
    assert signal.getsignal(signal.SIGUSR2) is nothing


def wakeup():
    signal.set_wakeup_fd(-1)


def starts_a_child():
    return ended(FORK.Process(target=nothing))


def daemonic():
    with FORK.Pool(1) as pool:
        return pool.apply(starts_a_child)


def daemonic_mended():
    with ProcessPoolExecutor(1, mp_context=FORK) as pool:
        return pool.submit(starts_a_child).result()


CONNECTION = sqlite3.connect(":memory:")


def connection():
    CONNECTION.execute("select 1")


def connection_mended():
    sqlite3.connect(":memory:").execute("select 1")


def inheritance():
    with FORK.Pool(1) as pool:
        return pool.apply(nothing, (FORK.Queue(),))


def inheritance_mended():
    return ended(FORK.Process(target=nothing, args=(FORK.Queue(),)))


def inheritance_mended_by_initializer():
    with FORK.Pool(1, nothing, (FORK.Queue(),)) as pool:
        return pool.apply(nothing)


def inheritance_mended_by_manager():
    with FORK.Manager() as manager, FORK.Pool(1) as pool:
        return pool.apply(nothing, (manager.Queue(),))


def context():
    multiprocessing.set_start_method("spawn", force=True)
    multiprocessing.set_start_method("fork")


def context_mended():
    return ended(multiprocessing.get_context("fork").Process(target=nothing))


async def answer():
    asyncio.get_running_loop()
    return 42


def no_running_loop():
    asyncio.get_running_loop()


def no_running_loop_mended():
    return asyncio.run(answer())


def no_current_loop():
    asyncio.get_event_loop()


def no_current_loop_mended():
    return asyncio.run(answer())


async def runs(coroutine):
    try:
        asyncio.run(coroutine)
    finally:
        coroutine.close()


async def awaits(coroutine):
    return await coroutine


def nested_run():
    asyncio.run(runs(answer()))


def nested_run_mended():
    return asyncio.run(awaits(answer()))


def meanwhile(change, *args):
    """What another thread does in the middle of an iteration."""
    thread = threading.Thread(target=change, args=args)
    thread.start()
    thread.join()


def changed_size():
    numbers = dict.fromkeys(range(3))
    for number in numbers:
        meanwhile(numbers.__setitem__, number + 10, None)


def changed_size_mended():
    numbers = dict.fromkeys(range(3))
    for number in list(numbers):
        meanwhile(numbers.__setitem__, number + 10, None)


def changed_size_mended_by_lock():
    numbers, lock, seen = dict.fromkeys(range(3)), threading.Lock(), []

    def change():
        with lock:
            numbers[10] = None

    other = threading.Thread(target=change)
    with lock:
        for number in numbers:
            if not seen:
                other.start()
            seen.append(number)
            time.sleep(0.01)
    other.join()
    assert seen == [0, 1, 2] and 10 in numbers


def mutated():
    numbers = collections.deque(range(3))
    for number in numbers:
        meanwhile(numbers.append, number)


def mutated_mended():
    numbers = collections.deque(range(3))
    for number in list(numbers):
        meanwhile(numbers.append, number)


def started_twice():
    thread = threading.Thread(target=nothing)
    for _ in range(2):
        thread.start()
        thread.join()


def started_twice_mended():
    for _ in range(2):
        thread = threading.Thread(target=nothing)
        thread.start()
        thread.join()


def writes_beside_another(timeout):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rows.db")
        first, begun, late = sqlite3.connect(path, check_same_thread=False), threading.Event(), threading.Event()
        first.execute("create table rows (n)")
        first.commit()

        def write():
            first.execute("insert into rows values (1)")
            begun.set()
            late.wait(0.3)
            first.commit()
            first.close()

        other = threading.Thread(target=write)
        other.start()
        begun.wait()
        second = sqlite3.connect(path, timeout=timeout)
        try:
            second.execute("insert into rows values (2)")
            second.commit()
        finally:
            late.set()
            other.join()
            second.close()


def database():
    writes_beside_another(0)


def database_mended():
    writes_beside_another(60)


def binds(second_port):
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", first.getsockname()[1] if second_port is None else second_port))


def address():
    binds(None)


def address_mended():
    binds(0)


def local_function():
    def square(n):
        return n * n

    pickle.dumps(square)


def local_function_mended():
    pickle.dumps(nothing)


def a_lambda():
    pickle.dumps(lambda n: n * n)


def a_lambda_mended():
    pickle.dumps(nothing)


def a_lock():
    pickle.dumps(threading.Lock())


def a_lock_mended():
    pickle.dumps({"data": 1})


def a_generator():
    pickle.dumps(n for n in range(3))


def a_generator_mended():
    pickle.dumps([n for n in range(3)])


def a_file():
    with open(__file__) as file:
        pickle.dumps(file)


def a_file_mended():
    with open(__file__) as file:
        pickle.dumps(file.read())
