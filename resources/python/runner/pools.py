"""Modes thread-pool, process-pool and interpreters: in the launcher."""


class PoolLauncher:
    """Submits all calls, then takes the results in the same order."""

    def __init__(self, run):
        self.run, self.place = run, run.mode
        self.pool = self.make_pool()
        self.processes = getattr(self.pool, "_processes", None)
        self.broken_by = None
        # Calls that were in the queue when the system refused the pool another worker: the other workers may still take them.
        self.queued = []

    def make_pool(self):
        import concurrent.futures as futures
        import concurrent.futures.thread  # noqa: F401 - needed when something fails: then no descriptor may be free for it

        limit, specs = self.run.limit, [task.spec for task in self.run.tasks]
        if self.place == "thread-pool":
            return self.make_thread_pool(futures)
        if self.place == "interpreters":
            self.submit = self.submit_job
            return futures.InterpreterPoolExecutor(
                max_workers=limit, initializer=exec, initargs=(enter_interpreter_text(specs),))
        import multiprocessing

        if self.is_forkserver():
            ask_forkserver_once()
        self.submit = self.submit_call
        pool = futures.ProcessPoolExecutor(
            max_workers=limit, mp_context=multiprocessing.get_context(self.run.method),
            initializer=enter_worker, initargs=(self.place, specs))
        measure_pool(self.run, pool)
        return pool

    def make_thread_pool(self, futures):
        """Each worker of a thread pool takes its lane when it starts."""
        import itertools
        import threading

        run, lanes, next_lane, ident = self.run, {}, itertools.count(1).__next__, threading.get_ident
        words = run.words
        meter = LastingMeter(words, reader_beside_threads(), usage_source(True), False, ident)
        perform = make_perform(run, meter, self.place)

        def enter():
            lanes[ident()] = next_lane()

        def body(number, target, args, kwargs):
            if words[4]:
                return None
            words[(number + 1) * 24 + 10] = lanes[ident()]
            return perform(number, target, args, kwargs)

        self.submit = lambda number, task: self.pool.submit(body, number, task.target, task.args, task.kwargs)
        return futures.ThreadPoolExecutor(max_workers=run.limit, initializer=enter)

    def submit_job(self, number, task):
        return self.pool.submit(perform_in_worker, number, task.target, task.args, task.kwargs)

    def submit_call(self, number, task):
        return self.pool.submit(Call(number), task.target, task.args, task.kwargs)

    def submit_all(self):
        run, words, submit, futures = self.run, self.run.words, self.submit, []
        restore = preload_forkserver(run) if self.is_forkserver() else None
        at = 0
        for number, task in enumerate(run.task_of):
            if words[STOP]:
                break
            at += SLOT_WORDS
            words[5] = number + 1
            words[at + 1] = now()
            try:
                future = submit(number, task)
            except BaseException as error:
                future = error
                if self.processes is not None and self.manager() is None:
                    # No worker would ever take a call that is queued from now on, and Python does not raise again.
                    submit = refusing(error)
            words[at + 2] = now()
            futures.append(future)
            if restore is not None:
                restore = restore()
        return futures

    def is_forkserver(self):
        return self.place == "process-pool" and self.run.method == "forkserver"

    def collect(self, futures):
        words, at = self.run.words, 0
        for number, future in enumerate(futures):
            at += SLOT_WORDS
            since = self.run.waits(number)
            try:
                if isinstance(future, BaseException):
                    raise future
                future.result()
            except BaseException as error:
                self.failed(number, at, error, refused=error is future)
            goes_on = bool(self.queued) and self.queued[-1][0] == number
            if not goes_on and (words[at + 3] or words[at + 11]):
                words[at + 7] = since
                words[at + 6] = now()
            words[WAITS_SINCE] = 0
            futures[number] = None

    def failed(self, number, at, error, refused):
        """Settles an execution that the pool itself failed; an exception that the function raised does not come here."""
        BrokenThreadPool = sys.modules["concurrent.futures.thread"].BrokenThreadPool  # also of interpreters
        words, say, broken = self.run.words, self.run.texts.say_message, False
        if isinstance(error, BrokenThreadPool) or "BrokenProcessPool" in type(error).__name__:
            broken = True
            if self.broken_by is None:
                self.broken_by = self.find_culprits()
        if refused and not broken and self.has_workers():
            self.queued.append((number, error))
        elif words[at + LEFT]:
            reason = "the pool broke before it came back" if broken else "it can't be pickled"
            say(number, "the result is lost, {}: {}".format(reason, message_of(error)))
            words[at + VERDICT] = RESULT_LOST
        elif broken:
            self.tell_broken(number, at, error)
        elif refused:
            could_not_start(self.run, number, "the pool refused it: " + message_of(error))
        else:
            could_not_start(self.run, number, why_not_pickled(self.run.task_of[number], error, "the pool"))

    def find_culprits(self):
        """The workers that died by themselves, and how: {pid: exit code}. The pool ends the others by SIGTERM. This kills a
        worker that does not react, because the pool would wait for it for ever."""
        workers = dict(self.processes or {})
        codes = {pid: process.exitcode for pid, process in workers.items()}
        for process in workers.values():
            try:
                process.kill()
            except (ValueError, OSError, AttributeError):
                pass
        self.pool.shutdown(wait=True)
        by_itself = {pid: code for pid, code in codes.items() if code not in (None, -15)}
        if by_itself:
            return by_itself
        codes = {pid: process.exitcode for pid, process in workers.items()}
        return {pid: code for pid, code in codes.items() if code not in (None, -15, -9)} or {
            pid: code for pid, code in codes.items() if code is not None}

    def tell_broken(self, number, at, error):
        words, pid = self.run.words, self.run.words[at + PID]
        missing = None if words[at + ENTERED] else why_workers_are_missing()
        if missing is None and not words[at + ENTERED] and all(code == -15 for code in self.broken_by.values()):
            # No worker died by itself: the pool gave up, and ended them all.
            missing = cause_of(error)
        if missing is not None:
            could_not_start(self.run, number, missing)
            return
        code = self.broken_by.get(pid) if words[at + ENTERED] else None
        if code is not None:
            message = "its worker {}, and the pool broke".format(how_ended(code))
            words[at + WAIT_STATUS] = wait_status(code) + 1
        else:
            message = "{}: the pool broke{}".format(
                "its worker was ended" if words[at + ENTERED] else "it never ran", self.who_broke(error))
        if words[at + ENTERED] and not words[at + EXITED]:
            words[at + EXITED] = now()
        self.run.texts.say_message(number, message)
        words[at + VERDICT] = POOL_BROKE

    def who_broke(self, error):
        """` when the worker of count #2 ended with status 3`"""
        words = self.run.words
        for number in range(self.run.count):
            at = slot_of(number)
            if words[at + ENTERED] and not words[at + LEFT] and words[at + PID] in self.broken_by:
                return " when the worker of {} {}".format(
                    self.run.title(number), how_ended(self.broken_by[words[at + PID]]))
        for code in self.broken_by.values():
            return " when a worker {}".format(how_ended(code))
        return ": " + message_of(error)

    def leave(self):
        """Ends the pool's workers, but does not wait for ever for threads or children that a user's function left in one."""
        if self.place != "process-pool":
            self.pool.shutdown(wait=True)
            self.settle_queued()
            return
        self.settle_queued()
        if self.broken_by is None:
            self.end_workers()
        tidy_up_multiprocessing()

    def settle_queued(self):
        """Waits for the calls that workers have taken, or will take; the threads of a pool have done them by now."""
        words = self.run.words
        if self.queued:
            sys.stderr.write("spawnscope runner: the pool has fewer workers than asked for: {}\n".format(
                message_of(self.queued[0][1])))
        for number, error in self.queued:
            at = slot_of(number)
            while not words[at + VERDICT] and not words[STOP] and self.processes is not None and self.has_workers():
                time.sleep(0.002)
            if not words[at + VERDICT] and not words[at + ENTERED]:
                could_not_start(self.run, number, "the pool refused it: " + message_of(error))
            words[at + JOINED] = now()

    def has_workers(self):
        """Whether any worker takes calls from the queue."""
        if self.processes is None:
            return bool(getattr(self.pool, "_threads", None))
        manager = self.manager()
        return self.broken_by is None and manager is not None and manager.is_alive() and any(
            process.is_alive() for process in list(self.processes.values()))

    def manager(self):
        """The thread that hands calls to the workers of a process pool; None if it could not be started."""
        pool = self.pool
        thread = getattr(pool, "_executor_manager_thread", getattr(pool, "_queue_management_thread", None))
        return None if thread is None or thread.ident is None else thread

    def end_workers(self):
        workers = list((self.processes or {}).values())
        pool, manager = self.pool, self.manager()
        if manager is None:
            # Nothing else asks them to end.
            for worker in workers:
                worker.terminate()
        workers.append(manager)
        if sys.version_info >= (3, 9):
            pool.shutdown(wait=False)
        else:
            # In Python 3.8 `wait=False` closes what the pool needs to end; this does only the part that asks the pool to end.
            pool._shutdown_thread = True
            pool._queue_management_thread_wakeup.wakeup()
        deadline = now() + 2000000000
        for worker in workers:
            try:
                worker.join(max(0, deadline - now()) / 1e9)
            except (AttributeError, AssertionError, ValueError, OSError):
                pass


def tidy_up_multiprocessing():
    """Does what multiprocessing does at the end of a program, except waiting for all children. Otherwise Python would complain
    of leaked semaphores."""
    from multiprocessing import util

    try:
        util._run_finalizers(0)
    except Exception as error:
        sys.stderr.write("spawnscope runner: {}\n".format(message_of(error)))


def cause_of(error):
    """Why a pool gave up, as noted by its own thread; None if it noted nothing."""
    lines = str(error.__cause__ or "").strip().strip("\"'").strip().splitlines()
    return "the pool broke: " + lines[-1].strip() if lines else None


def how_ended(code):
    """`ended with status 3`, `was ended by SIGSEGV`"""
    if code >= 0:
        return "ended with status {}".format(code)
    import signal

    try:
        return "was ended by " + signal.Signals(-code).name
    except ValueError:
        return "was ended by signal {}".format(-code)


def run_pool(run):
    launcher = PoolLauncher(run)
    run.begin()
    launcher.collect(launcher.submit_all())
    launcher.leave()
