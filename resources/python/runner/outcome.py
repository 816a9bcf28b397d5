"""Tells how a function ended, as text for people."""

MAX_RESULT = 4000
MAX_TRACEBACK = 32 << 10
BRACKETS = {list: "[]", tuple: "()", set: "{}", dict: "{}"}


def shown(value):
    """The `repr()` of a result, cut to 4,000 characters. Of a huge list it calls `repr()` only on the first items."""
    try:
        text = bounded_repr(value, MAX_RESULT - 100, 0)
    except BaseException as error:
        return "a {} whose repr() raised {}".format(type(value).__name__, message_of(error))
    if len(text) <= MAX_RESULT:
        return text
    note = "… ({} characters in all)".format(len(text))
    return text[: MAX_RESULT - len(note)] + note


def bounded_repr(value, room, depth):
    kind = type(value)
    if kind in BRACKETS and value:
        return bounded_items(value, kind, room, depth)
    room = max(room, 40)
    if kind in (str, bytes, bytearray) and len(value) > room:
        return "{}… ({} {} in all)".format(
            repr(value[:room]), len(value), "characters" if kind is str else "bytes")
    if kind is int and value.bit_length() > 10000:
        return "an int of {} bits".format(value.bit_length())
    return repr(value)


def bounded_items(value, kind, room, depth):
    """A container item by item, until the room is used up."""
    if depth > 20:
        return "…"
    parts = []
    for item in value.items() if kind is dict else value:
        if room <= 0:
            parts.append("… (len {})".format(len(value)))
            break
        if kind is dict:
            part = bounded_repr(item[0], room, depth + 1)
            part += ": " + bounded_repr(item[1], room - len(part), depth + 1)
        else:
            part = bounded_repr(item, room, depth + 1)
        room -= len(part) + 2
        parts.append(part)
    opening, closing = BRACKETS[kind]
    comma = "," if kind is tuple and len(value) == 1 else ""
    return opening + ", ".join(parts) + comma + closing


def name_of(kind):
    """`ValueError`, `json.decoder.JSONDecodeError`"""
    module = getattr(kind, "__module__", "builtins")
    return kind.__qualname__ if module in ("builtins", "__main__") else "{}.{}".format(module.lstrip("_"), kind.__qualname__)


def message_of(error):
    """`ValueError: bad`"""
    try:
        text = str(error)
    except BaseException as second:
        text = "its str() raised " + name_of(type(second))
    return "{}: {}".format(name_of(type(error)), text) if text else name_of(type(error))


def traceback_of(error):
    """As Python prints it, without the lines of this file: the first frame is the user's."""
    try:
        import traceback

        told = traceback.TracebackException(type(error), error, error.__traceback__)
        leave_out_own_frames(told)
        text = "".join(told.format())
    except BaseException as second:
        text = "{}\n(its traceback could not be made: {})\n".format(message_of(error), message_of(second))
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= MAX_TRACEBACK:
        return text
    half = MAX_TRACEBACK // 2 - 100
    note = "\n… ({} bytes left out) …\n".format(len(encoded) - 2 * half)
    return encoded[:half].decode("utf-8", "ignore") + note + encoded[-half:].decode("utf-8", "ignore")


def leave_out_own_frames(told):
    """Removes the frames of this file, from a chain of exceptions and from exceptions in a group."""
    todo, seen = [told], set()
    while todo:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        one.stack[:] = [frame for frame in one.stack if frame.filename != THIS_FILE]
        todo += [one.__cause__, one.__context__] + list(getattr(one, "exceptions", None) or [])


def exit_status(error):
    """The exit status that Python makes of a SystemExit."""
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return int(code) if -(1 << 31) <= code < 1 << 31 else 255
    return 1


EXIT_SENTENCES = {
    "thread": "{} ended this thread silently; the rest of the program went on",
    "thread-pool": "the pool caught {}; its thread went on",
    "sequential": "{} would have ended the whole program here; the runner went on with the next",
    "process": "{} ended the process",
    "process-pool": "the pool caught {}; its worker process went on",
    "interpreters": "the pool caught {}; its interpreter went on",
    "asyncio": "{} would have ended the event loop and the program; the runner went on",
}


def tell_failure(run, number, error, place):
    """Writes the verdict on an exception. SystemExit is no error; its meaning depends on where it was raised."""
    at = slot_of(number)
    if isinstance(error, SystemExit):
        argument = "" if error.code is None else bounded_repr(error.code, 300, 0)
        run.texts.say_message(number, EXIT_SENTENCES[place].format("sys.exit({})".format(argument)))
        if place == "process" and not isinstance(error.code, (int, type(None))):
            sys.stderr.write(str(error.code) + "\n")
        run.words[at + RESULT] = exit_status(error)
        run.words[at + VERDICT] = EXIT_CALLED
        return
    try:
        run.texts.say_message(number, message_of(error))
        run.texts.say_parts("traceback", traceback_of(error), execution=number)
    finally:
        run.words[at + VERDICT] = RAISED


def tell_value(run, number, value):
    """Writes the verdict on a result that is neither None nor a 64-bit int."""
    run.texts.say_parts("result", shown(value), execution=number)
    run.words[slot_of(number) + VERDICT] = RETURNED_TEXT


def could_not_start(run, number, message):
    run.texts.say_message(number, message)
    run.words[slot_of(number) + VERDICT] = COULD_NOT_START
