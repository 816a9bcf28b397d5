"""Modes process-pool and interpreters: in a worker."""

WORKER = None


class Worker:
    """A pool's worker in its own process or interpreter, in which the targets are loaded."""

    def __init__(self, place):
        self.run, self.lane = here(), take_pool_lane()
        self.sent = self.run.sent
        meter = LastingMeter(self.run.words, PlainReader(), usage_source(place == "interpreters"),
                             place == "process-pool", always_zero)
        self.perform = make_perform(self.run, meter, place)
        # When it was ready for its first call, and since when it is free for the next.
        self.ready = self.free = now()


def take_pool_lane():
    """The number of a worker, from 1: the length of a file after the worker has added a byte to it."""
    descriptor = os.open(os.path.join(FOLDER, "lanes"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, b".")
        return os.lseek(descriptor, 0, os.SEEK_CUR)
    finally:
        os.close(descriptor)


def enter_worker(place, specs):
    """The pool's initializer. If it fails, Python says why only on stderr, so it writes the reason to a file for the launcher."""
    global WORKER
    for spec in specs:
        try:
            load_target(tuple(spec))
        except BaseException as error:
            tell_not_loaded(why_not_loaded_again(
                spec, error, "interpreter" if place == "interpreters" else "process"))
            raise
    WORKER = Worker(place)


def tell_not_loaded(why):
    """Writes why a worker could not load its targets; only the first worker's reason is kept."""
    try:
        with open(os.path.join(FOLDER, "not-loaded"), "x", encoding="utf-8") as file:
            file.write(why)
    except OSError:
        pass


def why_workers_are_missing():
    """Why a worker could not begin; None if all could."""
    try:
        with open(os.path.join(FOLDER, "not-loaded"), encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


def perform_in_worker(number, target, args, kwargs):
    """Runs a call in a worker of a pool of processes or interpreters. The target, the arguments and the result are sent as in
    plain Python."""
    worker = WORKER
    words, at = worker.run.words, slot_of(number)
    if words[STOP]:
        return None
    words[at + LANE] = worker.lane
    if worker.sent is not None:
        worker.sent[number * SENDING_WORDS + WORKER_READY] = worker.ready
    return worker.perform(number, target, args, kwargs)


class Call:
    """The callable that is submitted to a pool of processes. It is pickled, and unpickled, just before the arguments of its call,
    so it can stamp when theirs begins."""

    __slots__ = ("number",)

    def __init__(self, number):
        self.number = number

    def __reduce__(self):
        run = RUN
        run.outgoing = self.number
        run.sent[self.number * SENDING_WORDS + PICKLED_FROM] = now()
        return restore_call, (self.number,)

    def __call__(self, target, args, kwargs):
        unpickled, worker, number = now(), WORKER, self.number
        at = number * SENDING_WORDS
        worker.sent[at + UNPICKLED_TO] = unpickled
        worker.sent[at + WORKER_FREE] = worker.free
        return Returned(number, perform_in_worker(number, target, args, kwargs))


def restore_call(number):
    RUN.sent[number * SENDING_WORDS + UNPICKLED_FROM] = now()
    return Call(number)


class Returned:
    """The result of a call on its way back; it unpickles to the result itself."""

    __slots__ = ("number", "value")

    def __init__(self, number, value):
        self.number, self.value = number, value

    def __reduce__(self):
        run = RUN
        run.returning = self.number
        run.sent[self.number * SENDING_WORDS + RESULT_FROM] = now()
        return take_result, (self.number, self.value)


def take_result(number, value):
    run, at = RUN, number * SENDING_WORDS
    run.sent[at + RETURNED_FROM] = run.received
    run.sent[at + RETURNED_TO] = now()
    return value


def measure_pool(run, pool):
    """Lets a pool's own queues note how many bytes a call and its result have, and when they were pickled and received. The
    user's own queues stay as they are."""
    from concurrent.futures import process

    calls, results, sent = pool._call_queue, pool._result_queue._reader, run.sent
    send, receive = calls._send_bytes, results._recv_bytes

    def send_call(data):
        number, run.outgoing = run.outgoing, None
        if number is not None:
            at = number * SENDING_WORDS
            sent[at + PICKLED_TO] = now()
            sent[at + ARGUMENT_BYTES] = len(data) + 1
        send(data)

    def receive_result(maxsize=None):
        data = receive(maxsize)
        run.received = now()
        return data

    calls._send_bytes, results._recv_bytes = send_call, receive_result
    work_in_pool.of_python, process._process_worker = process._process_worker, work_in_pool


def work_in_pool(calls, results, *settings):
    """The main function of a pool's worker process: Python's own, which also notes how many bytes a result has, and when it is
    sent."""
    from concurrent.futures import process

    own = getattr(process._process_worker, "of_python", process._process_worker)
    # A pool that a user's function makes in here gets Python's own function.
    process._process_worker = own
    send = results._writer.send_bytes

    def send_result(data):
        run = RUN
        number, run.returning = run.returning, None
        if number is not None:
            at = number * SENDING_WORDS
            run.sent[at + RESULT_TO] = now()
            run.sent[at + RESULT_BYTES] = len(data) + 1
        send(data)
        if WORKER is not None:
            WORKER.free = now()

    results._writer.send_bytes = send_result
    own(calls, results, *settings)


def enter_interpreter_text(specs):
    """The initializer of a new interpreter, as a text: the interpreter begins with the first one's original
    `sys.path`, not with the arranged one."""
    return "import sys; sys.path[:] = {!r}; import {name}; {name}.enter_worker('interpreters', {!r})".format(
        sys.path, specs, name=__name__)


def refusing(error):
    """Replaces a pool's `submit`, and fails as it did."""

    def refuse(number, task):
        raise error

    return refuse
