"""Finds a file or a module, has it read by `read_source.py`, which stands before this part, and answers.

python -I -c READ_SOURCE+DESCRIBE file PATH NAME | module NAME [FOLDER]

Prints a line of JSON: {"source": {...}, "file": null | "..."} or {"problem": "a sentence"}. A module written in C can't be
read: one that is part of the interpreter is imported and asked; no other is, so nobody's code runs.
"""
import json
import os

MARK = "spawnscope-source "


def read_file(path, name):
    with open(path, "rb") as file:
        return read_source(file.read(), name)


def more_places():
    """Where a run would find modules too, and an isolated interpreter does not look: PYTHONPATH and the user's own."""
    import site

    places = [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if os.path.isabs(place)]
    if sys.prefix == sys.base_prefix and "PYTHONNOUSERSITE" not in os.environ:
        site.addsitedir(site.getusersitepackages())
    return places


def find(name, places):
    """The spec of a module, found without executing anything of the packages that it lies in. `places` are searched last,
    and are never on `sys.path`: nothing in them is imported."""
    import importlib.machinery

    finders = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]
    # What is frozen has a file too, which can be read.
    finders.sort(key=lambda finder: finder is importlib.machinery.FrozenImporter)
    path, so_far = None, ""
    for part in name.split("."):
        if so_far and path is None:
            raise Problem("`%s` is a module, not a package: it has no `%s` in it" % (so_far, part))
        if so_far:
            # By its last word: by its full name a finder would want the package to have been imported.
            spec = importlib.machinery.PathFinder.find_spec(part, path)
        else:
            specs = (finder.find_spec(part, None) for finder in finders)
            spec = next((spec for spec in specs if spec is not None), None)
            spec = spec or importlib.machinery.PathFinder.find_spec(part, places)
        so_far = so_far + "." + part if so_far else part
        if spec is None:
            raise Problem(
                "there is no module `%s` for this interpreter; install it there, put it into the plan's folder, or write a "
                "file, for example python:%s.py:FUNCTION" % (so_far, part)
            )
        places = spec.submodule_search_locations
        # A namespace's own list wants its parent imported.
        path = None if places is None else list(getattr(places, "_path", places))
    return spec


def read_module(name, places):
    spec = find(name, places)
    loader = spec.loader
    if spec.has_location and (spec.origin or "").endswith((".py", ".pyw")) and os.path.isfile(spec.origin):
        if os.path.getsize(spec.origin) > 16 << 20:
            raise Problem("%s is larger than 16 MB; name a smaller file" % spec.origin)
        return read_file(spec.origin, spec.origin), spec.origin
    if loader is None:
        raise Problem("`%s` is a folder without an __init__.py: it has no functions; name a module in it" % name)
    if is_own(name, spec):
        return ask_module(name), None
    source = loader.get_source(spec.name) if hasattr(loader, "get_source") else None
    if source is None:
        # Whatever it has, only its import would tell.
        return {"functions": [], "open": [""]}, spec.origin if spec.has_location else None
    return read_source(source.encode("utf-8", "surrogatepass"), name), None


def is_own(name, spec):
    """Whether a module without a source is part of the interpreter, so that its import runs nobody's code."""
    import sysconfig

    if name in sys.builtin_module_names or spec.origin in ("built-in", "frozen"):
        return True
    places = [os.path.realpath(sysconfig.get_path(key)) for key in ("stdlib", "platstdlib")]
    folder = os.path.dirname(os.path.realpath(spec.origin or ""))
    return folder in places + [os.path.join(place, "lib-dynload") for place in places]


def ask_module(name):
    import importlib
    import inspect

    kinds = ("positional-only", "positional", "var-positional", "keyword-only", "var-keyword")
    module, functions, values = importlib.import_module(name), [], []
    for key, value in sorted(vars(module).items()):
        if not callable(value):
            values.append(key)
        if not callable(value) or key.startswith("__"):
            continue
        parameters = None
        try:
            parameters = [
                {
                    "name": parameter.name,
                    "kind": kinds[parameter.kind],
                    "default": None if parameter.default is parameter.empty else repr(parameter.default),
                    "annotation": None,
                }
                for parameter in inspect.signature(value).parameters.values()
            ]
        except (TypeError, ValueError):
            pass
        doc = (inspect.getdoc(value) or "").strip().split("\n")[0][:500]
        kind = "class" if isinstance(value, type) else "function"
        functions.append({"name": key, "kind": kind, "line": 0, "doc": doc, "parameters": parameters})
    classes = [function["name"] for function in functions if function["kind"] == "class"]
    return {"functions": functions, "values": values, "open": classes}


def main(words):
    try:
        if words[0] == "file":
            source, file = read_file(words[1], words[2]), None
        else:
            source, file = read_module(words[1], more_places() + words[2:3])
        answer = {"source": source, "file": file and file.encode("utf-8", "replace").decode()}
    except Problem as problem:
        answer = {"problem": str(problem)}
    except OSError as error:
        answer = {"problem": "%s can't be read: %s; check its permissions" % (words[-1], error.strerror)}
    print("\n" + MARK + json.dumps(answer), flush=True)


main(sys.argv[1:])
