"""Keeps what a function writes to stdout and stderr, by execution."""

OUTPUT_KEPT = 1 << 20


class Tail:
    """Counts all bytes of a stream, and keeps the last 1 MiB of them."""

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
    """Assigns output to executions. `running` has the running execution for each key: the thread's number if threads run
    executions, the asyncio task's own number, or always 0 if there is one execution at a time."""

    def __init__(self, key):
        self.key, self.running, self.tails = key, {}, {}
        # If a user's function forks, the output and the stamps of the child do not belong to the execution.
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.running.clear)
        self.real = sys.stdout, sys.stderr
        self.streams = Stream(self, sys.stdout, False), Stream(self, sys.stderr, True)
        self.install()

    def install(self):
        sys.stdout, sys.stderr = self.streams

    def remove(self):
        """Restores the real streams, unless a user's function has replaced them."""
        if (sys.stdout, sys.stderr) == self.streams:
            sys.stdout, sys.stderr = self.real

    def tail(self, stderr):
        """The Tail that takes the caller's output; None outside of executions."""
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
    """`sys.stdout` or `sys.stderr`: keeps what executions write, and passes all else on. If an execution closes it, it is closed
    for that execution only."""

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
        """Ignores the settings: all output is kept as it comes."""

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
