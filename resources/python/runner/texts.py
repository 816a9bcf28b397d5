"""Texts for Spawnscope, as lines of JSON."""

MAX_LINE = 4096
MAX_MESSAGE = 600


class Texts:
    """Sends JSON lines to Spawnscope. Several processes write to the same FIFO: a line of at most 4,096 bytes in a single
    write stays whole."""

    def __init__(self):
        self.path = os.path.join(FOLDER, "texts")
        self.descriptor = os.open(self.path, os.O_WRONLY)

    def say(self, what, **fields):
        """Sends one line; returns False if it is too long for one."""
        line = (as_json(what, fields) + "\n").encode("utf-8", "replace")
        if len(line) > MAX_LINE:
            return False
        try:
            os.write(self.descriptor, line)
        except OSError:
            self._say_anew(line)
        return True

    def _say_anew(self, line):
        """Opens the FIFO again, because a user's code may have closed the descriptor. Gives up if nobody reads the FIFO."""
        try:
            self.descriptor = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            os.write(self.descriptor, line)
        except OSError:
            pass

    def say_message(self, number, message):
        self.say("message", execution=number, message=cut_message(message))

    def say_parts(self, what, text, **fields):
        """Sends a long text in as many lines as it takes, cut between characters."""
        start, length = 0, 3800
        while start < len(text):
            part = text[start : start + length]
            if self.say(what, part=part, **fields):
                start, length = start + len(part), 3800
            else:
                length = max(1, len(part) * 2 // 3)


def as_json(what, fields):
    """`{"what":{"key":value}}` of strings and numbers, even if no descriptor or memory is left to import `json`."""
    try:
        import json

        return json.dumps({what: fields}, ensure_ascii=False, separators=(",", ":"))
    except (ImportError, OSError, MemoryError):
        pairs = ('"{}":{}'.format(key, as_plain_json(value)) for key, value in fields.items() if value is not None)
        return '{{"{}":{{{}}}}}'.format(what, ",".join(pairs))


def as_plain_json(value):
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"{}"'.format("".join(char if char >= " " else "\\u{:04x}".format(ord(char)) for char in escaped))
    return str(value).lower() if isinstance(value, bool) else str(value)


def cut_message(message):
    """One line of at most 600 bytes."""
    line = " ".join(message.split())
    encoded = line.encode("utf-8", "replace")
    if len(encoded) <= MAX_MESSAGE:
        return line
    return "{}… ({} bytes in all)".format(encoded[:MAX_MESSAGE].decode("utf-8", "ignore"), len(encoded))
