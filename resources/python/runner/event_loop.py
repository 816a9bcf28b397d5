"""Mode asyncio."""


def asyncio_key():
    """A getter and a setter of the calling asyncio task's key, which a ContextVar holds."""
    import contextvars

    variable = contextvars.ContextVar("spawnscope_execution", default=None)
    return variable.get, variable.set


KEPT_NS = 5000000
MOST_KEPT = 10000
# Timing a step takes 0.3 us and more. If STEPS steps take less than QUICK_NS, timing takes more than about 1 % of their time.
STEPS, QUICK_NS, PAUSE_SECS = 250, 10000000, 0.05


def watch_loop(key):
    """Notes each step of the event loop that takes 5 ms or more, and its execution: meanwhile no other coroutine of the loop
    goes on. `key` gives the execution from the step's own context, so a task that an execution made counts as the execution.

    If steps are so quick that timing them takes more than 1 % of their time, it pauses for 50 ms (in PyPy for good). It does not
    see the steps of a loop that is not asyncio's own. So what it notes is true, but may be incomplete. A step that was long
    because its thread waited for a CPU keeps no other from the loop. The kernel's clock of that wait is read only after long
    steps, so it may include waits of short steps before them."""
    from _thread import get_ident
    from asyncio import events

    try:
        clocks = os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        waited = int(os.pread(clocks, 96, 0).split()[1])
    except (OSError, IndexError, ValueError):
        return []
    kept, run_step, clock, own = [], events.Handle._run, now, get_ident()
    # PyPy would compile the loop anew each time that timing resumes.
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
            # The user's loop must go on, so whatever goes wrong here ends the timing.
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
    """One event loop, with one asyncio task per execution. All share a thread, so an execution has no CPU time of its own."""

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
        """A user's function ended the loop itself: reports the executions that never ran."""
        for number in range(self.run.count):
            if self.run.words[slot_of(number) + ENTERED] == 0:
                could_not_start(self.run, number, "the event loop ended before it could start: " + message_of(error))


def run_asyncio(run):
    import asyncio

    launcher = AsyncioLauncher(run, run.set_current)
    # A single execution keeps no other from the loop.
    kept = watch_loop(run.output.key) if run.count > 1 else []
    run.begin()
    try:
        asyncio.run(launcher.launch_all())
    except BaseException as error:
        launcher.settle(error)
    for number, begin, end in kept:
        # Steps of the launcher belong to no execution.
        if number is not None:
            run.texts.say("kept", execution=number, from_ns=begin, to_ns=end)
