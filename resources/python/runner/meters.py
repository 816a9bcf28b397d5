"""CPU time, run-queue wait, and the resource usage that the system counted."""

# The run-queue wait of a shorter execution is not worth measuring.
LONG_ENOUGH_NS = 100000
# A thread or process that took no longer from its launch to *entered* is assumed not to have waited for a CPU before.
SLOW_LAUNCH_NS = 250000
# If a worker's last execution was shorter, it does not read its usage before the next one: reading would cost more.
WORTH_ASKING_NS = 100000
# If reading the run-queue wait took longer, the thread was off its CPU meanwhile.
ASKED_LONG_NS = 50000
# The CPU time that the reading itself takes.
SHORT_ASKING_NS = 10000
# How often it reads at most: among many threads that want the GIL, every reading may take long.
ASK_AGAIN = 3
SCHEDSTAT = "/proc/thread-self/schedstat"


class PlainReader:
    """Reads the calling thread's run-queue wait, if no other thread wants the GIL."""

    def open(self):
        try:
            return os.open(SCHEDSTAT, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return -1

    def read(self, descriptor):
        """Nanoseconds that the thread has been ready and waited for a CPU since its birth; -1 if that is not known."""
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
    """Reads it with ctypes.PyDLL, which keeps the GIL during a call: losing the GIL here would disturb the measurement."""

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
    """A reader for threads that share a GIL; None if there is no way to read without releasing it."""
    try:
        return GilKeepingReader()
    except (ImportError, AttributeError, OSError):
        return None


def usage_source(of_thread):
    """A function that calls `getrusage` for the calling thread, or for the process; None if there is no `getrusage`."""
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
    """CPU time of all other threads of this process, and of the children that it has waited for; None if it is not known."""
    whole, thread = usage_source(False), usage_source(True)
    if whole is None or thread is None:
        return None
    whole, thread = whole(), thread()
    return int((whole.ru_utime + whole.ru_stime - thread.ru_utime - thread.ru_stime) * 1e9)


def write_usage(words, at, after, before, whole_process):
    """Writes the usage between two `getrusage`, or since the birth of the thread; each number is stored plus one."""
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
    """Measures executions that have their own thread or process. Its clocks began with it, so there is nothing to read before
    the execution, unless it took long from the launch to *entered*."""

    def __init__(self, words, reader, usage, whole_process):
        self.words, self.usage, self.whole_process = words, usage, whole_process
        self.reader = None if words[STAMPS_ONLY] else reader
        # Shorter executions have no usage. That of a process is always worth reading, for its peak of memory.
        self.worth_ns = 0 if whole_process else WORTH_ASKING_NS

    def waited(self):
        """The run-queue wait until now; -1 if it is not known, or not wanted."""
        return -1 if self.reader is None else self.reader.read_once()

    def before(self):
        """The run-queue wait, the usage, and the instant of both. If the thread lost its CPU while it read, it reads again."""
        for _ in range(ASK_AGAIN):
            asked = now()
            used = self.used_before()
            waited = self.waited()
            known = now()
            if known - asked < ASKED_LONG_NS:
                break
        return waited, used, known

    def used_before(self):
        """None: all that this thread or process has used counts for its execution."""
        return None

    def after(self, left):
        """The run-queue wait at *left*, which was just now; -1 if it is not known."""
        waited = self.waited()
        late = now() - left
        if self.whole_process and late > ASKED_LONG_NS and self.waited() == waited >= 0:
            # No other thread wants its GIL, so it lost its CPU between *left* and the reading, and was ready meanwhile.
            waited = max(0, waited - late)
        return waited

    def finish(self, at, waited, used_before, most):
        """Writes the states and the usage. `waited` is the wait between *entered* and *left*, `most` its upper bound."""
        if waited is not None:
            self.words[at + RUNNABLE] = max(0, min(waited, most)) + 1
        if self.usage is not None:
            write_usage(self.words, at, self.usage(), used_before, self.whole_process)


class LastingMeter(FreshMeter):
    """Measures executions that follow one another in the same thread or process: it reads before and after each, if the last
    execution there suggests that this is worth it."""

    def __init__(self, words, reader, usage, whole_process, key):
        super().__init__(words, reader, usage, whole_process)
        self.worth_ns, self.key, self.descriptors = WORTH_ASKING_NS, key, {}

    def waited(self):
        """As above, with a descriptor that the thread keeps open."""
        if self.reader is None:
            return -1
        descriptor = self.descriptors.get(self.key())
        if descriptor is None:
            descriptor = self.descriptors[self.key()] = self.reader.open()
        return self.reader.read(descriptor)

    def used_before(self):
        return self.usage and self.usage()
