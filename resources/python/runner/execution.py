"""What a process knows of the run."""


class Run:
    """What a process knows of the run: the slots, the texts, whose output is whose."""

    def __init__(self, output_key, texts=None):
        self.texts = texts or Texts()
        self.words, self.sent = map_words("slots"), map_sending()
        # The execution whose arguments, and whose result, are being pickled.
        self.outgoing = self.returning = None
        # When the last result was there, as bytes.
        self.received = 0
        self.output = Output(output_key)
        # The asyncio tasks by the numbers of their executions; None in other modes.
        self.coroutines = None
        self.make_perform_as_process()
        answer_where(self)

    def make_perform_as_process(self):
        """Made before any fork: a child that had to import something first would enter late."""
        meter = FreshMeter(self.words, PlainReader(), usage_source(False), True)
        self.perform_as_process = make_perform(self, meter, "process")
