"""What all launchers share."""


class Launcher(Run):
    """The process that launches the executions, and what it knows besides."""

    def __init__(self, output_key, texts):
        super().__init__(output_key, texts)
        self.set_current = None
        self.mode = self.method = self.settings = self.loading = None
        self.tasks, self.task_of, self.count, self.limit, self.marks = [], [], 0, 0, []

    def take_plan(self, plan):
        self.mode, self.method = plan["mode"], plan["start_method"]
        self.settings = plan["python"] or {}
        for request in plan["tasks"]:
            task = Task(request, len(self.task_of))
            self.tasks.append(task)
            self.task_of += [task] * task.count
        self.count = len(self.task_of)
        self.limit = min(plan["workers"], self.count) or self.count
        if plan.get("measure") == "stamps":
            # A word of the header, which workers see too; they read no plan.
            self.words[STAMPS_ONLY] = 1
            self.make_perform_as_process()

    @property
    def crowded(self):
        """Whether there is less room than executions."""
        return self.limit < self.count

    def begin(self):
        """The origin, and all executions are created."""
        self.words[ORIGIN] = now()
        for at in range(SLOT_WORDS, (self.count + 1) * SLOT_WORDS, SLOT_WORDS):
            self.words[at + CREATED] = now()

    def title(self, number):
        return self.task_of[number].title(number)

    def mark(self, kind, number, from_ns, to_ns, message=None):
        """Notes what the launcher did besides; sent at the end, because a write gives the GIL away."""
        self.marks.append(dict(kind=kind, execution=number, from_ns=from_ns, to_ns=to_ns, message=message))
        if len(self.marks) > 10000:
            self.send_marks()

    def send_marks(self):
        for mark in self.marks:
            self.texts.say("mark", **mark)
        self.marks = []

    def waits(self, number=None):
        """The launcher blocks from now on, until an execution, or whichever ends first, can be joined; when that is. What
        it waits for is seen while it lasts: three stores."""
        words = self.words
        words[WAITS_SINCE] = 0
        words[WAITS_FOR] = 0 if number is None else number + 1
        words[WAITS_SINCE] = since = now()
        return since

    def joined(self, number, since):
        """The launcher's join returned; this is the last word of a slot."""
        at = slot_of(number)
        self.words[at + JOIN_CALLED] = since
        self.words[at + JOINED] = now()
        self.words[WAITS_SINCE] = 0


class Lanes:
    """Gives each execution the smallest lane that is free; they count from 1."""

    def __init__(self):
        import heapq

        self.free, self.used, self.push, self.pop = [], 0, heapq.heappush, heapq.heappop

    def take(self):
        if self.free:
            return self.pop(self.free)
        self.used += 1
        return self.used

    def give(self, lane):
        self.push(self.free, lane)


class Unmade:
    """Takes the place of a thread or process that could not even be made."""

    def __init__(self, error):
        self.error = error

    def start(self):
        raise self.error


def made(run, make):
    """The threads or processes of all executions, not started: made beforehand where there is room for all, as the
    tutorial does, else each when its turn comes."""

    def attempts():
        for number, task in enumerate(run.task_of):
            try:
                yield make(task, number)
            except BaseException as error:
                yield Unmade(error)

    return attempts() if run.crowded else list(attempts())
