"""Spawnscope's runner of Python functions.

Spawnscope writes this file into the folder of a run, as `spawnscope_runner.py`, and executes it:

    PYTHON FOLDER/spawnscope_runner.py FOLDER

FOLDER also has `plan.json` (what to run, and how), `slots` (the stamps: native 64-bit integers, mapped by everybody) and
`texts` (a FIFO of JSON lines to Spawnscope). ARCHITECTURE.md describes them: this is protocol 2.

One rule explains most of what follows: *measuring must not disturb*. In a Python with a GIL, a thread that writes, opens
or reads gives the GIL away, and may wait 5 ms to get it back. So a stamp is a clock read and a store into mapped memory,
and nothing else happens between the start and the end of a user's function; texts are sent after it.

Only the standard library, CPython 3.8 and later and PyPy 7.3. Older Pythons must be able to *compile* this file, for then
it tells them in a sentence that they are too old: no `:=`, no `/` in parameters.
"""

import io
import os
import sys
import time

if __name__ == "__main__":
    # From here on this is the module `spawnscope_runner`, which children import by that name and pickles refer to. The
    # blank `__main__` has neither `__file__` nor a spec, so that spawn and forkserver run no main module again, and the
    # user needs no `if __name__ == "__main__"`.
    __name__ = "spawnscope_runner"
    sys.modules[__name__] = sys.modules["__main__"]
    sys.modules["__main__"] = type(sys)("__main__")
    IS_LAUNCHER, CODE = True, sys._getframe().f_code
else:
    IS_LAUNCHER, CODE = False, None

PROTOCOL = 2
FOLDER = os.path.dirname(os.path.abspath(__file__))
# The name under which tracebacks know this file.
THIS_FILE = (lambda: None).__code__.co_filename

# ---------------------------------------------------------------------------------------------------------- the slots

SLOT_WORDS = 24
# Words of the header.
ORIGIN, STOP, LAUNCH_LIMIT, STAMPS_ONLY, WAITS_SINCE, WAITS_FOR = 3, 4, 5, 7, 8, 9
# Words of a slot.
CREATED, LAUNCH_CALLED, LAUNCHED, ENTERED, LEFT, EXITED, JOINED, JOIN_CALLED = range(8)
PID, TID, LANE, VERDICT, RESULT, WAIT_STATUS = range(8, 14)
USER_NS, SYSTEM_NS, VOLUNTARY, INVOLUNTARY, MINOR_FAULTS, MAJOR_FAULTS, MAX_RSS, ON_CPU, RUNNABLE = range(15, 24)
# Verdicts.
RETURNED, COULD_NOT_START, RAISED, EXIT_CALLED, POOL_BROKE, RETURNED_TEXT, RETURNED_NONE, ABANDONED, RESULT_LOST = (
    1, 5, 6, 7, 8, 9, 10, 11, 12)

now = getattr(time, "monotonic_ns", None)
thread_cpu = getattr(time, "thread_time_ns", lambda: 0)


def map_words(name):
    """A file of the run's folder as a sequence of signed 64-bit words; an assignment to one is a single store."""
    import mmap

    descriptor = os.open(os.path.join(FOLDER, name), os.O_RDWR)
    try:
        return memoryview(mmap.mmap(descriptor, 0)).cast("q")
    finally:
        os.close(descriptor)


def slot_of(number):
    """The first word of an execution's slot."""
    return (number + 1) * SLOT_WORDS


# Words of an execution in the file `sending`, which is there where arguments are sent: in modes process-pool and
# interpreters, and in mode processes under spawn and forkserver. Sizes are one more than they are.
SENDING_WORDS = 12
(ARGUMENT_BYTES, PICKLED_FROM, PICKLED_TO, WORKER_READY, WORKER_FREE, UNPICKLED_FROM, UNPICKLED_TO,
 RESULT_BYTES, RESULT_FROM, RESULT_TO, RETURNED_FROM, RETURNED_TO) = range(SENDING_WORDS)


def map_sending():
    """The words of the file `sending`; None where nothing is sent."""
    try:
        return map_words("sending")
    except FileNotFoundError:
        return None


# ---------------------------------------------------------------------------------------------------------- the texts

MAX_LINE = 4096
MAX_MESSAGE = 600


class Texts:
    """JSON lines to Spawnscope. Several processes write to the one FIFO: a line of at most 4,096 bytes in a single write
    stays whole."""

    def __init__(self):
        self.path = os.path.join(FOLDER, "texts")
        self.descriptor = os.open(self.path, os.O_WRONLY)

    def say(self, what, **fields):
        """Sends one line; false where it is too long for one."""
        line = (as_json(what, fields) + "\n").encode("utf-8", "replace")
        if len(line) > MAX_LINE:
            return False
        try:
            os.write(self.descriptor, line)
        except OSError:
            self._say_anew(line)
        return True

    def _say_anew(self, line):
        """A user's code may have closed the descriptor; without a reader there is nobody to tell."""
        try:
            self.descriptor = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            os.write(self.descriptor, line)
        except OSError:
            pass

    def say_message(self, number, message):
        self.say("message", execution=number, message=cut_message(message))

    def say_parts(self, what, text, **fields):
        """Sends a long text in as many lines as it takes, cut between characters."""
        start, length = 0, 3800
        while start < len(text):
            part = text[start : start + length]
            if self.say(what, part=part, **fields):
                start, length = start + len(part), 3800
            else:
                length = max(1, len(part) * 2 // 3)


def as_json(what, fields):
    """`{"what":{"key":value}}` of strings and numbers, also where no descriptor or memory is left to load a module."""
    try:
        import json

        return json.dumps({what: fields}, ensure_ascii=False, separators=(",", ":"))
    except (ImportError, OSError, MemoryError):
        pairs = ('"{}":{}'.format(key, as_plain_json(value)) for key, value in fields.items() if value is not None)
        return '{{"{}":{{{}}}}}'.format(what, ",".join(pairs))


def as_plain_json(value):
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"{}"'.format("".join(char if char >= " " else "\\u{:04x}".format(ord(char)) for char in escaped))
    return str(value).lower() if isinstance(value, bool) else str(value)


def cut_message(message):
    """One line of at most 600 bytes."""
    line = " ".join(message.split())
    encoded = line.encode("utf-8", "replace")
    if len(encoded) <= MAX_MESSAGE:
        return line
    return "{}… ({} bytes in all)".format(encoded[:MAX_MESSAGE].decode("utf-8", "ignore"), len(encoded))


# ---------------------------------------------------------------------------- what a function writes: stdout and stderr

OUTPUT_KEPT = 1 << 20


class Tail:
    """All bytes of a stream counted, the last 1 MiB of them kept."""

    def __init__(self):
        self.total, self.kept, self.closed = 0, bytearray(), False

    def take(self, data):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        self.total += len(data)
        self.kept += data
        if len(self.kept) > 2 * OUTPUT_KEPT:
            del self.kept[:-OUTPUT_KEPT]

    def text(self):
        kept = bytes(self.kept[-OUTPUT_KEPT:])
        if self.total > len(kept):
            start = 0
            while start < 3 and kept[start] & 0xC0 == 0x80:
                start += 1
            kept = kept[start:]
        return kept.decode("utf-8", "replace")


class Output:
    """Whose output is it? `running` knows which execution runs under a key: the thread's number where threads run
    executions, always 0 where there is one at a time, an asyncio task's own number."""

    def __init__(self, key):
        self.key, self.running, self.tails = key, {}, {}
        # What a process that a user's function forks writes is not the execution's, and neither are its stamps.
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.running.clear)
        self.real = sys.stdout, sys.stderr
        self.streams = Stream(self, sys.stdout, False), Stream(self, sys.stderr, True)
        self.install()

    def install(self):
        sys.stdout, sys.stderr = self.streams

    def remove(self):
        """The real streams again, unless a user's function has put its own there."""
        if (sys.stdout, sys.stderr) == self.streams:
            sys.stdout, sys.stderr = self.real

    def tail(self, stderr):
        """Where the caller's output goes; None outside of executions."""
        number = self.running.get(self.key())
        if number is None:
            return None
        tail = self.tails.get((number, stderr))
        return self.tails.setdefault((number, stderr), Tail()) if tail is None else tail

    def send(self, texts, number):
        """Sends what an execution wrote."""
        for stderr in (False, True):
            tail = self.tails.pop((number, stderr), None)
            if tail is not None and tail.total:
                texts.say_parts("output", tail.text(), execution=number, stderr=stderr, bytes=tail.total)


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr`: keeps what executions write, and passes on the rest. Closing it in an execution
    closes it for that execution."""

    encoding = "utf-8"

    def __init__(self, output, real, stderr):
        self._output, self._real, self._stderr = output, real, stderr
        self.buffer = Bytes(self)

    def __getattr__(self, name):
        return getattr(self.__dict__["_real"], name)

    def _tail(self):
        return self._output.tail(self._stderr)

    @property
    def errors(self):
        return self._real.errors

    @property
    def closed(self):
        tail = self._tail()
        return self._real.closed if tail is None else tail.closed

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not " + type(text).__name__)
        tail = self._tail()
        if tail is None:
            return self._real.write(text)
        tail.take(text.encode("utf-8", self._real.errors or "strict"))
        return len(text)

    def close(self):
        tail = self._tail()
        if tail is not None:
            tail.closed = True

    def flush(self):
        tail = self._tail()
        if tail is None:
            self._real.flush()
        elif tail.closed:
            raise ValueError("I/O operation on closed file.")

    def fileno(self):
        return self._real.fileno()

    def isatty(self):
        return False

    def writable(self):
        return True

    def reconfigure(self, **_settings):
        """Whatever is asked for, all of it is kept as it comes."""

    def detach(self):
        return self.buffer


class Bytes(io.BufferedIOBase):
    """`sys.stdout.buffer`."""

    def __init__(self, stream):
        self._stream = stream

    @property
    def closed(self):
        return self._stream.closed

    def write(self, data):
        tail = self._stream._tail()
        if tail is None:
            return self._stream._real.buffer.write(data)
        view = memoryview(data).cast("B")
        tail.take(view)
        return len(view)

    def close(self):
        self._stream.close()

    def flush(self):
        self._stream.flush()

    def fileno(self):
        return self._stream.fileno()

    def writable(self):
        return True


# ---------------------------------------------------------------------------- how a function ended, as text for people

MAX_RESULT = 4000
MAX_TRACEBACK = 32 << 10
BRACKETS = {list: "[]", tuple: "()", set: "{}", dict: "{}"}


def shown(value):
    """The `repr()` of a result, cut to 4,000 characters. Of a huge list only its beginning is asked for its repr."""
    try:
        text = bounded_repr(value, MAX_RESULT - 100, 0)
    except BaseException as error:
        return "a {} whose repr() raised {}".format(type(value).__name__, message_of(error))
    if len(text) <= MAX_RESULT:
        return text
    note = "… ({} characters in all)".format(len(text))
    return text[: MAX_RESULT - len(note)] + note


def bounded_repr(value, room, depth):
    kind = type(value)
    if kind in BRACKETS and value:
        return bounded_items(value, kind, room, depth)
    room = max(room, 40)
    if kind in (str, bytes, bytearray) and len(value) > room:
        return "{}… ({} {} in all)".format(
            repr(value[:room]), len(value), "characters" if kind is str else "bytes")
    if kind is int and value.bit_length() > 10000:
        return "an int of {} bits".format(value.bit_length())
    return repr(value)


def bounded_items(value, kind, room, depth):
    """A container item by item, until the room is used up."""
    if depth > 20:
        return "…"
    parts = []
    for item in value.items() if kind is dict else value:
        if room <= 0:
            parts.append("… (len {})".format(len(value)))
            break
        if kind is dict:
            part = bounded_repr(item[0], room, depth + 1)
            part += ": " + bounded_repr(item[1], room - len(part), depth + 1)
        else:
            part = bounded_repr(item, room, depth + 1)
        room -= len(part) + 2
        parts.append(part)
    opening, closing = BRACKETS[kind]
    comma = "," if kind is tuple and len(value) == 1 else ""
    return opening + ", ".join(parts) + comma + closing


def name_of(kind):
    """`ValueError`, `json.decoder.JSONDecodeError`"""
    module = getattr(kind, "__module__", "builtins")
    return kind.__qualname__ if module in ("builtins", "__main__") else "{}.{}".format(module.lstrip("_"), kind.__qualname__)


def message_of(error):
    """`ValueError: bad`"""
    try:
        text = str(error)
    except BaseException as second:
        text = "its str() raised " + name_of(type(second))
    return "{}: {}".format(name_of(type(error)), text) if text else name_of(type(error))


def traceback_of(error):
    """As Python prints it, without the lines of this file: the first frame is the user's."""
    try:
        import traceback

        told = traceback.TracebackException(type(error), error, error.__traceback__)
        leave_out_own_frames(told)
        text = "".join(told.format())
    except BaseException as second:
        text = "{}\n(its traceback could not be made: {})\n".format(message_of(error), message_of(second))
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= MAX_TRACEBACK:
        return text
    half = MAX_TRACEBACK // 2 - 100
    note = "\n… ({} bytes left out) …\n".format(len(encoded) - 2 * half)
    return encoded[:half].decode("utf-8", "ignore") + note + encoded[-half:].decode("utf-8", "ignore")


def leave_out_own_frames(told):
    """Works on a chain of exceptions, and on those in a group."""
    todo, seen = [told], set()
    while todo:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        one.stack[:] = [frame for frame in one.stack if frame.filename != THIS_FILE]
        todo += [one.__cause__, one.__context__] + list(getattr(one, "exceptions", None) or [])


def exit_status(error):
    """The exit status that Python makes of a SystemExit."""
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return int(code) if -(1 << 31) <= code < 1 << 31 else 255
    return 1


EXIT_SENTENCES = {
    "thread": "{} ended this thread silently; the rest of the program went on",
    "thread-pool": "the pool caught {}; its thread went on",
    "sequential": "{} would have ended the whole program here; the runner went on with the next",
    "process": "{} ended the process",
    "process-pool": "the pool caught {}; its worker process went on",
    "interpreters": "the pool caught {}; its interpreter went on",
    "asyncio": "{} would have ended the event loop and the program; the runner went on",
}


def tell_failure(run, number, error, place):
    """The verdict on an exception: SystemExit is no error, and what it means depends on where it was raised."""
    at = slot_of(number)
    if isinstance(error, SystemExit):
        argument = "" if error.code is None else bounded_repr(error.code, 300, 0)
        run.texts.say_message(number, EXIT_SENTENCES[place].format("sys.exit({})".format(argument)))
        if place == "process" and not isinstance(error.code, (int, type(None))):
            sys.stderr.write(str(error.code) + "\n")
        run.words[at + RESULT] = exit_status(error)
        run.words[at + VERDICT] = EXIT_CALLED
        return
    try:
        run.texts.say_message(number, message_of(error))
        run.texts.say_parts("traceback", traceback_of(error), execution=number)
    finally:
        run.words[at + VERDICT] = RAISED


def tell_value(run, number, value):
    """The verdict on a result that is neither None nor a 64-bit int."""
    run.texts.say_parts("result", shown(value), execution=number)
    run.words[slot_of(number) + VERDICT] = RETURNED_TEXT


def could_not_start(run, number, message):
    run.texts.say_message(number, message)
    run.words[slot_of(number) + VERDICT] = COULD_NOT_START


# --------------------------------------------------------------------------------------------------- CPU and run queue

# An execution that is shorter has no run-queue wait worth its measuring.
LONG_ENOUGH_NS = 100000
# Who took no longer to get going is taken to have waited for no CPU before.
SLOW_LAUNCH_NS = 250000
# A worker whose last execution was shorter is not asked for its usage before the next one: that would cost more.
WORTH_ASKING_NS = 100000
# Who took longer to ask its run-queue wait was off its CPU meanwhile.
ASKED_LONG_NS = 50000
# What the asking itself takes of a CPU.
SHORT_ASKING_NS = 10000
# So often it asks again: among many that want the GIL no asking may be short.
ASK_AGAIN = 3
SCHEDSTAT = "/proc/thread-self/schedstat"


class PlainReader:
    """Reads the calling thread's run-queue wait, where no other thread wants the GIL."""

    def open(self):
        try:
            return os.open(SCHEDSTAT, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return -1

    def read(self, descriptor):
        """Nanoseconds that the thread was ready and waited for a CPU, since its birth; -1 where that is not known."""
        try:
            return int(os.pread(descriptor, 96, 0).split()[1])
        except (OSError, IndexError, ValueError):
            return -1

    def close(self, descriptor):
        if descriptor >= 0:
            os.close(descriptor)

    def read_once(self):
        descriptor = self.open()
        value = self.read(descriptor)
        self.close(descriptor)
        return value


class GilKeepingReader(PlainReader):
    """Likewise, by ctypes.PyDLL, which keeps the GIL during a call: to lose it here would disturb what is measured."""

    def __init__(self):
        import ctypes

        library = ctypes.PyDLL(None)
        self._open, self._pread, self._close = library.open, library.pread, library.close
        self._pread.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_long]
        self._pread.restype = ctypes.c_ssize_t
        self._buffer = ctypes.create_string_buffer
        self._path = SCHEDSTAT.encode()

    def open(self):
        return self._open(self._path, os.O_RDONLY | os.O_CLOEXEC)

    def read(self, descriptor):
        buffer = self._buffer(96)
        if self._pread(descriptor, buffer, 95, 0) <= 0:
            return -1
        try:
            return int(buffer.value.split()[1])
        except (IndexError, ValueError):
            return -1

    def close(self, descriptor):
        if descriptor >= 0:
            self._close(descriptor)


def reader_beside_threads():
    """A reader for threads that share a GIL; None where there is no way to read and to keep it."""
    try:
        return GilKeepingReader()
    except (ImportError, AttributeError, OSError):
        return None


def usage_source(of_thread):
    """`getrusage` of the calling thread, or of the process; None where there is none."""
    try:
        import resource
    except ImportError:
        return None
    who = getattr(resource, "RUSAGE_THREAD", 1) if of_thread else resource.RUSAGE_SELF
    try:
        resource.getrusage(who)
    except ValueError:
        return None
    if of_thread:
        return lambda getrusage=resource.getrusage: getrusage(who)
    return lambda getrusage=resource.getrusage: UsageWithChildren(getrusage(who), getrusage(resource.RUSAGE_CHILDREN))


class UsageWithChildren:
    """What a process used, with the CPU time of the children that it has waited for."""

    def __init__(self, own, children):
        self.ru_utime = own.ru_utime + children.ru_utime
        self.ru_stime = own.ru_stime + children.ru_stime
        self.ru_nvcsw, self.ru_nivcsw = own.ru_nvcsw, own.ru_nivcsw
        self.ru_minflt, self.ru_majflt, self.ru_maxrss = own.ru_minflt, own.ru_majflt, own.ru_maxrss


def cpu_beside_this_thread_ns():
    """CPU time of all other threads of this process, and of the children that it has waited for; None where it is not known."""
    whole, thread = usage_source(False), usage_source(True)
    if whole is None or thread is None:
        return None
    whole, thread = whole(), thread()
    return int((whole.ru_utime + whole.ru_stime - thread.ru_utime - thread.ru_stime) * 1e9)


def write_usage(words, at, after, before, whole_process):
    """Writes what was used between two `getrusage`, or since the birth of the thread; each number one more than it is."""
    base = (0, 0, 0, 0, 0, 0) if before is None else (
        before.ru_utime, before.ru_stime, before.ru_nvcsw, before.ru_nivcsw, before.ru_minflt, before.ru_majflt)
    words[at + USER_NS] = int((after.ru_utime - base[0]) * 1e9) + 1
    words[at + SYSTEM_NS] = int((after.ru_stime - base[1]) * 1e9) + 1
    words[at + VOLUNTARY] = after.ru_nvcsw - base[2] + 1
    words[at + INVOLUNTARY] = after.ru_nivcsw - base[3] + 1
    words[at + MINOR_FAULTS] = after.ru_minflt - base[4] + 1
    words[at + MAJOR_FAULTS] = after.ru_majflt - base[5] + 1
    if whole_process:
        words[at + MAX_RSS] = after.ru_maxrss * 1024 + 1


class FreshMeter:
    """Measures executions that have a thread or a process of their own. Its clocks began with it, so there is nothing
    to read before, except where it took long to get going."""

    def __init__(self, words, reader, usage, whole_process):
        self.words, self.usage, self.whole_process = words, usage, whole_process
        self.reader = None if words[STAMPS_ONLY] else reader
        # Shorter executions are told without their usage. A process is worth it always, for its peak of memory.
        self.worth_ns = 0 if whole_process else WORTH_ASKING_NS

    def waited(self):
        """The run-queue wait until now; -1 where it is not known, or not wanted."""
        return -1 if self.reader is None else self.reader.read_once()

    def before(self):
        """The run-queue wait, what was used, and when: who lost its CPU while it asked asks again."""
        for _ in range(ASK_AGAIN):
            asked = now()
            used = self.used_before()
            waited = self.waited()
            known = now()
            if known - asked < ASKED_LONG_NS:
                break
        return waited, used, known

    def used_before(self):
        """What a thread or process used before its execution is its own."""
        return None

    def after(self, left):
        """The run-queue wait at *left*, which was just now; -1 where it is not known."""
        waited = self.waited()
        late = now() - left
        if self.whole_process and late > ASKED_LONG_NS and self.waited() == waited >= 0:
            # No other thread wants its GIL: it lost its CPU between *left* and the asking, and was ready meanwhile.
            waited = max(0, waited - late)
        return waited

    def finish(self, at, waited, used_before, most):
        """`waited`: between *entered* and *left*; `most` of it there was room for."""
        if waited is not None:
            self.words[at + RUNNABLE] = max(0, min(waited, most)) + 1
        if self.usage is not None:
            write_usage(self.words, at, self.usage(), used_before, self.whole_process)


class LastingMeter(FreshMeter):
    """Measures executions that follow one another in a lasting thread or process: it asks before and after. Whether
    that is worth it is guessed from the last one there."""

    def __init__(self, words, reader, usage, whole_process, key):
        super().__init__(words, reader, usage, whole_process)
        self.worth_ns, self.key, self.descriptors = WORTH_ASKING_NS, key, {}

    def waited(self):
        """As above, on a descriptor that stays with the thread."""
        if self.reader is None:
            return -1
        descriptor = self.descriptors.get(self.key())
        if descriptor is None:
            descriptor = self.descriptors[self.key()] = self.reader.open()
        return self.reader.read(descriptor)

    def used_before(self):
        return self.usage and self.usage()


# -------------------------------------------------------------------------------------------------------- an execution


class Run:
    """What a process knows of the run: the slots, the texts, whose output is whose."""

    def __init__(self, output_key, texts=None):
        self.texts = texts or Texts()
        self.words, self.sent = map_words("slots"), map_sending()
        # The execution whose arguments, and whose result, are being pickled.
        self.outgoing = self.returning = None
        # When the last result was there, as bytes.
        self.received = 0
        self.output = Output(output_key)
        # The asyncio tasks by the numbers of their executions; None in other modes.
        self.coroutines = None
        self.make_perform_as_process()
        answer_where(self)

    def make_perform_as_process(self):
        """Made before any fork: a child that had to import something first would enter late."""
        meter = FreshMeter(self.words, PlainReader(), usage_source(False), True)
        self.perform_as_process = make_perform(self, meter, "process")


def answer_where(run):
    """Shortly before a timeout Spawnscope asks by a real-time signal where executions are. The answer is given by the main
    thread, which Python lets answer between two of its instructions, and while it is blocked."""
    try:
        import _signal

        _signal.signal(_signal.SIGRTMAX - 1, lambda _number, frame: tell_where(run, frame))
        answer_stacks(_signal.SIGRTMAX - 2)
    except (ImportError, AttributeError, ValueError, OSError):
        # Another interpreter of the process, or no such signal.
        pass


def answer_stacks(signal):
    """Who is stuck in C is asked by another signal: faulthandler's own handler, which needs no line of Python to run, writes
    the stacks of all threads into a file of the run's folder. It is opened here, since a handler can't; children that are
    forked inherit it. A `faulthandler.enable()` or another signal of the user's are none of its business."""
    import faulthandler

    stacks = os.open(os.path.join(FOLDER, "stacks"), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    faulthandler.register(signal, file=stacks, all_threads=True, chain=False)


def tell_where(run, interrupted):
    """Sends where each running execution of this process is; whatever goes wrong, the user's function goes on.

    Nothing is imported for it, and no source is read: `traceback` takes up to 70 ms, which is much where all are asked at once.
    """
    try:
        frames = sys._current_frames()
        for key, number in list(run.output.running.items()):
            if run.coroutines is None:
                calls, idle = calls_of_frame(interrupted if key == 0 else frames.get(key)), False
            else:
                calls, idle = calls_of_task(run.coroutines[number], interrupted), is_idle(run.coroutines[number], interrupted)
            if calls:
                place, stack = place_of(calls)
                run.texts.say("where", execution=number, place=place, stack=stack, idle_loop=idle)
    except BaseException:
        pass


def calls_of_frame(frame):
    """The calls that led to a frame, the outermost first: a file, a line and a function each."""
    calls = []
    while frame is not None:
        calls.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back
    return calls[::-1]


def calls_of_task(task, interrupted):
    """The calls of an asyncio task, the outermost first: those of the thread where it runs, else who awaits whom."""
    import asyncio

    if asyncio.current_task(task.get_loop()) is task:
        return calls_of_frame(interrupted)
    calls, awaited = [], task.get_coro()
    while awaited is not None:
        # A coroutine, a generator that is one, an asynchronous generator; of all else nothing is known.
        kind = next((kind for kind in ("cr_", "gi_", "ag_") if getattr(awaited, kind + "frame", None)), None)
        if kind is None:
            break
        frame = getattr(awaited, kind + "frame")
        calls.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        awaited = getattr(awaited, "gi_yieldfrom" if kind == "gi_" else kind + "await")
    return calls


def is_idle(task, interrupted):
    """Whether a task's loop waits for what nobody is due to bring: nothing is ready, no timer runs, it watches no file but
    its own, and there is no other thread. False where that is not known, as of a loop that is not asyncio's own."""
    import selectors
    import threading

    loop = task.get_loop()
    try:
        waits = interrupted.f_code.co_filename == selectors.SelectSelector.select.__code__.co_filename
        due = loop._ready or loop._signal_handlers or any(not timer.cancelled() for timer in loop._scheduled)
        watched = [key for key in loop._selector.get_map().values() if key.fd != loop._ssock.fileno()]
        return waits and not due and not watched and threading.active_count() == 1
    except AttributeError:
        return False


def place_of(calls):
    """The innermost line that is the user's own, `work.py:12, in consume`, and the last calls that led there, to which
    Spawnscope adds their source."""
    library = os.path.dirname(os.path.abspath(os.__file__))
    calls = [call for call in calls if call[0] != THIS_FILE]
    own = [call for call in calls if not call[0].startswith((library, "<frozen"))] or calls
    place = "{}:{}, in {}".format(os.path.basename(own[-1][0]), *own[-1][1:]) if own else "its start"
    stack = "".join('  File "{}", line {}, in {}\n'.format(*call) for call in calls)
    # One line of the FIFO, with its escapes.
    return place, "Where it was shortly before its timeout (most recent call last):\n" + stack[-1600:]


def always_zero():
    """The key of whoever runs one execution at a time."""
    return 0


def native_id_source():
    """The system's number of the calling thread, without giving the GIL away."""
    import threading

    return getattr(threading, "get_native_id", os.getpid)


def make_perform(run, meter, place):
    """A function that runs an execution here and now, and writes its slot.

    It is the hot path: everything that it needs is a local variable, and the words of a slot are plain numbers in it. A
    thread that takes some microseconds longer may have to be waited for, which costs tens of them.
    """
    words, output, texts = run.words, run.output, run.texts
    key, running, tails = output.key, output.running, output.tails
    native_id, get_pid, clock, cpu = native_id_source(), os.getpid, now, thread_cpu
    pid, is_process, is_pool = get_pid(), place == "process", place in ("thread-pool", "process-pool", "interpreters")
    lasting, last_walls = isinstance(meter, LastingMeter), {}
    slow_launch, worth, smallest, largest = SLOW_LAUNCH_NS, meter.worth_ns, -(1 << 63), (1 << 63) - 1
    states, long_enough, asked_long, short_asking = not words[STAMPS_ONLY], LONG_ENOUGH_NS, ASKED_LONG_NS, SHORT_ASKING_NS

    def perform(number, target, args, kwargs):
        at = (number + 1) * 24
        who = key()
        running[who] = number
        words[at + 8] = get_pid() if is_process else pid
        words[at + 9] = native_id()
        value = failure = used = None
        waited = 0
        entered = clock()
        if lasting:
            if last_walls.get(who, worth) >= worth:
                waited, used, entered = meter.before()
            else:
                waited = -1
        elif entered - words[at + 1] > slow_launch:
            waited, used, entered = meter.before()
        words[at + 3] = entered
        on_cpu = cpu() if states else 0
        try:
            value = target(*args, **kwargs)
        except BaseException as error:
            failure = error
        left = clock()
        wall = left - entered
        if wall < long_enough or waited < 0:
            waited = None
        else:
            # Before the CPU clock is read, which has the kernel look whether the thread's turn is over.
            waited_after = meter.after(left)
            waited = waited_after - waited if waited_after >= 0 else None
        if states:
            on_cpu = cpu() - on_cpu
            if waited is not None:
                asking = clock() - left
                on_cpu -= asking if asking < asked_long else short_asking
        if running.get(who) != number:
            leave_forked_child(failure)
        words[at + 4] = left
        on_cpu = max(0, min(on_cpu, wall))
        if states:
            words[at + 22] = on_cpu + 1
        if lasting:
            last_walls[who] = wall
            if used is not None or waited is not None:
                meter.finish(at, waited, used, wall - on_cpu)
        elif wall >= worth:
            meter.finish(at, waited, None, wall - on_cpu)
        if failure is not None:
            tell_failure(run, number, failure, place)
        elif value is None:
            words[at + 11] = 10
        elif type(value) is int and smallest <= value <= largest:
            words[at + 12] = value
            words[at + 11] = 1
        else:
            tell_value(run, number, value)
        if tails:
            output.send(texts, number)
        running.pop(who, None)
        if is_process:
            return failure
        # What nobody takes dies before the thread does.
        failure = None
        if not is_pool:
            value = None
        words[at + 5] = clock()
        return value

    return perform


def leave_forked_child(failure):
    """A user's function forked, and this is the child: the execution goes on in the parent, and this process ends."""
    status = 0
    if isinstance(failure, SystemExit):
        status = exit_status(failure)
    elif failure is not None:
        status = 1
        sys.stderr.write(traceback_of(failure))
    flush_streams()
    os._exit(status & 0xFF)


def flush_streams():
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except (AttributeError, ValueError, OSError):
            pass


# ----------------------------------------------------------------------------------------------------------- the targets


class Unfit(Exception):
    """The run can't begin; its text is the sentence."""


LOADED = {}


def load_target(spec):
    """What is to be called, from (file, module, name to register it under, function); loaded once in a process."""
    target = LOADED.get(spec)
    if target is None:
        file, module_name, name, function = spec
        target = load_file(file, name) if file else import_by_name(module_name)
        for part in function.split("."):
            target = getattr(target, part)
        LOADED[spec] = target
    return target


def import_by_name(name):
    import importlib

    return importlib.import_module(name)


def load_file(path, name):
    """The module of a file, under a name that no other module has."""
    module = sys.modules.get(name)
    if module is not None and getattr(module, "__file__", None) == path:
        return module
    import importlib.machinery
    import importlib.util

    class Loader(importlib.machinery.SourceFileLoader):
        def set_data(self, *_args, **_kwargs):
            """Leaves no `__pycache__` beside the user's file, as running it would not."""

    spec = importlib.util.spec_from_file_location(name, path, loader=Loader(name, path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def free_module_name(path, taken):
    """The name that `import` would use for a file, unless it belongs to another module (a user's `queue.py`)."""
    import importlib.util

    stem = os.path.splitext(os.path.basename(path))[0].replace(".", "_")
    name, attempt = stem, 1
    while name in taken or not is_free(name, path):
        name = "spawnscope_target_{}{}".format(stem, "" if attempt == 1 else attempt)
        attempt += 1
    return name


def is_free(name, path):
    import importlib.util

    if name in sys.modules:
        return False
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return False
    return spec is None or spec.origin == path


class Task:
    """A task of the plan: what to call, with which arguments, and the numbers of its executions."""

    def __init__(self, request, first):
        work = request["work"]["python"]
        self.name, self.first, self.count = request["name"].replace("\0", ""), first, request["count"]
        self.file, self.module, self.function = work["file"], work["module"], work["function"]
        self.args, self.kwargs = work["args"], work["kwargs"]
        self.spec = self.target = None

    def title(self, number):
        """`count #2`; `count` where there is one instance"""
        return self.name if self.count == 1 else "{} #{}".format(self.name, number - self.first + 1)

    def source(self):
        return self.file or "module " + self.module

    def load(self, names, texts):
        """Loads the target and the arguments; each failure becomes one sentence."""
        name = None
        if self.file:
            if not os.path.isfile(self.file):
                raise Unfit("there is no file {}".format(self.file))
            name = names.get(self.file)
            if name is None:
                name = names[self.file] = free_module_name(self.file, names.values())
        self.spec = (self.file, self.module, name, self.function)
        texts.say("loading", source=self.source())
        try:
            module = load_file(self.file, name) if self.file else import_by_name(self.module)
        except BaseException as error:
            raise Unfit(self.why_not_loaded(error))
        self.target = LOADED[self.spec] = self.find_function(module)
        self.args = [evaluated(value, module) for value in self.args]
        self.kwargs = {key: evaluated(value, module) for key, value in self.kwargs.items()}
        check_arguments(self.function, self.target, self.args, self.kwargs)

    def why_not_loaded(self, error):
        if isinstance(error, SyntaxError) and error.filename:
            column = "" if error.offset is None else ", column {}".format(error.offset)
            return "{}, line {}{}: {}: {}".format(
                error.filename, error.lineno, column, type(error).__name__, error.msg)
        missing = getattr(error, "name", None) if isinstance(error, ImportError) else None
        if missing and self.module and (self.module == missing or self.module.startswith(missing + ".")):
            return "this interpreter ({}) finds no module `{}`".format(sys.executable, missing)
        place = last_place(error, self.file)
        if isinstance(error, ModuleNotFoundError) and missing:
            return "{} imports `{}`, which this interpreter ({}) does not find".format(place, missing, sys.executable)
        if isinstance(error, SystemExit):
            return "{} called sys.exit while it was loaded ({}); put that under `if __name__ == \"__main__\":`".format(
                self.source(), place)
        if isinstance(error, EOFError):
            return "{} asks for input while it is loaded ({}), and there is none; put that under `if __name__ == " \
                "\"__main__\":`".format(self.source(), place)
        return "{} could not be loaded: {} ({})".format(self.source(), message_of(error), place)

    def find_function(self, module):
        found, path = module, []
        for part in self.function.split("."):
            try:
                found = getattr(found, part)
            except AttributeError:
                owner = self.source() if not path else "`{}` of {}".format(".".join(path), self.source())
                raise Unfit("{} has no `{}`{}".format(owner, part, nearest_name(part, found)))
            path.append(part)
        if not callable(found):
            raise Unfit("`{}` of {} can't be called: it is {}".format(
                self.function, self.source(), with_article(type(found).__name__)))
        return found


def with_article(word):
    return ("an " if word[:1].lower() in "aeiou" else "a ") + word


def nearest_name(word, owner):
    import difflib

    names = [name for name in dir(owner) if not name.startswith("__")]
    near = difflib.get_close_matches(word, names, 1)
    return "; did you mean `{}`?".format(near[0]) if near else ""


def last_place(error, file):
    """`FILE:LINE` of the last frame in the user's file, else of the last frame of all."""
    import traceback

    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != THIS_FILE]
    frames = [frame for frame in frames if not frame.filename.startswith("<frozen ")]
    frames = [frame for frame in frames if frame.filename == file] or frames
    return "{}:{}".format(frames[-1].filename, frames[-1].lineno) if frames else "no line is known"


def evaluated(value, module):
    """An argument, with every `{"$py": "EXPRESSION"}` in it evaluated where the function is defined."""
    if isinstance(value, list):
        return [evaluated(item, module) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["$py"] and isinstance(value["$py"], str):
        try:
            return eval(value["$py"].strip(), vars(module))
        except BaseException as error:
            raise Unfit("the argument `{}` could not be evaluated: {}".format(value["$py"], message_of(error)))
    return {key: evaluated(item, module) for key, item in value.items()}


def check_arguments(name, target, args, kwargs):
    if fits_plainly(target, args, kwargs):
        return
    import inspect

    try:
        signature = inspect.signature(target)
    except (ValueError, TypeError):
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        raise Unfit("the arguments do not fit `{}{}`: {}".format(name, signature, error))


def fits_plainly(target, args, kwargs):
    """The common case, without `inspect`: what a launcher imports, its forked children carry."""
    code = getattr(target, "__code__", None)
    if code is None or kwargs or code.co_kwonlyargcount or not hasattr(target, "__defaults__"):
        return False
    if hasattr(target, "__wrapped__") or hasattr(target, "__self__"):
        return False
    return code.co_argcount - len(target.__defaults__ or ()) <= len(args) <= code.co_argcount


def is_thread_class(target):
    import threading

    return isinstance(target, type) and issubclass(target, threading.Thread)


def is_process_class(target):
    processes = sys.modules.get("multiprocessing.process")
    return isinstance(target, type) and processes is not None and issubclass(target, processes.BaseProcess)


def is_async(target):
    """Whether it is an `async def` function, a partial or a method of one, or an object with an `async def __call__`."""
    while hasattr(target, "func") or hasattr(target, "__func__"):
        target = getattr(target, "func", None) or target.__func__
    code = getattr(target, "__code__", None) or getattr(getattr(type(target), "__call__", None), "__code__", None)
    return bool(getattr(code, "co_flags", 0) & 0x80)  # CO_COROUTINE


def check_fit(task, mode, method):
    """Whether a target can be launched in this mode."""
    name, target = task.function, task.target
    if is_thread_class(target) and (mode not in ("sequential", "threads") or method == "raw"):
        raise Unfit("`{}` is a subclass of threading.Thread: it can be started in mode threads (as thread, subclass or "
                    "daemon) and called in mode sequential, not in {}".format(name, method if method == "raw" else mode))
    if is_process_class(target) and mode not in ("sequential", "processes"):
        raise Unfit("`{}` is a subclass of multiprocessing.Process: it can be started in mode processes and called in "
                    "mode sequential, not in {}".format(name, mode))
    if mode == "asyncio" and not is_async(target):
        raise Unfit("`{}` is no `async def` function, and mode asyncio runs nothing else; use mode threads or "
                    "sequential for it".format(name))
    if mode != "asyncio" and is_async(target):
        raise Unfit("`{}` is an `async def` function: only mode asyncio runs it, not {}".format(name, mode))


# ------------------------------------------------------------------------------------------------------ what launchers share


class Launcher(Run):
    """The process that launches the executions, and what it knows besides."""

    def __init__(self, output_key, texts):
        super().__init__(output_key, texts)
        self.set_current = None
        self.mode = self.method = self.settings = self.loading = None
        self.tasks, self.task_of, self.count, self.limit, self.marks = [], [], 0, 0, []

    def take_plan(self, plan):
        self.mode, self.method = plan["mode"], plan["start_method"]
        self.settings = plan["python"] or {}
        for request in plan["tasks"]:
            task = Task(request, len(self.task_of))
            self.tasks.append(task)
            self.task_of += [task] * task.count
        self.count = len(self.task_of)
        self.limit = min(plan["workers"], self.count) or self.count
        if plan.get("measure") == "stamps":
            # A word of the header, which workers see too; they read no plan.
            self.words[STAMPS_ONLY] = 1
            self.make_perform_as_process()

    @property
    def crowded(self):
        """Whether there is less room than executions."""
        return self.limit < self.count

    def begin(self):
        """The origin, and all executions are created."""
        self.words[ORIGIN] = now()
        for at in range(SLOT_WORDS, (self.count + 1) * SLOT_WORDS, SLOT_WORDS):
            self.words[at + CREATED] = now()

    def title(self, number):
        return self.task_of[number].title(number)

    def mark(self, kind, number, from_ns, to_ns, message=None):
        """Notes what the launcher did besides; sent at the end, because a write gives the GIL away."""
        self.marks.append(dict(kind=kind, execution=number, from_ns=from_ns, to_ns=to_ns, message=message))
        if len(self.marks) > 10000:
            self.send_marks()

    def send_marks(self):
        for mark in self.marks:
            self.texts.say("mark", **mark)
        self.marks = []

    def waits(self, number=None):
        """The launcher blocks from now on, until an execution, or whichever ends first, can be joined; when that is. What
        it waits for is seen while it lasts: three stores."""
        words = self.words
        words[WAITS_SINCE] = 0
        words[WAITS_FOR] = 0 if number is None else number + 1
        words[WAITS_SINCE] = since = now()
        return since

    def joined(self, number, since):
        """The launcher's join returned; this is the last word of a slot."""
        at = slot_of(number)
        self.words[at + JOIN_CALLED] = since
        self.words[at + JOINED] = now()
        self.words[WAITS_SINCE] = 0


class Lanes:
    """Gives each execution the smallest lane that is free; they count from 1."""

    def __init__(self):
        import heapq

        self.free, self.used, self.push, self.pop = [], 0, heapq.heappush, heapq.heappop

    def take(self):
        if self.free:
            return self.pop(self.free)
        self.used += 1
        return self.used

    def give(self, lane):
        self.push(self.free, lane)


class Unmade:
    """Takes the place of a thread or process that could not even be made."""

    def __init__(self, error):
        self.error = error

    def start(self):
        raise self.error


def made(run, make):
    """The threads or processes of all executions, not started: made beforehand where there is room for all, as the
    tutorial does, else each when its turn comes."""

    def attempts():
        for number, task in enumerate(run.task_of):
            try:
                yield make(task, number)
            except BaseException as error:
                yield Unmade(error)

    return attempts() if run.crowded else list(attempts())


# ------------------------------------------------------------------------------------------------------ mode sequential


def run_sequential(run):
    """One after another in the main thread: the function is called, or `run()` of a Thread that is never started."""
    meter = LastingMeter(run.words, PlainReader(), usage_source(False), False, always_zero)
    perform = make_perform(run, meter, "sequential")
    words = run.words
    run.begin()
    for number, task in enumerate(run.task_of):
        if words[STOP]:
            break
        at = slot_of(number)
        try:
            call = sequential_call(run, task, number, perform)
        except BaseException as error:
            could_not_start(run, number, "`{}` could not be made: {}".format(task.function, message_of(error)))
            continue
        words[at + LANE] = 1
        words[LAUNCH_LIMIT] = number + 1
        words[at + LAUNCH_CALLED] = now()
        words[at + LAUNCHED] = now()
        call()
        words[at + JOINED] = now()


class Kept:
    """What `run()` has left in its own object, as a result."""

    def __init__(self, kept):
        self.kept = kept

    def __repr__(self):
        return ", ".join("self.%s = %r" % item for item in sorted(self.kept.items()))


def run_that_tells(thread):
    """The `run()` of a user's own Thread. It returns nothing that anybody could get, and so what it has to tell it keeps in
    itself: that is its result."""
    users_run, before = thread.run, dict(vars(thread))

    def run_and_tell():
        value = users_run()
        if value is not None:
            return value
        kept = {
            key: now for key, now in vars(thread).items()
            if key[0] != "_" and key != "run" and (key not in before or before[key] is not now)
        }
        return Kept(kept) if kept else None

    return run_and_tell


def sequential_call(run, task, number, perform):
    """What to call for one execution. A user's subclass of Thread or Process is made, and its `run()` called."""
    if is_thread_class(task.target) or is_process_class(task.target):
        body = run_that_tells(task.target(*task.args, **task.kwargs))
        return lambda: perform(number, body, (), {})
    if run.method == "run":
        import threading

        return threading.Thread(target=perform, args=(number, task.target, task.args, task.kwargs)).run
    return lambda: perform(number, task.target, task.args, task.kwargs)


# --------------------------------------------------------------------------------------------------------- mode threads


class RawThread:
    """`_thread.start_new_thread`: nobody can join it, so the launcher waits for a lock that the thread gives back."""

    __slots__ = ("start_new_thread", "body", "number", "lock")

    def __init__(self, module, body, number):
        self.start_new_thread, self.body, self.number = module.start_new_thread, body, number
        self.lock = module.allocate_lock()
        self.lock.acquire()

    def start(self):
        self.start_new_thread(self.body, (self.number, self.lock.release))

    def join(self):
        self.lock.acquire()


class ThreadLauncher:
    """Starts every thread, then joins them in the order of their start, as the tutorial does. With less room it joins
    whichever ends first, and starts the next in its lane."""

    def __init__(self, run):
        import _thread
        import queue
        import threading

        self.run, self.threading, self.raw_module = run, threading, _thread
        self.daemon = run.method == "daemon"
        self.ended = queue.SimpleQueue() if run.crowded else None
        self.perform = make_perform(
            run, FreshMeter(run.words, reader_beside_threads(), usage_source(True), False), "thread")
        self.bodies = {task: self.body_of(task) for task in run.tasks}
        self.lanes, self.in_flight = Lanes(), {}

        class Subclass(threading.Thread):
            """The tutorial's other way: a Thread that overrides `run()`."""

            def __init__(self, body, number, name):
                super().__init__(name=name)
                self.body, self.number = body, number

            def run(self):
                self.body(self.number)

        self.subclass = Subclass

    def body_of(self, task):
        """What the threads of a task do. All of them get the same objects as arguments, as in the tutorial: threads
        share what they are given."""
        perform, ended, target, args, kwargs = self.perform, self.ended, task.target, task.args, task.kwargs
        def body(number, release=None):
            try:
                perform(number, target, args, kwargs)
            finally:
                if ended is not None:
                    ended.put(number)
                if release is not None:
                    release()

        return body

    def make(self, task, number):
        """The thread of an execution, not started."""
        if is_thread_class(task.target):
            return self.make_users(task, number)
        method, body, name = self.run.method, self.bodies[task], task.title(number)
        if method == "raw":
            return RawThread(self.raw_module, body, number)
        if method == "subclass":
            return self.subclass(body, number, name)
        return self.threading.Thread(target=body, args=(number,), name=name, daemon=self.daemon)

    def make_users(self, task, number):
        """An instance of the user's own subclass; its `run()` is stamped."""
        thread = task.target(*task.args, **task.kwargs)
        perform, ended, users_run = self.perform, self.ended, run_that_tells(thread)

        def stamped_run():
            perform(number, users_run, (), {})
            if ended is not None:
                ended.put(number)

        thread.run = stamped_run
        # Its name is the task's, unless the user's class gave it one.
        if thread.name.startswith("Thread-"):
            thread.name = task.title(number)
        if self.daemon:
            thread.daemon = True
        return thread

    def launch_all(self):
        run, words, crowded, limit, in_flight = self.run, self.run.words, self.run.crowded, self.run.limit, self.in_flight
        again = run.settings.get("start_again") and run.method != "raw"
        at = 0
        for number, thread in enumerate(made(run, self.make)):
            at += 24
            if len(in_flight) >= limit:
                self.join_any()
            if words[4]:
                break
            words[5] = number + 1
            words[at + 10] = lane = self.lanes.take() if crowded else number + 1
            in_flight[number] = thread, lane
            words[at + 1] = now()
            try:
                thread.start()
                words[at + 2] = now()
            except BaseException as error:
                self.refused(number, lane, error)
                continue
            if again:
                self.start_again(number, thread)

    def refused(self, number, lane, error):
        del self.in_flight[number]
        if self.run.crowded:
            self.lanes.give(lane)
        hint = ""
        if isinstance(error, RuntimeError) and "start new thread" in str(error):
            hint = ": the system has no room for another thread"
        could_not_start(self.run, number, message_of(error) + hint)

    def start_again(self, number, thread):
        """A thread can be started once; what Python says to a second time."""
        since = now()
        try:
            thread.start()
            message = "started a second time"
        except BaseException as error:
            message = message_of(error)
        self.run.mark("start-again", number, since, now(), message)

    def join(self, number, since):
        thread, lane = self.in_flight.pop(number)
        thread.join()
        self.run.joined(number, since)
        if self.run.crowded:
            self.lanes.give(lane)

    def join_any(self):
        """Waits for whoever ends first, without polling."""
        since = self.run.waits()
        number = self.ended.get()
        if self.daemon:
            self.run.words[WAITS_SINCE] = 0
            self.lanes.give(self.in_flight.pop(number)[1])
        else:
            self.join(number, since)

    def join_with_timeout(self):
        """The tutorial's `join(timeout)`: returns while the thread is still alive."""
        timeout_ns = self.run.settings.get("join_timeout_ns")
        if timeout_ns is None or self.run.method == "raw":
            return
        for number, (thread, _lane) in list(self.in_flight.items()):
            since = self.run.waits(number)
            thread.join(timeout_ns / 1e9)
            if thread.is_alive():
                self.run.words[WAITS_SINCE] = 0
                self.run.mark("join-timeout", number, since, now(), "the thread was still alive")
            else:
                self.join(number, since)

    def join_rest(self):
        if self.ended is None:
            for number in list(self.in_flight):
                self.join(number, self.run.waits(number))
        while self.in_flight:
            self.join_any()

    def abandon_rest(self):
        """Nobody waits for daemon threads: when the program is over they are gone, wherever they are."""
        words = self.run.words
        for number in self.in_flight:
            at = slot_of(number)
            if words[at + VERDICT] == 0:
                words[at + VERDICT] = ABANDONED
                instant = now()
                self.run.mark("abandon", number, instant, instant, None)
                self.run.texts.say_message(
                    number, "the program was over while this daemon thread still ran; nobody waited for it")


def run_threads(run):
    launcher = ThreadLauncher(run)
    run.begin()
    launcher.launch_all()
    launcher.join_with_timeout()
    if launcher.daemon:
        launcher.abandon_rest()
    else:
        launcher.join_rest()


# ------------------------------------------------------------------------------------------------------- mode processes

RUN = None


def here():
    """The run as this process knows it: a forked child has it from its parent, others open the folder anew."""
    global RUN
    if RUN is None:
        RUN = Run(always_zero)
    return RUN


class Job:
    """The `target` of a Process: unpickling it in the child loads the user's module, before the user's target and the
    arguments need it. The target itself is pickled as Python would, or refused."""

    def __init__(self, number, spec, target):
        self.number, self.spec, self.target = number, spec, target

    def __reduce__(self):
        return restore_job, (self.number, ByName(self.number, self.spec), self.target)

    def __call__(self, *args, **kwargs):
        note_sending(self.number, UNPICKLED_TO)
        perform_as_process(self.number, self.target, args, kwargs)


def restore_job(number, _by_name, target):
    """The arguments are unpickled next."""
    note_sending(number, UNPICKLED_FROM)
    return Job(number, None, target)


def note_sending(number, word):
    """Stamps a word of what is sent for an execution, where it is sent."""
    sent = here().sent
    if sent is not None:
        sent[number * SENDING_WORDS + word] = now()


class RunJob:
    """Takes the place of `run()` in an instance of a user's own subclass of Process."""

    def __init__(self, process, number):
        self.process, self.number = process, number

    def __call__(self):
        perform_as_process(self.number, type(self.process).run, (self.process,), {})


class ByName:
    """Unpickles as the target itself, and loads it for that; where it can't be loaded, the execution could not start."""

    def __init__(self, number, spec):
        self.number, self.spec = number, spec

    def __reduce__(self):
        return load_for_execution, (self.number, self.spec)


def load_for_execution(number, spec):
    try:
        return load_target(spec)
    except BaseException as error:
        run = here()
        run.texts.say_parts("traceback", traceback_of(error), execution=number)
        could_not_start(run, number, why_not_loaded_again(spec, error, "process"))
        raise


def why_not_loaded_again(spec, error, where):
    """Python's own reason, after what mends most of them: a child runs the top level of the file once more."""
    return "{} could not be loaded again in a new {}; what its top level does belongs under `if __name__ == " \
        "\"__main__\":` ({})".format(os.path.basename(spec[0]) if spec[0] else spec[1], where, message_of(error))


def restore_process(kind):
    return kind.__new__(kind)


def perform_as_process(number, target, args, kwargs):
    """Runs an execution as the one thing that this process is for, and ends as Python would: with status 1 after an
    exception (its traceback goes to Spawnscope, not to stderr), with the status of sys.exit after that."""
    run = here()
    run.output.install()
    failure = run.perform_as_process(number, target, args, kwargs)
    run.output.remove()
    stamp_at_exit(run.words, slot_of(number) + EXITED)
    if isinstance(failure, SystemExit) and failure.code is None:
        raise failure
    if failure is not None:
        raise SystemExit(exit_status(failure) if isinstance(failure, SystemExit) else 1)


def stamp_at_exit(words, at):
    """*Exited* comes after all that multiprocessing does at the end of a child: it waits for the child's own children and
    threads, and finalizes what it made. Only the end of the interpreter itself comes later. Until Python 3.12 threads are
    waited for last, from 3.13 on first."""
    if sys.version_info >= (3, 13):
        from multiprocessing import util

        def stamp():
            words[at] = now()

        util.Finalize(None, stamp, exitpriority=-(1 << 30))
        return
    import threading

    wait_for_threads = threading._shutdown

    def shutdown():
        try:
            wait_for_threads()
        finally:
            words[at] = now()

    threading._shutdown = shutdown


def wait_status(exit_code):
    """What waitpid would say, from what multiprocessing says."""
    return -exit_code if exit_code < 0 else (exit_code & 0xFF) << 8


def watch_process(process):
    """A descriptor that becomes readable when the process has ended, and whether it is ours to close. The sentinel of
    multiprocessing would wait for the process's own children as well."""
    try:
        if hasattr(os, "pidfd_open"):
            return os.pidfd_open(process.pid), True
        import ctypes

        descriptor = ctypes.CDLL(None).syscall(434, process.pid, 0)
        if descriptor >= 0:
            return descriptor, True
    except (ImportError, OSError, AttributeError):
        pass
    return process.sentinel, False


class ProcessLauncher:
    """Starts a Process for each execution, and joins as the launcher of threads does."""

    def __init__(self, run):
        import multiprocessing
        import multiprocessing.reduction
        import select

        self.run, self.method = run, run.method
        self.context = multiprocessing.get_context(self.method)
        self.register, self.poll = multiprocessing.reduction.ForkingPickler.register, select.poll()
        # A user's own subclass asks for the default method.
        multiprocessing.set_start_method(self.method, force=True)
        if run.sent is not None:
            measure_pickling_of_processes(run)
        self.lanes, self.in_flight, self.watched = Lanes(), {}, {}

    def watch(self, number, process):
        """Has the end of a process wake the launcher."""
        descriptor, owned = watch_process(process)
        self.watched[descriptor] = number, owned
        self.poll.register(descriptor, 1)  # POLLIN

    def make(self, task, number):
        """The process of an execution, not started."""
        if not is_process_class(task.target):
            return self.context.Process(
                target=Job(number, task.spec, task.target), args=task.args, kwargs=task.kwargs, name=task.title(number))
        process = task.target(*task.args, **task.kwargs)
        process.run = RunJob(process, number)
        if process.name.startswith(type(process).__name__ + "-"):
            process.name = task.title(number)
        if task.file:
            # The child may know the user's module only by its file.
            self.register(
                task.target, lambda process, spec=task.spec: (
                    restore_process, (ByName(process.run.number, spec),), process.__dict__))
        return process

    def launch_all(self):
        run, words, crowded, limit, in_flight = self.run, self.run.words, self.run.crowded, self.run.limit, self.in_flight
        # After a fork, whatever the launcher touches is copied, page by page: it keeps to little.
        run.output.remove()
        restore = preload_forkserver(run) if self.method == "forkserver" else None
        at = 0
        for number, process in enumerate(made(run, self.make)):
            at += SLOT_WORDS
            if len(in_flight) >= limit:
                self.join_any()
            if words[STOP]:
                break
            words[LAUNCH_LIMIT] = number + 1
            words[at + LANE] = lane = self.lanes.take() if crowded else number + 1
            words[at + LAUNCH_CALLED] = now()
            run.outgoing = number
            try:
                process.start()
                words[at + LAUNCHED] = now()
                words[at + PID] = process.pid
                in_flight[number] = process, lane
                if crowded:
                    self.watch(number, process)
            except BaseException as error:
                self.refused(number, lane, error)
            if restore is not None:
                restore = restore()

    def refused(self, number, lane, error):
        self.in_flight.pop(number, None)
        if self.run.crowded:
            self.lanes.give(lane)
        could_not_start(self.run, number, why_no_process(self.run.task_of[number], error, self.method))

    def join(self, number, since):
        process, lane = self.in_flight.pop(number)
        process.join()
        words, at = self.run.words, slot_of(number)
        if words[at + EXITED] == 0:
            words[at + EXITED] = now()
        code = process.exitcode
        if code is not None:
            words[at + WAIT_STATUS] = wait_status(code) + 1
        self.run.joined(number, since)
        if self.run.crowded:
            self.lanes.give(lane)

    def join_any(self):
        since = self.run.waits()
        for descriptor, _events in self.poll.poll():
            number, owned = self.watched.pop(descriptor)
            self.poll.unregister(descriptor)
            if owned:
                os.close(descriptor)
            self.join(number, since)
            since = now()

    def join_rest(self):
        if not self.run.crowded:
            for number in list(self.in_flight):
                self.join(number, self.run.waits(number))
        while self.in_flight:
            self.join_any()


def measure_pickling_of_processes(run):
    """Has `start()` note how long it pickles a process, and how many bytes that makes: its arguments, and some hundred
    bytes around them."""
    from multiprocessing import reduction
    from multiprocessing.process import BaseProcess

    dump, sent = reduction.dump, run.sent

    def measured_dump(obj, file, protocol=None):
        number = run.outgoing
        if number is None or not isinstance(obj, BaseProcess):
            return dump(obj, file, protocol)
        run.outgoing, at, before = None, number * SENDING_WORDS, file.tell()
        sent[at + PICKLED_FROM] = now()
        dump(obj, file, protocol)
        sent[at + PICKLED_TO] = now()
        sent[at + ARGUMENT_BYTES] = file.tell() - before + 1

    reduction.dump = measured_dump


def why_no_process(task, error, method):
    import pickle

    if isinstance(error, OSError):
        return "the system refused another process: " + message_of(error)
    if isinstance(error, pickle.PicklingError) or "pickle" in str(error) or "<locals>" in str(error):
        return why_not_pickled(task, error, method)
    return message_of(error)


def why_not_pickled(task, error, where):
    """Python's own words on what can't be pickled, whether that is the target or an argument, and the mend."""
    from multiprocessing.reduction import ForkingPickler

    what, text = "the arguments", message_of(error)
    try:
        ForkingPickler.dumps(task.target)
    except Exception:
        what = "`{}`".format(task.function)
    mend = ""
    if "<lambda>" in text or "<locals>" in text:
        mend = "; a `def` at the top level of the file mends it"
    elif "_thread." in text:
        mend = "; make it in the function, or give a multiprocessing lock as an argument"
    return "{} can't be pickled for {}: {}{}".format(what, where, text, mend)


def preload_forkserver(run):
    """Has the server import this module and the users', as it would import the main module of a program of theirs. It
    gets to know them through the environment, which is restored after the first start."""
    import json
    import multiprocessing

    multiprocessing.set_forkserver_preload([__name__])
    path = os.environ.get("PYTHONPATH")
    told = {"path": sys.path, "specs": [task.spec for task in run.tasks], "PYTHONPATH": path}
    os.environ["SPAWNSCOPE_PRELOAD"] = json.dumps(told)
    os.environ["PYTHONPATH"] = FOLDER

    def restore():
        os.environ.pop("SPAWNSCOPE_PRELOAD", None)
        os.environ.pop("PYTHONPATH")
        if path is not None:
            os.environ["PYTHONPATH"] = path

    return restore


def ask_forkserver_once():
    """The end of a forkserver's process is told through a pipe, once: of two threads that ask at the same time, the pool's
    and ours, the second would find the pipe empty, take the server for dead, and call the process's status 255."""
    import threading
    from multiprocessing.connection import wait
    from multiprocessing.popen_forkserver import Popen

    ask, one_at_a_time = Popen.poll, threading.Lock()

    def poll(self, flag=os.WNOHANG):
        if flag != os.WNOHANG and self.returncode is None:
            wait([self.sentinel])
        with one_at_a_time:
            return ask(self, os.WNOHANG)

    Popen.poll = poll


def preload():
    """The forkserver's side."""
    import json

    told = json.loads(os.environ.pop("SPAWNSCOPE_PRELOAD"))
    os.environ.pop("PYTHONPATH", None)
    if told["PYTHONPATH"] is not None:
        os.environ["PYTHONPATH"] = told["PYTHONPATH"]
    sys.path[:] = told["path"]
    for spec in told["specs"]:
        try:
            load_target(tuple(spec))
        except BaseException:
            pass  # The child tries again, and says why it can't.


def run_processes(run):
    launcher = ProcessLauncher(run)
    run.begin()
    launcher.launch_all()
    launcher.join_rest()


# --------------------------------------------------------------------- modes thread-pool, process-pool and interpreters

WORKER = None


class Worker:
    """What a worker of a pool knows in its own process or interpreter, where the targets are loaded."""

    def __init__(self, place):
        self.run, self.lane = here(), take_pool_lane()
        self.sent = self.run.sent
        meter = LastingMeter(self.run.words, PlainReader(), usage_source(place == "interpreters"),
                             place == "process-pool", always_zero)
        self.perform = make_perform(self.run, meter, place)
        # When it could take its first call, and since when it can take the next.
        self.ready = self.free = now()


def take_pool_lane():
    """The number of a worker, from 1: how long a file is after the worker has added a byte to it."""
    descriptor = os.open(os.path.join(FOLDER, "lanes"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, b".")
        return os.lseek(descriptor, 0, os.SEEK_CUR)
    finally:
        os.close(descriptor)


def enter_worker(place, specs):
    """The pool's initializer. Why it fails, Python tells on stderr alone; the launcher reads it of a file."""
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
    """The first worker's reason is the one that is told."""
    try:
        with open(os.path.join(FOLDER, "not-loaded"), "x", encoding="utf-8") as file:
            file.write(why)
    except OSError:
        pass


def why_workers_are_missing():
    """Why a worker could not begin; None where all could."""
    try:
        with open(os.path.join(FOLDER, "not-loaded"), encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


def perform_in_worker(number, target, args, kwargs):
    """What a worker of a pool of processes or interpreters does for a call; the target, the arguments and the result have
    travelled, or will, as they would."""
    worker = WORKER
    words, at = worker.run.words, slot_of(number)
    if words[STOP]:
        return None
    words[at + LANE] = worker.lane
    if worker.sent is not None:
        worker.sent[number * SENDING_WORDS + WORKER_READY] = worker.ready
    return worker.perform(number, target, args, kwargs)


class Call:
    """What is submitted to a pool of processes. It is pickled and unpickled just before the arguments of its call, so
    that it can tell when theirs begins."""

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
    """The result of a call on its way back; it unpickles as the result itself."""

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
    """Has a pool's own queues tell how many bytes a call and its result make, and when they were pickled and received.
    Queues of the user's own stay as they are."""
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
    """What a worker process of a pool does: as Python's own, and it tells how many bytes a result makes, and when it is
    sent."""
    from concurrent.futures import process

    own = getattr(process._process_worker, "of_python", process._process_worker)
    # A pool that a user's function makes in here is none of ours.
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
    """A new interpreter has the path of the first one as it was in the beginning, so its initializer is a text."""
    return "import sys; sys.path[:] = {!r}; import {name}; {name}.enter_worker('interpreters', {!r})".format(
        sys.path, specs, name=__name__)


def refusing(error):
    """Stands for a pool's `submit` that fails again as it did."""

    def refuse(number, task):
        raise error

    return refuse


class PoolLauncher:
    """Submits all, then takes the results in that order."""

    def __init__(self, run):
        self.run, self.place = run, run.mode
        self.pool = self.make_pool()
        self.processes = getattr(self.pool, "_processes", None)
        self.broken_by = None
        # What workers may take all the same: it was in the queue when the pool was refused another worker.
        self.queued = []

    def make_pool(self):
        import concurrent.futures as futures
        import concurrent.futures.thread  # what is needed when something fails: then there may be no descriptor for it

        limit, specs = self.run.limit, [task.spec for task in self.run.tasks]
        if self.place == "thread-pool":
            return self.make_thread_pool(futures)
        if self.place == "interpreters":
            self.submit = self.submit_job
            return futures.InterpreterPoolExecutor(
                max_workers=limit, initializer=exec, initargs=(enter_interpreter_text(specs),))
        import multiprocessing

        if self.is_forkserver():
            ask_forkserver_once()
        self.submit = self.submit_call
        pool = futures.ProcessPoolExecutor(
            max_workers=limit, mp_context=multiprocessing.get_context(self.run.method),
            initializer=enter_worker, initargs=(self.place, specs))
        measure_pool(self.run, pool)
        return pool

    def make_thread_pool(self, futures):
        """Workers of a thread pool take their lane as they start."""
        import itertools
        import threading

        run, lanes, next_lane, ident = self.run, {}, itertools.count(1).__next__, threading.get_ident
        words = run.words
        meter = LastingMeter(words, reader_beside_threads(), usage_source(True), False, ident)
        perform = make_perform(run, meter, self.place)

        def enter():
            lanes[ident()] = next_lane()

        def body(number, target, args, kwargs):
            if words[4]:
                return None
            words[(number + 1) * 24 + 10] = lanes[ident()]
            return perform(number, target, args, kwargs)

        self.submit = lambda number, task: self.pool.submit(body, number, task.target, task.args, task.kwargs)
        return futures.ThreadPoolExecutor(max_workers=run.limit, initializer=enter)

    def submit_job(self, number, task):
        return self.pool.submit(perform_in_worker, number, task.target, task.args, task.kwargs)

    def submit_call(self, number, task):
        return self.pool.submit(Call(number), task.target, task.args, task.kwargs)

    def submit_all(self):
        run, words, submit, futures = self.run, self.run.words, self.submit, []
        restore = preload_forkserver(run) if self.is_forkserver() else None
        at = 0
        for number, task in enumerate(run.task_of):
            if words[STOP]:
                break
            at += SLOT_WORDS
            words[5] = number + 1
            words[at + 1] = now()
            try:
                future = submit(number, task)
            except BaseException as error:
                future = error
                if self.processes is not None and self.manager() is None:
                    # Nobody would ever take what is queued from now on, and Python does not say so again.
                    submit = refusing(error)
            words[at + 2] = now()
            futures.append(future)
            if restore is not None:
                restore = restore()
        return futures

    def is_forkserver(self):
        return self.place == "process-pool" and self.run.method == "forkserver"

    def collect(self, futures):
        words, at = self.run.words, 0
        for number, future in enumerate(futures):
            at += SLOT_WORDS
            since = self.run.waits(number)
            try:
                if isinstance(future, BaseException):
                    raise future
                future.result()
            except BaseException as error:
                self.failed(number, at, error, refused=error is future)
            goes_on = bool(self.queued) and self.queued[-1][0] == number
            if not goes_on and (words[at + 3] or words[at + 11]):
                words[at + 7] = since
                words[at + 6] = now()
            words[WAITS_SINCE] = 0
            futures[number] = None

    def failed(self, number, at, error, refused):
        """The pool itself failed an execution: what it raised by itself never comes this way."""
        BrokenThreadPool = sys.modules["concurrent.futures.thread"].BrokenThreadPool  # also of interpreters
        words, say, broken = self.run.words, self.run.texts.say_message, False
        if isinstance(error, BrokenThreadPool) or "BrokenProcessPool" in type(error).__name__:
            broken = True
            if self.broken_by is None:
                self.broken_by = self.find_culprits()
        if refused and not broken and self.has_workers():
            self.queued.append((number, error))
        elif words[at + LEFT]:
            reason = "the pool broke before it came back" if broken else "it can't be pickled"
            say(number, "the result is lost, {}: {}".format(reason, message_of(error)))
            words[at + VERDICT] = RESULT_LOST
        elif broken:
            self.tell_broken(number, at, error)
        elif refused:
            could_not_start(self.run, number, "the pool refused it: " + message_of(error))
        else:
            could_not_start(self.run, number, why_not_pickled(self.run.task_of[number], error, "the pool"))

    def find_culprits(self):
        """Which workers died by themselves, and how: {pid: exit code}. The pool ends the others by SIGTERM; whoever does
        not listen is killed, or the pool would wait for it for ever."""
        workers = dict(self.processes or {})
        codes = {pid: process.exitcode for pid, process in workers.items()}
        for process in workers.values():
            try:
                process.kill()
            except (ValueError, OSError, AttributeError):
                pass
        self.pool.shutdown(wait=True)
        by_itself = {pid: code for pid, code in codes.items() if code not in (None, -15)}
        if by_itself:
            return by_itself
        codes = {pid: process.exitcode for pid, process in workers.items()}
        return {pid: code for pid, code in codes.items() if code not in (None, -15, -9)} or {
            pid: code for pid, code in codes.items() if code is not None}

    def tell_broken(self, number, at, error):
        words, pid = self.run.words, self.run.words[at + PID]
        missing = None if words[at + ENTERED] else why_workers_are_missing()
        if missing is None and not words[at + ENTERED] and all(code == -15 for code in self.broken_by.values()):
            # No worker died: the pool gave up, and has ended them.
            missing = cause_of(error)
        if missing is not None:
            could_not_start(self.run, number, missing)
            return
        code = self.broken_by.get(pid) if words[at + ENTERED] else None
        if code is not None:
            message = "its worker {}, and the pool broke".format(how_ended(code))
            words[at + WAIT_STATUS] = wait_status(code) + 1
        else:
            message = "{}: the pool broke{}".format(
                "its worker was ended" if words[at + ENTERED] else "it never ran", self.who_broke(error))
        if words[at + ENTERED] and not words[at + EXITED]:
            words[at + EXITED] = now()
        self.run.texts.say_message(number, message)
        words[at + VERDICT] = POOL_BROKE

    def who_broke(self, error):
        """` when the worker of count #2 ended with status 3`"""
        words = self.run.words
        for number in range(self.run.count):
            at = slot_of(number)
            if words[at + ENTERED] and not words[at + LEFT] and words[at + PID] in self.broken_by:
                return " when the worker of {} {}".format(
                    self.run.title(number), how_ended(self.broken_by[words[at + PID]]))
        for code in self.broken_by.values():
            return " when a worker {}".format(how_ended(code))
        return ": " + message_of(error)

    def leave(self):
        """Ends the pool's workers, without waiting for ever for what a user's function left behind in one."""
        if self.place != "process-pool":
            self.pool.shutdown(wait=True)
            self.settle_queued()
            return
        self.settle_queued()
        if self.broken_by is None:
            self.end_workers()
        tidy_up_multiprocessing()

    def settle_queued(self):
        """Waits for what workers have taken, or will; the threads of a pool are through with it by now."""
        words = self.run.words
        if self.queued:
            sys.stderr.write("spawnscope runner: the pool has fewer workers than asked for: {}\n".format(
                message_of(self.queued[0][1])))
        for number, error in self.queued:
            at = slot_of(number)
            while not words[at + VERDICT] and not words[STOP] and self.processes is not None and self.has_workers():
                time.sleep(0.002)
            if not words[at + VERDICT] and not words[at + ENTERED]:
                could_not_start(self.run, number, "the pool refused it: " + message_of(error))
            words[at + JOINED] = now()

    def has_workers(self):
        """Whether anybody takes what is in the queue."""
        if self.processes is None:
            return bool(getattr(self.pool, "_threads", None))
        manager = self.manager()
        return self.broken_by is None and manager is not None and manager.is_alive() and any(
            process.is_alive() for process in list(self.processes.values()))

    def manager(self):
        """The thread that hands calls to the workers of a process pool; None where it could not be started."""
        pool = self.pool
        thread = getattr(pool, "_executor_manager_thread", getattr(pool, "_queue_management_thread", None))
        return None if thread is None or thread.ident is None else thread

    def end_workers(self):
        workers = list((self.processes or {}).values())
        pool, manager = self.pool, self.manager()
        if manager is None:
            # Nobody else asks them to end.
            for worker in workers:
                worker.terminate()
        workers.append(manager)
        if sys.version_info >= (3, 9):
            pool.shutdown(wait=False)
        else:
            # There, `wait=False` closes what the pool needs for its own end; this is the half that asks for it.
            pool._shutdown_thread = True
            pool._queue_management_thread_wakeup.wakeup()
        deadline = now() + 2000000000
        for worker in workers:
            try:
                worker.join(max(0, deadline - now()) / 1e9)
            except (AttributeError, AssertionError, ValueError, OSError):
                pass


def tidy_up_multiprocessing():
    """What multiprocessing does at the end of a program, except that it would wait for all children: semaphores that
    stay behind would be complained of."""
    from multiprocessing import util

    try:
        util._run_finalizers(0)
    except Exception as error:
        sys.stderr.write("spawnscope runner: {}\n".format(message_of(error)))


def cause_of(error):
    """Why a pool gave up, as its own thread has noted it; None where it has not."""
    lines = str(error.__cause__ or "").strip().strip("\"'").strip().splitlines()
    return "the pool broke: " + lines[-1].strip() if lines else None


def how_ended(code):
    """`ended with status 3`, `was ended by SIGSEGV`"""
    if code >= 0:
        return "ended with status {}".format(code)
    import signal

    try:
        return "was ended by " + signal.Signals(-code).name
    except ValueError:
        return "was ended by signal {}".format(-code)


def run_pool(run):
    launcher = PoolLauncher(run)
    run.begin()
    launcher.collect(launcher.submit_all())
    launcher.leave()


# --------------------------------------------------------------------------------------------------------- mode asyncio


def asyncio_key():
    """The key of the calling asyncio task, which a ContextVar holds."""
    import contextvars

    variable = contextvars.ContextVar("spawnscope_execution", default=None)
    return variable.get, variable.set


KEPT_NS = 5000000
MOST_KEPT = 10000
# Timing a step takes 0.3 us and more. Where so many take less than that many nanoseconds, it would be 1 % of them.
STEPS, QUICK_NS, PAUSE_SECS = 250, 10000000, 0.05


def watch_loop(key):
    """Notes whose step of the event loop takes 5 ms and more: nobody else of the loop goes on meanwhile. `key` tells the
    execution in the step's own context, so that a task that it made counts as its own.

    It pauses where steps are so quick that it would take more than 1 % of their time, and looks again 50 ms later (PyPy: no
    more); a loop that is not asyncio's own has steps that nobody sees. So what it notes is true, and there may be more. A step that was
    long because its thread waited for a CPU keeps nobody: the kernel's clock of that is asked after long steps alone, so
    that it may count waits of short ones too."""
    from _thread import get_ident
    from asyncio import events

    try:
        clocks = os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        waited = int(os.pread(clocks, 96, 0).split()[1])
    except (OSError, IndexError, ValueError):
        return []
    kept, run_step, clock, own = [], events.Handle._run, now, get_ident()
    # PyPy would compile the loop anew each time.
    steps, since, comes_back = 0, clock(), sys.implementation.name != "pypy"

    def timed(handle):
        nonlocal steps
        begin = clock()
        run_step(handle)
        end = clock()
        steps += 1
        if end - begin >= KEPT_NS or steps >= STEPS:
            look(handle, begin, end)

    def look(handle, begin, end):
        nonlocal steps, since
        if get_ident() != own:
            return
        try:
            if end - begin >= KEPT_NS and len(kept) < MOST_KEPT:
                note(handle, begin, end)
            if steps >= STEPS:
                if end - since < QUICK_NS:
                    events.Handle._run = run_step
                    if comes_back:
                        handle._loop.call_later(PAUSE_SECS, resume)
                steps, since = 0, end
        except (OSError, IndexError, ValueError, RuntimeError):
            # The loop is the user's: whatever stands in the way of a look at it, it goes on without.
            events.Handle._run = run_step

    def note(handle, begin, end):
        nonlocal waited
        before, waited = waited, int(os.pread(clocks, 96, 0).split()[1])
        if 2 * (waited - before) < end - begin:
            kept.append((handle._context.run(key), begin, end))

    def resume():
        nonlocal steps, since
        steps, since = 0, clock()
        events.Handle._run = timed

    events.Handle._run = timed
    return kept


class AsyncioLauncher:
    """One event loop, one task an execution. All share a thread, so there is no CPU time of their own to be told."""

    def __init__(self, run, set_current):
        self.run, self.set_current, self.lanes = run, set_current, Lanes()
        self.native_id = native_id_source()

    async def perform(self, number, task, lane, slots):
        run, words, at = self.run, self.run.words, slot_of(number)
        running = run.output.running
        self.set_current(number)
        running[number] = number
        words[at + PID], words[at + TID] = os.getpid(), self.native_id()
        value = failure = None
        words[at + ENTERED] = now()
        try:
            value = await task.target(*task.args, **task.kwargs)
        except BaseException as error:
            failure = error
        left = now()
        if number not in running:
            leave_forked_child(failure)
        words[at + LEFT] = left
        if failure is not None:
            tell_failure(run, number, failure, "asyncio")
        elif value is None:
            words[at + VERDICT] = RETURNED_NONE
        elif type(value) is int and -(1 << 63) <= value < 1 << 63:
            words[at + RESULT] = value
            words[at + VERDICT] = RETURNED
        else:
            tell_value(run, number, value)
        run.output.send(run.texts, number)
        running.pop(number, None)
        words[at + EXITED] = left
        self.lanes.give(lane)
        if slots is not None:
            slots.release()

    async def launch_all(self):
        import asyncio

        run, words, loop = self.run, self.run.words, asyncio.get_event_loop()
        slots = asyncio.Semaphore(run.limit) if run.crowded else None
        run.coroutines = tasks = []
        for number, task in enumerate(run.task_of):
            if slots is not None:
                run.waits()
                await slots.acquire()
                words[WAITS_SINCE] = 0
            if words[STOP]:
                break
            at = slot_of(number)
            words[LAUNCH_LIMIT] = number + 1
            words[at + LANE] = lane = self.lanes.take()
            words[at + LAUNCH_CALLED] = now()
            tasks.append(loop.create_task(self.perform(number, task, lane, slots)))
            words[at + LAUNCHED] = now()
        for number, task in enumerate(tasks):
            since = run.waits(number)
            await task
            run.joined(number, since)

    def settle(self, error):
        """A user's function ended the loop itself: what never ran is told so."""
        for number in range(self.run.count):
            if self.run.words[slot_of(number) + ENTERED] == 0:
                could_not_start(self.run, number, "the event loop ended before it could start: " + message_of(error))


def run_asyncio(run):
    import asyncio

    launcher = AsyncioLauncher(run, run.set_current)
    # One alone keeps nobody.
    kept = watch_loop(run.output.key) if run.count > 1 else []
    run.begin()
    try:
        asyncio.run(launcher.launch_all())
    except BaseException as error:
        launcher.settle(error)
    for number, begin, end in kept:
        # The launcher's own steps are nobody's.
        if number is not None:
            run.texts.say("kept", execution=number, from_ns=begin, to_ns=end)


# ------------------------------------------------------------------------------------------------------------- the main

MODES = {
    "sequential": run_sequential,
    "threads": run_threads,
    "processes": run_processes,
    "thread-pool": run_pool,
    "process-pool": run_pool,
    "interpreters": run_pool,
    "asyncio": run_asyncio,
}


def hello():
    """Who speaks."""
    implementation = {"cpython": "CPython", "pypy": "PyPy"}.get(sys.implementation.name, sys.implementation.name)
    version = "{}.{}.{}".format(*sys.version_info[:3])
    if sys.version_info.releaselevel != "final":
        version += "{}{}".format(sys.version_info.releaselevel[:2].rstrip("le"), sys.version_info.serial)
    return {
        "executable": sys.executable or "",
        "implementation": implementation,
        "version": version,
        # The `t` of `python3.13t`.
        "free_threaded": "t" in getattr(sys, "abiflags", ""),
    }


def gil_enabled():
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())


# Numeric libraries that have threads of their own, by what is in the names of their files.
THREAD_LIBRARIES = {"openblas": ("openblas",), "mkl": ("libmkl",), "blis": ("libblis",), "openmp": ("libgomp", "libiomp", "libomp")}


def thread_libraries():
    """Those that are in this process by now."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
            files = {os.path.basename(line.rstrip()) for line in maps if "/" in line}
    except OSError:
        return []
    return [name for name, parts in THREAD_LIBRARIES.items() if any(part in file for part in parts for file in files)]


def check_interpreter():
    if sys.version_info < (3, 8):
        raise Unfit("Python {}.{}.{} is too old: Python 3.8 or later is needed".format(*sys.version_info[:3]))


def check_mode(mode):
    if mode not in MODES:
        raise Unfit("this runner has no mode {}".format(mode))
    if mode != "interpreters":
        return
    import concurrent.futures

    if not hasattr(concurrent.futures, "InterpreterPoolExecutor"):
        raise Unfit("mode interpreters needs Python 3.14 or later (InterpreterPoolExecutor); this is {} {}".format(
            hello()["implementation"], hello()["version"]))


def arrange_path(tasks, folder):
    """The user's folders go last, so that a `queue.py` of theirs hides no other module. The run's folder stays on the
    path, for the children that import this module."""
    additions = [FOLDER] + ([folder] if folder else [])
    additions += [os.path.dirname(task.file) for task in tasks if task.file]
    kept = [entry for entry in sys.path if os.path.abspath(entry) != FOLDER]
    for entry in additions:
        if entry not in kept:
            kept.append(entry)
    sys.path[:] = kept


def write_own_bytecode():
    """Spares the children the compiling of this file."""
    import importlib.util
    import marshal

    source = os.path.abspath(__file__)
    try:
        cached = importlib.util.cache_from_source(source)
        if not cached.startswith(FOLDER):
            return
        os.makedirs(os.path.dirname(cached), exist_ok=True)
        status = os.stat(source)
        numbers = (0, int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF)
        header = importlib.util.MAGIC_NUMBER + b"".join(number.to_bytes(4, "little") for number in numbers)
        with open(cached, "wb") as file:
            file.write(header + marshal.dumps(CODE))
    except (OSError, ValueError, NotImplementedError):
        pass


def prefer_start_method(method):
    """What multiprocessing makes while a user's module is loaded (a queue, a lock) is made for the method of the run, as
    in a program that sets it first; a module that sets one itself still may."""
    import multiprocessing.context

    default = multiprocessing.context._default_context
    if hasattr(default, "_default_context"):
        default._default_context = multiprocessing.get_context(method)
    else:
        multiprocessing.set_start_method(method, force=True)


def keep_temporaries_here():
    """What multiprocessing has among the temporary files (sockets of its forkserver and of managers) goes with the run's
    folder: one that is killed can't remove it. Not where the path of a socket would get too long. Its semaphores are
    named after the folder, and go with it too: one that is killed before its tracker knows of one can't remove that."""
    module = sys.modules.get("multiprocessing.process")
    if module is None:
        return
    config = module.current_process()._config
    if config.get("semprefix") == "/mp":
        config["semprefix"] = "/" + os.path.basename(FOLDER)
    if "tempdir" not in config and len(FOLDER) <= 60:
        folder = os.path.join(FOLDER, "mp")
        os.mkdir(folder, 0o700)
        config["tempdir"] = folder


def remove_temporaries():
    """The same of a function that imported multiprocessing itself: what Python does at the end of a program."""
    module = sys.modules.get("multiprocessing.process")
    folder = module and module.current_process()._config.get("tempdir")
    if folder and os.path.basename(folder).startswith("pymp-"):
        import shutil

        shutil.rmtree(folder, ignore_errors=True)


def key_of_mode(mode):
    """How to tell whose output it is, see `Output`; and how an asyncio task says that it is its own."""
    if mode == "asyncio":
        return asyncio_key()
    if mode in ("threads", "thread-pool"):
        import _thread

        return _thread.get_ident, None
    return always_zero, None


def watch_loading(run):
    """Has the launcher tell where the loading is before its limit ends it, and returns what calls that off. A
    timer costs nothing, and leaves no thread behind that a fork would have to be warned of."""
    limit_ns = run.settings.get("load_timeout_ns")
    try:
        import _signal
    except ImportError:
        return lambda: None
    if not limit_ns:
        return lambda: None

    def tell(_number, frame):
        task, place = run.loading, None
        while frame is not None:
            name = frame.f_code.co_filename
            if name == task.file or not task.file and name != THIS_FILE:
                place = "{}:{}".format(os.path.basename(name), frame.f_lineno)
                break
            frame = frame.f_back
        run.texts.say("loading", source=task.source(), place=place)

    def call_off():
        _signal.setitimer(_signal.ITIMER_REAL, 0)
        if _signal.getsignal(_signal.SIGALRM) is tell:
            _signal.signal(_signal.SIGALRM, before)

    before = _signal.signal(_signal.SIGALRM, tell)
    limit = limit_ns / 1e9
    # More than once: the host counts from the start of the interpreter, and the last place is the one that is told.
    _signal.setitimer(_signal.ITIMER_REAL, limit * 0.4, limit * 0.2)
    return call_off


def prepare(texts):
    """Reads the plan, loads the targets, and checks what can be checked before anything is launched."""
    import json

    check_interpreter()
    with open(os.path.join(FOLDER, "plan.json"), encoding="utf-8") as file:
        plan = json.load(file)
    if plan["protocol"] != PROTOCOL:
        raise Unfit("this runner speaks protocol {}, not {}".format(PROTOCOL, plan["protocol"]))
    check_mode(plan["mode"])
    key, set_current = key_of_mode(plan["mode"])
    run = Launcher(key, texts)
    run.set_current = set_current
    run.take_plan(plan)
    if run.mode in ("processes", "process-pool"):
        prefer_start_method(run.method)
        keep_temporaries_here()
    arrange_path(run.tasks, run.settings.get("folder"))
    sys.argv = [run.tasks[0].file or "" if run.tasks else ""]
    names, unwatch = {}, watch_loading(run)
    for task in run.tasks:
        run.loading = task
        try:
            task.load(names, texts)
            check_fit(task, run.mode, run.method)
        except Unfit as unfit:
            raise Unfit("`{}`: {}".format(task.name, unfit))
    unwatch()
    keep_temporaries_here()
    if run.method in ("spawn", "forkserver") or run.mode == "interpreters":
        write_own_bytecode()
    return run


def launch(run):
    """Makes and joins all executions. A launcher that is refused what it needs (a pool's semaphores, memory) is the reason
    why the others could not start; once some have begun it breaks the run."""
    words = run.words
    try:
        MODES[run.mode](run)
    except BaseException as error:
        if not words[ORIGIN]:
            run.begin()
        slots = [slot_of(number) for number in range(run.count)]
        for number, at in enumerate(slots):
            if not words[at + ENTERED] and not words[at + VERDICT]:
                could_not_start(run, number, message_of(error))
        if any(words[at + ENTERED] for at in slots):
            raise


def main():
    global RUN
    texts = Texts()
    texts.say("hello", protocol=PROTOCOL, runtime="python", interpreter=hello())
    try:
        RUN = prepare(texts)
    except BaseException as error:
        message = str(error) if isinstance(error, Unfit) else "the runner failed: " + message_of(error)
        texts.say("fatal", message=cut_message(message))
        return 3
    texts.say("loaded", gil_enabled=gil_enabled(), thread_libraries=thread_libraries())
    before = cpu_beside_this_thread_ns()
    launch(RUN)
    remove_temporaries()
    RUN.send_marks()
    used = usage_source(False)
    texts.say("bye", max_rss_bytes=used and used().ru_maxrss * 1024,
              cpu_beside_ns=None if before is None else max(0, cpu_beside_this_thread_ns() - before))
    return 0


if IS_LAUNCHER:
    STATUS = 3
    try:
        STATUS = main()
    except BaseException as broken:
        sys.stderr.write("spawnscope runner: {}\n".format(traceback_of(broken)))
    finally:
        # Whatever users' functions left behind, threads or children, is not waited for.
        flush_streams()
        os._exit(STATUS)
elif "SPAWNSCOPE_PRELOAD" in os.environ:
    preload()
