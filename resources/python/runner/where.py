"""Tells where threads and coroutines are, if the host asks because they are stuck."""


def answer_where(run):
    """Prepares to answer the real-time signal by which Spawnscope asks, shortly before a timeout, where executions are. The main
    thread answers: Python runs its handler between two instructions, and while the thread is blocked."""
    try:
        import _signal

        _signal.signal(_signal.SIGRTMAX - 1, lambda _number, frame: tell_where(run, frame))
        answer_stacks(_signal.SIGRTMAX - 2)
    except (ImportError, AttributeError, ValueError, OSError):
        # This is a subinterpreter, or the system has no such signal.
        pass


def answer_stacks(signal):
    """Prepares to answer another signal, for threads that are stuck in C: faulthandler's own handler, for which no line of Python
    has to run, writes the stacks of all threads into a file of the run's folder. The file is opened here, because the handler
    can't; forked children inherit it. A user's `faulthandler.enable()` and handlers of other signals are not affected."""
    import faulthandler

    stacks = os.open(os.path.join(FOLDER, "stacks"), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    faulthandler.register(signal, file=stacks, all_threads=True, chain=False)


def tell_where(run, interrupted):
    """Sends where each running execution of this process is; whatever goes wrong, the user's function goes on.

    It imports nothing and reads no source: `traceback` takes up to 70 ms, which is much if all processes are asked at once.
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
    """The calls of an asyncio task, the outermost first: those of the thread if the task runs, else the chain of awaits."""
    import asyncio

    if asyncio.current_task(task.get_loop()) is task:
        return calls_of_frame(interrupted)
    calls, awaited = [], task.get_coro()
    while awaited is not None:
        # A coroutine, a generator-based coroutine, or an asynchronous generator; other awaitables tell nothing.
        kind = next((kind for kind in ("cr_", "gi_", "ag_") if getattr(awaited, kind + "frame", None)), None)
        if kind is None:
            break
        frame = getattr(awaited, kind + "frame")
        calls.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        awaited = getattr(awaited, "gi_yieldfrom" if kind == "gi_" else kind + "await")
    return calls


def is_idle(task, interrupted):
    """Whether nothing is going to wake a task's loop: nothing is ready, no timer runs, the loop watches no file but its own, and
    there is no other thread. False if that is not known, for example for a loop that is not asyncio's own."""
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
    """The innermost line of the user's own code, `work.py:12, in consume`, and the last calls that led there, to which Spawnscope
    adds the source lines."""
    library = os.path.dirname(os.path.abspath(os.__file__))
    calls = [call for call in calls if call[0] != THIS_FILE]
    own = [call for call in calls if not call[0].startswith((library, "<frozen"))] or calls
    place = "{}:{}, in {}".format(os.path.basename(own[-1][0]), *own[-1][1:]) if own else "its start"
    stack = "".join('  File "{}", line {}, in {}\n'.format(*call) for call in calls)
    # It has to fit into one line of the FIFO, with its escapes.
    return place, "Where it was shortly before its timeout (most recent call last):\n" + stack[-1600:]
