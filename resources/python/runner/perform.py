"""Runs one execution: its stamps, and between them nothing but the function."""


def always_zero():
    """The key of a thread or process that runs one execution at a time."""
    return 0


def native_id_source():
    """A function that gives the system's number of the calling thread without releasing the GIL."""
    import threading

    return getattr(threading, "get_native_id", os.getpid)


def make_perform(run, meter, place):
    """A function that runs an execution here and now, and writes its slot.

    It is the hot path: everything that it needs is a local variable, and it names the words of a slot by plain numbers. If a
    thread takes some microseconds longer, others may have to wait for it, which costs tens of microseconds.
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
            # This comes before the CPU clock: reading that clock has the kernel check whether the thread's turn is over.
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
        # Drops a result that nothing takes before the thread ends.
        failure = None
        if not is_pool:
            value = None
        words[at + 5] = clock()
        return value

    return perform


def leave_forked_child(failure):
    """Ends this process, the child of a fork in a user's function: the execution goes on in the parent."""
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
