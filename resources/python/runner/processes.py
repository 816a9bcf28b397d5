"""Mode processes: in the launcher."""


def wait_status(exit_code):
    """The wait status that waitpid would give, from the exit code that multiprocessing gives."""
    return -exit_code if exit_code < 0 else (exit_code & 0xFF) << 8


def watch_process(process):
    """A descriptor that becomes readable when the process has ended, and whether the caller has to close it. The sentinel of
    multiprocessing becomes readable only after the process's own children have ended as well."""
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
    """Starts a Process for each execution, and joins them in the same order as the launcher of threads."""

    def __init__(self, run):
        import multiprocessing
        import multiprocessing.reduction
        import select

        self.run, self.method = run, run.method
        self.context = multiprocessing.get_context(self.method)
        self.register, self.poll = multiprocessing.reduction.ForkingPickler.register, select.poll()
        # A user's own subclass of Process uses the default method.
        multiprocessing.set_start_method(self.method, force=True)
        if run.sent is not None:
            measure_pickling_of_processes(run)
        self.lanes, self.in_flight, self.watched = Lanes(), {}, {}

    def watch(self, number, process):
        """Lets the end of a process wake the launcher."""
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
            # The child may be able to find the user's module only by its file.
            self.register(
                task.target, lambda process, spec=task.spec: (
                    restore_process, (ByName(process.run.number, spec),), process.__dict__))
        return process

    def launch_all(self):
        run, words, crowded, limit, in_flight = self.run, self.run.words, self.run.crowded, self.run.limit, self.in_flight
        # After a fork, each page that the launcher writes to is copied, so it writes to few.
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
    """Lets `start()` note how long it pickles a process, and how many bytes that makes: the arguments, and some hundred bytes
    of Python's own."""
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
    """Python's own message about what can't be pickled, whether that is the target or an argument, and how to fix it."""
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
    """Lets the forkserver import this module and the users' modules, as it would import the main module of a user's program. The
    server reads their names from the environment, which `restore` restores after the first start."""
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
    """Lets only one thread at a time ask for the end of a forkserver's process. The end is told once, through a pipe: if the
    pool's thread and the launcher asked at the same time, the second would find the pipe empty, take the server for dead,
    and report the status 255."""
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
    """Imports the users' modules, in the forkserver."""
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
