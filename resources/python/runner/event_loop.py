"""Mode asyncio."""


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
    more); a loop that is not asyncio's own has steps that nobody sees. So what it notes is true, and there may be more. A
    step that was long because its thread waited for a CPU keeps nobody: the kernel's clock of that is asked after long
    steps alone, so that it may count waits of short ones too."""
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
