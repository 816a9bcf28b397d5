"""Loads the users' functions, and checks whether they can be called."""


class Unfit(Exception):
    """Raised if the run can't begin; the text says why in a sentence."""


LOADED = {}


def load_target(spec):
    """The function to call, from (file, module, name to register it under, function); loaded once in a process."""
    target = LOADED.get(spec)
    if target is None:
        file, module_name, name, function = spec
        target = load_file(file, name) if file else import_by_name(module_name)
        for part in function.split("."):
            target = getattr(target, part)
        LOADED[spec] = target
    return target


def import_by_name(name):
    import importlib

    return importlib.import_module(name)


def load_file(path, name):
    """The module of a file, under a name that no other module has."""
    module = sys.modules.get(name)
    if module is not None and getattr(module, "__file__", None) == path:
        return module
    import importlib.machinery
    import importlib.util

    class Loader(importlib.machinery.SourceFileLoader):
        def set_data(self, *_args, **_kwargs):
            """Writes no `__pycache__` beside the user's file, just as running the file would not."""

    spec = importlib.util.spec_from_file_location(name, path, loader=Loader(name, path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def free_module_name(path, taken):
    """The name that `import` would use for a file, or another if that belongs to another module (a user's `queue.py`)."""
    stem = os.path.splitext(os.path.basename(path))[0].replace(".", "_")
    name, attempt = stem, 1
    while name in taken or not is_free(name, path):
        name = "spawnscope_target_{}{}".format(stem, "" if attempt == 1 else attempt)
        attempt += 1
    return name


def is_free(name, path):
    import importlib.util

    if name in sys.modules:
        return False
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return False
    return spec is None or spec.origin == path


class Task:
    """A task of the plan: what to call, with which arguments, and the numbers of its executions."""

    def __init__(self, request, first):
        work = request["work"]["python"]
        self.name, self.first, self.count = request["name"].replace("\0", ""), first, request["count"]
        self.file, self.module, self.function = work["file"], work["module"], work["function"]
        self.args, self.kwargs = work["args"], work["kwargs"]
        self.spec = self.target = None

    def title(self, number):
        """`count #2`; `count` if there is only one execution"""
        return self.name if self.count == 1 else "{} #{}".format(self.name, number - self.first + 1)

    def source(self):
        return self.file or "module " + self.module

    def load(self, names, texts):
        """Loads the target and evaluates the arguments; each failure becomes one sentence."""
        name = None
        if self.file:
            if not os.path.isfile(self.file):
                raise Unfit("there is no file {}".format(self.file))
            name = names.get(self.file)
            if name is None:
                name = names[self.file] = free_module_name(self.file, names.values())
        self.spec = (self.file, self.module, name, self.function)
        texts.say("loading", source=self.source())
        try:
            module = load_file(self.file, name) if self.file else import_by_name(self.module)
        except BaseException as error:
            raise Unfit(self.why_not_loaded(error))
        self.target = LOADED[self.spec] = self.find_function(module)
        self.args = [evaluated(value, module) for value in self.args]
        self.kwargs = {key: evaluated(value, module) for key, value in self.kwargs.items()}
        check_arguments(self.function, self.target, self.args, self.kwargs)

    def why_not_loaded(self, error):
        if isinstance(error, SyntaxError) and error.filename:
            column = "" if error.offset is None else ", column {}".format(error.offset)
            return "{}, line {}{}: {}: {}".format(
                error.filename, error.lineno, column, type(error).__name__, error.msg)
        missing = getattr(error, "name", None) if isinstance(error, ImportError) else None
        if missing and self.module and (self.module == missing or self.module.startswith(missing + ".")):
            return "this interpreter ({}) finds no module `{}`".format(sys.executable, missing)
        place = last_place(error, self.file)
        if isinstance(error, ModuleNotFoundError) and missing:
            return "{} imports `{}`, which this interpreter ({}) does not find".format(place, missing, sys.executable)
        if isinstance(error, SystemExit):
            return "{} called sys.exit while it was loaded ({}); put that under `if __name__ == \"__main__\":`".format(
                self.source(), place)
        if isinstance(error, EOFError):
            return "{} asks for input while it is loaded ({}), and there is none; put that under `if __name__ == " \
                "\"__main__\":`".format(self.source(), place)
        return "{} could not be loaded: {} ({})".format(self.source(), message_of(error), place)

    def find_function(self, module):
        found, path = module, []
        for part in self.function.split("."):
            try:
                found = getattr(found, part)
            except AttributeError:
                owner = self.source() if not path else "`{}` of {}".format(".".join(path), self.source())
                raise Unfit("{} has no `{}`{}".format(owner, part, nearest_name(part, found)))
            path.append(part)
        if not callable(found):
            raise Unfit("`{}` of {} can't be called: it is {}".format(
                self.function, self.source(), with_article(type(found).__name__)))
        return found


def with_article(word):
    return ("an " if word[:1].lower() in "aeiou" else "a ") + word


def nearest_name(word, owner):
    import difflib

    names = [name for name in dir(owner) if not name.startswith("__")]
    near = difflib.get_close_matches(word, names, 1)
    return "; did you mean `{}`?".format(near[0]) if near else ""


def last_place(error, file):
    """`FILE:LINE` of the last frame in the user's file, else of the last frame of all."""
    import traceback

    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != THIS_FILE]
    frames = [frame for frame in frames if not frame.filename.startswith("<frozen ")]
    frames = [frame for frame in frames if frame.filename == file] or frames
    return "{}:{}".format(frames[-1].filename, frames[-1].lineno) if frames else "no line is known"
