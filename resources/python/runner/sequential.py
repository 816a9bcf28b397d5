"""Mode sequential."""


def run_sequential(run):
    """Runs one execution after another in the main thread: calls the function, or `run()` of a Thread that is never started."""
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
    """The attributes that `run()` has set in its own object, as a result."""

    def __init__(self, kept):
        self.kept = kept

    def __repr__(self):
        return ", ".join("self.%s = %r" % item for item in sorted(self.kept.items()))


def run_that_tells(thread):
    """The `run()` of a user's own Thread, with a result. Python drops what `run()` returns, so users store results in attributes
    of the thread: those that `run()` has set are its result."""
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
    """A function that runs one execution. Of a user's subclass of Thread or Process it calls `run()` of a new instance."""
    if is_thread_class(task.target) or is_process_class(task.target):
        body = run_that_tells(task.target(*task.args, **task.kwargs))
        return lambda: perform(number, body, (), {})
    if run.method == "run":
        import threading

        return threading.Thread(target=perform, args=(number, task.target, task.args, task.kwargs)).run
    return lambda: perform(number, task.target, task.args, task.kwargs)
