"""Whether a function can be called in a mode, with its arguments."""


def evaluated(value, module):
    """An argument, with every `{"$py": "EXPRESSION"}` in it evaluated in the function's module."""
    if isinstance(value, list):
        return [evaluated(item, module) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["$py"] and isinstance(value["$py"], str):
        try:
            return eval(value["$py"].strip(), vars(module))
        except BaseException as error:
            raise Unfit("the argument `{}` could not be evaluated: {}".format(value["$py"], message_of(error)))
    return {key: evaluated(item, module) for key, item in value.items()}


def check_arguments(name, target, args, kwargs):
    if fits_plainly(target, args, kwargs):
        return
    import inspect

    try:
        signature = inspect.signature(target)
    except (ValueError, TypeError):
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        raise Unfit("the arguments do not fit `{}{}`: {}".format(name, signature, error))


def fits_plainly(target, args, kwargs):
    """Checks the common case without importing `inspect`, which all forked children would carry."""
    code = getattr(target, "__code__", None)
    if code is None or kwargs or code.co_kwonlyargcount or not hasattr(target, "__defaults__"):
        return False
    if hasattr(target, "__wrapped__") or hasattr(target, "__self__"):
        return False
    return code.co_argcount - len(target.__defaults__ or ()) <= len(args) <= code.co_argcount


def is_thread_class(target):
    import threading

    return isinstance(target, type) and issubclass(target, threading.Thread)


def is_process_class(target):
    processes = sys.modules.get("multiprocessing.process")
    return isinstance(target, type) and processes is not None and issubclass(target, processes.BaseProcess)


def is_async(target):
    """Whether it is an `async def` function, a partial or a method of one, or an object with an `async def __call__`."""
    while hasattr(target, "func") or hasattr(target, "__func__"):
        target = getattr(target, "func", None) or target.__func__
    code = getattr(target, "__code__", None) or getattr(getattr(type(target), "__call__", None), "__code__", None)
    return bool(getattr(code, "co_flags", 0) & 0x80)  # CO_COROUTINE


def check_fit(task, mode, method):
    """Whether a target can be launched in this mode."""
    name, target = task.function, task.target
    if is_thread_class(target) and (mode not in ("sequential", "threads") or method == "raw"):
        raise Unfit("`{}` is a subclass of threading.Thread: it can be started in mode threads (as thread, subclass or "
                    "daemon) and called in mode sequential, not in {}".format(name, method if method == "raw" else mode))
    if is_process_class(target) and mode not in ("sequential", "processes"):
        raise Unfit("`{}` is a subclass of multiprocessing.Process: it can be started in mode processes and called in "
                    "mode sequential, not in {}".format(name, mode))
    if mode == "asyncio" and not is_async(target):
        raise Unfit("`{}` is no `async def` function, and mode asyncio runs nothing else; use mode threads or "
                    "sequential for it".format(name))
    if mode != "asyncio" and is_async(target):
        raise Unfit("`{}` is an `async def` function: only mode asyncio runs it, not {}".format(name, mode))
