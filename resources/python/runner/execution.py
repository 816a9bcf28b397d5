"""The run in one process."""


class Run:
    """What a process knows of the run: the slots, the texts, which output belongs to which execution."""

    def __init__(self, output_key, texts=None):
        self.texts = texts or Texts()
        self.words, self.sent = map_words("slots"), map_sending()
        # The execution whose arguments are being pickled, and the one whose result is.
        self.outgoing = self.returning = None
        # When all bytes of the last result had been received.
        self.received = 0
        self.output = Output(output_key)
        # The asyncio tasks by the numbers of their executions; None in other modes.
        self.coroutines = None
        self.make_perform_as_process()
        answer_where(self)

    def make_perform_as_process(self):
        """Call this before any fork: a child that first had to import something would enter late."""
        meter = FreshMeter(self.words, PlainReader(), usage_source(False), True)
        self.perform_as_process = make_perform(self, meter, "process")
