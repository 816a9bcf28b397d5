"""The files `slots` and `sending` of the run's folder, as words in memory."""

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


# Words of an execution in the file `sending`, which exists if arguments are sent: in modes process-pool and interpreters,
# and in mode processes under spawn and forkserver. Sizes are stored plus one.
SENDING_WORDS = 12
(ARGUMENT_BYTES, PICKLED_FROM, PICKLED_TO, WORKER_READY, WORKER_FREE, UNPICKLED_FROM, UNPICKLED_TO,
 RESULT_BYTES, RESULT_FROM, RESULT_TO, RETURNED_FROM, RETURNED_TO) = range(SENDING_WORDS)


def map_sending():
    """The words of the file `sending`; None if nothing is sent."""
    try:
        return map_words("sending")
    except FileNotFoundError:
        return None
