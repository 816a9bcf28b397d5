"""Mode processes: what runs in the child, and how the child ends."""

RUN = None


def here():
    """The Run of this process: a forked child has its parent's, other children open the folder anew."""
    global RUN
    if RUN is None:
        RUN = Run(always_zero)
    return RUN


class Job:
    """The `target` of a Process. Unpickling it in the child first loads the user's module, which the user's target and the
    arguments need. The target itself is pickled, or refused, as in plain Python."""

    def __init__(self, number, spec, target):
        self.number, self.spec, self.target = number, spec, target

    def __reduce__(self):
        return restore_job, (self.number, ByName(self.number, self.spec), self.target)

    def __call__(self, *args, **kwargs):
        note_sending(self.number, UNPICKLED_TO)
        perform_as_process(self.number, self.target, args, kwargs)


def restore_job(number, _by_name, target):
    """Unpickles a Job; the arguments are unpickled next."""
    note_sending(number, UNPICKLED_FROM)
    return Job(number, None, target)


def note_sending(number, word):
    """Stamps a word of the file `sending` for an execution, if there is that file."""
    sent = here().sent
    if sent is not None:
        sent[number * SENDING_WORDS + word] = now()


class RunJob:
    """Replaces `run()` in an instance of a user's own subclass of Process."""

    def __init__(self, process, number):
        self.process, self.number = process, number

    def __call__(self):
        perform_as_process(self.number, type(self.process).run, (self.process,), {})


class ByName:
    """Unpickles to the target itself, which it loads; if loading fails, the execution could not start."""

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
    """Python's own reason, and the usual remedy: a child runs the top level of the file once more."""
    return "{} could not be loaded again in a new {}; what its top level does belongs under `if __name__ == " \
        "\"__main__\":` ({})".format(os.path.basename(spec[0]) if spec[0] else spec[1], where, message_of(error))


def restore_process(kind):
    return kind.__new__(kind)


def perform_as_process(number, target, args, kwargs):
    """Runs the execution of this process, which then ends as in plain Python: with status 1 after an exception (the traceback
    goes to Spawnscope, not to stderr), or with the status of sys.exit."""
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
    """Stamps *exited* after all that multiprocessing does at the end of a child: it waits for the child's own children and
    threads, and runs its finalizers. Only the end of the interpreter itself comes later. Up to Python 3.12 multiprocessing
    waits for threads last, from 3.13 on first."""
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
