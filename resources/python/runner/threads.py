"""Mode threads."""


class RawThread:
    """A thread of `_thread.start_new_thread`. It has no join, so the launcher waits for a lock that the thread releases."""

    __slots__ = ("start_new_thread", "body", "number", "lock")

    def __init__(self, module, body, number):
        self.start_new_thread, self.body, self.number = module.start_new_thread, body, number
        self.lock = module.allocate_lock()
        self.lock.acquire()

    def start(self):
        self.start_new_thread(self.body, (self.number, self.lock.release))

    def join(self):
        self.lock.acquire()


class ThreadLauncher:
    """Starts every thread, then joins them in the order of their starts, as the tutorial does. If not all may be in flight at
    once, it joins whichever ends first, and starts the next in its lane."""

    def __init__(self, run):
        import _thread
        import queue
        import threading

        self.run, self.threading, self.raw_module = run, threading, _thread
        self.daemon = run.method == "daemon"
        self.ended = queue.SimpleQueue() if run.crowded else None
        self.perform = make_perform(
            run, FreshMeter(run.words, reader_beside_threads(), usage_source(True), False), "thread")
        self.bodies = {task: self.body_of(task) for task in run.tasks}
        self.lanes, self.in_flight = Lanes(), {}

        class Subclass(threading.Thread):
            """The tutorial's other way: a Thread that overrides `run()`."""

            def __init__(self, body, number, name):
                super().__init__(name=name)
                self.body, self.number = body, number

            def run(self):
                self.body(self.number)

        self.subclass = Subclass

    def body_of(self, task):
        """The function that the threads of a task run. All of them get the same objects as arguments, as in the tutorial:
        threads share their arguments."""
        perform, ended, target, args, kwargs = self.perform, self.ended, task.target, task.args, task.kwargs
        def body(number, release=None):
            try:
                perform(number, target, args, kwargs)
            finally:
                if ended is not None:
                    ended.put(number)
                if release is not None:
                    release()

        return body

    def make(self, task, number):
        """The thread of an execution, not started."""
        if is_thread_class(task.target):
            return self.make_users(task, number)
        method, body, name = self.run.method, self.bodies[task], task.title(number)
        if method == "raw":
            return RawThread(self.raw_module, body, number)
        if method == "subclass":
            return self.subclass(body, number, name)
        return self.threading.Thread(target=body, args=(number,), name=name, daemon=self.daemon)

    def make_users(self, task, number):
        """An instance of the user's own subclass, with stamps around its `run()`."""
        thread = task.target(*task.args, **task.kwargs)
        perform, ended, users_run = self.perform, self.ended, run_that_tells(thread)

        def stamped_run():
            perform(number, users_run, (), {})
            if ended is not None:
                ended.put(number)

        thread.run = stamped_run
        # Its name is the task's, unless the user's class gave it one.
        if thread.name.startswith("Thread-"):
            thread.name = task.title(number)
        if self.daemon:
            thread.daemon = True
        return thread

    def launch_all(self):
        run, words, crowded, limit, in_flight = self.run, self.run.words, self.run.crowded, self.run.limit, self.in_flight
        again = run.settings.get("start_again") and run.method != "raw"
        at = 0
        for number, thread in enumerate(made(run, self.make)):
            at += 24
            if len(in_flight) >= limit:
                self.join_any()
            if words[4]:
                break
            words[5] = number + 1
            words[at + 10] = lane = self.lanes.take() if crowded else number + 1
            in_flight[number] = thread, lane
            words[at + 1] = now()
            try:
                thread.start()
                words[at + 2] = now()
            except BaseException as error:
                self.refused(number, lane, error)
                continue
            if again:
                self.start_again(number, thread)

    def refused(self, number, lane, error):
        del self.in_flight[number]
        if self.run.crowded:
            self.lanes.give(lane)
        hint = ""
        if isinstance(error, RuntimeError) and "start new thread" in str(error):
            hint = ": the system has no room for another thread"
        could_not_start(self.run, number, message_of(error) + hint)

    def start_again(self, number, thread):
        """Starts a thread a second time, and notes how Python refuses that."""
        since = now()
        try:
            thread.start()
            message = "started a second time"
        except BaseException as error:
            message = message_of(error)
        self.run.mark("start-again", number, since, now(), message)

    def join(self, number, since):
        thread, lane = self.in_flight.pop(number)
        thread.join()
        self.run.joined(number, since)
        if self.run.crowded:
            self.lanes.give(lane)

    def join_any(self):
        """Joins whichever execution ends first, without polling."""
        since = self.run.waits()
        number = self.ended.get()
        if self.daemon:
            self.run.words[WAITS_SINCE] = 0
            self.lanes.give(self.in_flight.pop(number)[1])
        else:
            self.join(number, since)

    def join_with_timeout(self):
        """Calls the tutorial's `join(timeout)` on each thread; it returns even if the thread is still alive."""
        timeout_ns = self.run.settings.get("join_timeout_ns")
        if timeout_ns is None or self.run.method == "raw":
            return
        for number, (thread, _lane) in list(self.in_flight.items()):
            since = self.run.waits(number)
            thread.join(timeout_ns / 1e9)
            if thread.is_alive():
                self.run.words[WAITS_SINCE] = 0
                self.run.mark("join-timeout", number, since, now(), "the thread was still alive")
            else:
                self.join(number, since)

    def join_rest(self):
        if self.ended is None:
            for number in list(self.in_flight):
                self.join(number, self.run.waits(number))
        while self.in_flight:
            self.join_any()

    def abandon_rest(self):
        """Settles the daemon threads that still run: nobody waits for them, and they vanish when the program is over."""
        words = self.run.words
        for number in self.in_flight:
            at = slot_of(number)
            if words[at + VERDICT] == 0:
                words[at + VERDICT] = ABANDONED
                instant = now()
                self.run.mark("abandon", number, instant, instant, None)
                self.run.texts.say_message(
                    number, "the program was over while this daemon thread still ran; nobody waited for it")


def run_threads(run):
    launcher = ThreadLauncher(run)
    run.begin()
    launcher.launch_all()
    launcher.join_with_timeout()
    if launcher.daemon:
        launcher.abandon_rest()
    else:
        launcher.join_rest()
