"""Reads the plan, runs it, and says goodbye."""

MODES = {
    "sequential": run_sequential,
    "threads": run_threads,
    "processes": run_processes,
    "thread-pool": run_pool,
    "process-pool": run_pool,
    "interpreters": run_pool,
    "asyncio": run_asyncio,
}


def hello():
    """The interpreter, as the line `hello` describes it."""
    implementation = {"cpython": "CPython", "pypy": "PyPy"}.get(sys.implementation.name, sys.implementation.name)
    version = "{}.{}.{}".format(*sys.version_info[:3])
    if sys.version_info.releaselevel != "final":
        version += "{}{}".format(sys.version_info.releaselevel[:2].rstrip("le"), sys.version_info.serial)
    return {
        "executable": sys.executable or "",
        "implementation": implementation,
        "version": version,
        # The `t` of `python3.13t`.
        "free_threaded": "t" in getattr(sys, "abiflags", ""),
    }


def gil_enabled():
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())


# Numeric libraries with threads of their own, each with parts of its files' names.
THREAD_LIBRARIES = {
    "openblas": ("openblas",), "mkl": ("libmkl",), "blis": ("libblis",), "openmp": ("libgomp", "libiomp", "libomp")}


def thread_libraries():
    """The names of those that this process has loaded by now."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
            files = {os.path.basename(line.rstrip()) for line in maps if "/" in line}
    except OSError:
        return []
    return [name for name, parts in THREAD_LIBRARIES.items() if any(part in file for part in parts for file in files)]


def check_interpreter():
    if sys.version_info < (3, 8):
        raise Unfit("Python {}.{}.{} is too old: Python 3.8 or later is needed".format(*sys.version_info[:3]))


def check_mode(mode):
    if mode not in MODES:
        raise Unfit("this runner has no mode {}".format(mode))
    if mode != "interpreters":
        return
    import concurrent.futures

    if not hasattr(concurrent.futures, "InterpreterPoolExecutor"):
        raise Unfit("mode interpreters needs Python 3.14 or later (InterpreterPoolExecutor); this is {} {}".format(
            hello()["implementation"], hello()["version"]))


def arrange_path(tasks, folder):
    """Puts the user's folders last on `sys.path`, so that a `queue.py` of theirs hides no other module. The run's folder stays
    on the path, for the children that import this module."""
    additions = [FOLDER] + ([folder] if folder else [])
    additions += [os.path.dirname(task.file) for task in tasks if task.file]
    kept = [entry for entry in sys.path if os.path.abspath(entry) != FOLDER]
    for entry in additions:
        if entry not in kept:
            kept.append(entry)
    sys.path[:] = kept


def write_own_bytecode():
    """Writes the bytecode of this file, so that children need not compile it."""
    import importlib.util
    import marshal

    source = os.path.abspath(__file__)
    try:
        cached = importlib.util.cache_from_source(source)
        if not cached.startswith(FOLDER):
            return
        os.makedirs(os.path.dirname(cached), exist_ok=True)
        status = os.stat(source)
        numbers = (0, int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF)
        header = importlib.util.MAGIC_NUMBER + b"".join(number.to_bytes(4, "little") for number in numbers)
        with open(cached, "wb") as file:
            file.write(header + marshal.dumps(CODE))
    except (OSError, ValueError, NotImplementedError):
        pass


def prefer_start_method(method):
    """Sets the run's start method before users' modules are loaded, so that their queues and locks are made for it, as in a
    program that sets the method first. A module may still set another."""
    import multiprocessing.context

    default = multiprocessing.context._default_context
    if hasattr(default, "_default_context"):
        default._default_context = multiprocessing.get_context(method)
    else:
        multiprocessing.set_start_method(method, force=True)


def keep_temporaries_here():
    """Has multiprocessing make its temporary files (sockets of the forkserver and of managers) in the run's folder, unless the
    path of a socket would get too long: a killed process can't remove them, but the folder is removed in any case. Semaphores
    are named after the folder, and removed with it: a process may be killed before its tracker knows of a semaphore."""
    module = sys.modules.get("multiprocessing.process")
    if module is None:
        return
    config = module.current_process()._config
    if config.get("semprefix") == "/mp":
        config["semprefix"] = "/" + os.path.basename(FOLDER)
    if "tempdir" not in config and len(FOLDER) <= 60:
        folder = os.path.join(FOLDER, "mp")
        os.mkdir(folder, 0o700)
        config["tempdir"] = folder


def remove_temporaries():
    """Removes the temporary files of a multiprocessing that a user's function imported itself, as Python does at the end of a
    program."""
    module = sys.modules.get("multiprocessing.process")
    folder = module and module.current_process()._config.get("tempdir")
    if folder and os.path.basename(folder).startswith("pymp-"):
        import shutil

        shutil.rmtree(folder, ignore_errors=True)


def key_of_mode(mode):
    """A function that gives the key of the running execution, see `Output`; and for asyncio the one that sets a task's key."""
    if mode == "asyncio":
        return asyncio_key()
    if mode in ("threads", "thread-pool"):
        import _thread

        return _thread.get_ident, None
    return always_zero, None


def watch_loading(run):
    """Has the launcher report where the loading is before its limit ends it; returns a function that cancels this. It uses a
    timer, which costs nothing, and leaves no thread behind that would disturb a fork."""
    limit_ns = run.settings.get("load_timeout_ns")
    try:
        import _signal
    except ImportError:
        return lambda: None
    if not limit_ns:
        return lambda: None

    def tell(_number, frame):
        task, place = run.loading, None
        while frame is not None:
            name = frame.f_code.co_filename
            if name == task.file or not task.file and name != THIS_FILE:
                place = "{}:{}".format(os.path.basename(name), frame.f_lineno)
                break
            frame = frame.f_back
        run.texts.say("loading", source=task.source(), place=place)

    def call_off():
        _signal.setitimer(_signal.ITIMER_REAL, 0)
        if _signal.getsignal(_signal.SIGALRM) is tell:
            _signal.signal(_signal.SIGALRM, before)

    before = _signal.signal(_signal.SIGALRM, tell)
    limit = limit_ns / 1e9
    # The timer repeats: the host counts from the start of the interpreter, and reports the last place.
    _signal.setitimer(_signal.ITIMER_REAL, limit * 0.4, limit * 0.2)
    return call_off


def prepare(texts):
    """Reads the plan, loads the targets, and checks all that can be checked before the first launch."""
    import json

    check_interpreter()
    with open(os.path.join(FOLDER, "plan.json"), encoding="utf-8") as file:
        plan = json.load(file)
    if plan["protocol"] != PROTOCOL:
        raise Unfit("this runner speaks protocol {}, not {}".format(PROTOCOL, plan["protocol"]))
    check_mode(plan["mode"])
    key, set_current = key_of_mode(plan["mode"])
    run = Launcher(key, texts)
    run.set_current = set_current
    run.take_plan(plan)
    if run.mode in ("processes", "process-pool"):
        prefer_start_method(run.method)
        keep_temporaries_here()
    arrange_path(run.tasks, run.settings.get("folder"))
    sys.argv = [run.tasks[0].file or "" if run.tasks else ""]
    names, unwatch = {}, watch_loading(run)
    for task in run.tasks:
        run.loading = task
        try:
            task.load(names, texts)
            check_fit(task, run.mode, run.method)
        except Unfit as unfit:
            raise Unfit("`{}`: {}".format(task.name, unfit))
    unwatch()
    keep_temporaries_here()
    if run.method in ("spawn", "forkserver") or run.mode == "interpreters":
        write_own_bytecode()
    return run


def launch(run):
    """Launches and joins all executions. If the launcher itself fails (it is refused a pool's semaphores, or memory), executions
    that have not begun could not start for that reason; if some have begun, the failure breaks the run."""
    words = run.words
    try:
        MODES[run.mode](run)
    except BaseException as error:
        if not words[ORIGIN]:
            run.begin()
        slots = [slot_of(number) for number in range(run.count)]
        for number, at in enumerate(slots):
            if not words[at + ENTERED] and not words[at + VERDICT]:
                could_not_start(run, number, message_of(error))
        if any(words[at + ENTERED] for at in slots):
            raise


def main():
    global RUN
    texts = Texts()
    texts.say("hello", protocol=PROTOCOL, runtime="python", interpreter=hello())
    try:
        RUN = prepare(texts)
    except BaseException as error:
        message = str(error) if isinstance(error, Unfit) else "the runner failed: " + message_of(error)
        texts.say("fatal", message=cut_message(message))
        return 3
    texts.say("loaded", gil_enabled=gil_enabled(), thread_libraries=thread_libraries())
    before = cpu_beside_this_thread_ns()
    launch(RUN)
    remove_temporaries()
    RUN.send_marks()
    used = usage_source(False)
    texts.say("bye", max_rss_bytes=used and used().ru_maxrss * 1024,
              cpu_beside_ns=None if before is None else max(0, cpu_beside_this_thread_ns() - before))
    return 0


if IS_LAUNCHER:
    STATUS = 3
    try:
        STATUS = main()
    except BaseException as broken:
        sys.stderr.write("spawnscope runner: {}\n".format(traceback_of(broken)))
    finally:
        # Does not wait for threads or children that users' functions left behind.
        flush_streams()
        os._exit(STATUS)
elif "SPAWNSCOPE_PRELOAD" in os.environ:
    preload()
