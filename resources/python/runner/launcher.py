"""The parts that all launchers share."""


class Launcher(Run):
    """The run in the process that launches the executions, which knows more than the others."""

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
            # Workers read no plan, but they see this word of the header.
            self.words[STAMPS_ONLY] = 1
            self.make_perform_as_process()

    @property
    def crowded(self):
        """Whether fewer executions may be in flight than there are."""
        return self.limit < self.count

    def begin(self):
        """Stamps the origin, and *created* of all executions."""
        self.words[ORIGIN] = now()
        for at in range(SLOT_WORDS, (self.count + 1) * SLOT_WORDS, SLOT_WORDS):
            self.words[at + CREATED] = now()

    def title(self, number):
        return self.task_of[number].title(number)

    def mark(self, kind, number, from_ns, to_ns, message=None):
        """Notes a mark, something else that the launcher did. Marks are sent at the end, because a write releases the GIL."""
        self.marks.append(dict(kind=kind, execution=number, from_ns=from_ns, to_ns=to_ns, message=message))
        if len(self.marks) > 10000:
            self.send_marks()

    def send_marks(self):
        for mark in self.marks:
            self.texts.say("mark", **mark)
        self.marks = []

    def waits(self, number=None):
        """Notes that the launcher blocks from now on, until `number`, or by default whichever execution ends first, can be
        joined. Returns the instant. Three stores let the host see the wait while it lasts."""
        words = self.words
        words[WAITS_SINCE] = 0
        words[WAITS_FOR] = 0 if number is None else number + 1
        words[WAITS_SINCE] = since = now()
        return since

    def joined(self, number, since):
        """Stamps *joined*, the last word of a slot that is written: the launcher's join returned."""
        at = slot_of(number)
        self.words[at + JOIN_CALLED] = since
        self.words[at + JOINED] = now()
        self.words[WAITS_SINCE] = 0


class Lanes:
    """Gives each execution the smallest free lane; lanes count from 1."""

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
    """Stands for a thread or process that could not even be made."""

    def __init__(self, error):
        self.error = error

    def start(self):
        raise self.error


def made(run, make):
    """The threads or processes of all executions, not started. If all may be in flight at once, they are all made beforehand,
    as in the tutorial; otherwise each is made when its turn comes."""

    def attempts():
        for number, task in enumerate(run.task_of):
            try:
                yield make(task, number)
            except BaseException as error:
                yield Unmade(error)

    return attempts() if run.crowded else list(attempts())
