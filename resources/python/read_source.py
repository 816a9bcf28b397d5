"""Says what a file or a module has to offer, without running it: this part reads, `describe.py` finds and answers.

Python 3.8 and later, and PyPy, by the standard library alone. Both parts are handed to the interpreter as one,
which is isolated (`-I`): nothing of the folder that it runs in is imported.
"""
import ast
import io
import sys
import tokenize
import warnings

# These leave a function's parameters as they are written.
TRANSPARENT = {
    "abstractmethod", "cache", "classmethod", "contextmanager", "asynccontextmanager", "final", "jit", "lru_cache", "njit",
    "no_type_check", "override", "profile", "staticmethod",
}
LITERALS = (ast.Constant, ast.List, ast.Dict, ast.Set, ast.Tuple, ast.JoinedStr, ast.ListComp, ast.DictComp, ast.SetComp)
DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Problem(Exception):
    """What is wrong, in a sentence."""


def decode(data, name):
    """The text of a source: UTF-8, or what its first lines say."""
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise Problem("%s, line %d: a NUL byte; a Python file is text, so remove it" % (name, line))
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except SyntaxError as error:
        raise Problem("%s: %s; save it as UTF-8, or name its encoding in its first line" % (name, error.msg or error))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Problem(
            "%s, line %d: byte 0x%02x is not %s; save the file as UTF-8, or name its encoding in its first line, for "
            "example # coding: latin-1" % (name, line, error.object[error.start], error.encoding.upper())
        )
    except (LookupError, UnicodeError) as error:
        raise Problem("%s can't be read as text: %s; save it as UTF-8" % (name, error))


def parse(text, name):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        column = ", column %d" % error.offset if error.offset and error.offset > 0 else ""
        raise Problem("%s, line %d%s: %s; mend the file" % (name, error.lineno or 1, column, error.msg))
    except (MemoryError, RecursionError):
        raise Problem("%s is nested too deeply to be read; take it apart" % name)
    except (ValueError, OverflowError) as error:
        raise Problem("%s can't be read: %s; mend the file" % (name, error))


class Reader:
    """Collects what a module's tree has to offer."""

    def __init__(self, text):
        self.lines = text.split("\n")
        self.aliases = {}
        # By name, so that of two definitions the later stands, as it does in Python.
        self.functions = {}
        self.methods = {}
        self.values = set()
        self.unread = set()
        self.open = set()
        self.classes = {}
        # In how many `if`, `try` and loops this is: what they define again may or may not stand.
        self.depth = 0

    def segment(self, node):
        """The text of a node. Columns count the bytes of UTF-8."""
        first, last = node.lineno - 1, node.end_lineno - 1
        if first == last:
            line = self.lines[first]
            if line.isascii():
                return line[node.col_offset : node.end_col_offset]
            return line.encode()[node.col_offset : node.end_col_offset].decode()
        lines = [line.strip() for line in self.lines[first + 1 : last]]
        begin = self.lines[first].encode()[node.col_offset :].decode().strip()
        end = self.lines[last].encode()[: node.end_col_offset].decode().strip()
        return " ".join([begin] + lines + [end])

    def full_name(self, node):
        """`threading.Thread` of whatever the file calls it; of a call's attribute, the attribute after a dot."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            return "%s.%s" % (self.full_name(node.value), node.attr)
        if isinstance(node, ast.Call):
            return self.full_name(node.func)
        if isinstance(node, ast.Subscript):
            return self.full_name(node.value)
        return ""

    def is_bound(self, name):
        return any(name in known for known in (self.functions, self.methods, self.values, self.unread))

    def bind(self, name, into):
        """A name gets a new meaning, and loses the old one."""
        if name in self.functions or name in self.methods:
            inside = name + "."
            for known in (self.functions, self.methods):
                for key in [key for key in known if key == name or key.startswith(inside)]:
                    del known[key]
        for known in (self.values, self.unread, self.open):
            known.discard(name)
        if into is not None:
            into.add(name)

    def body(self, statements, prefix=""):
        for statement in statements:
            self.statement(statement, prefix)

    def statement(self, node, prefix):
        if isinstance(node, DEFS):
            self.define(node, prefix)
        elif isinstance(node, ast.ClassDef):
            self.define_class(node, prefix)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                self.aliases[name] = alias.name if alias.asname else name
                self.bind(prefix + name, self.values)
        elif isinstance(node, ast.ImportFrom):
            self.import_from(node, prefix)
        elif isinstance(node, ast.AnnAssign) and node.value is None:
            pass
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            for target in getattr(node, "targets", None) or [node.target]:
                self.assign(target, node.value, prefix)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self.bind(prefix + target.id, None)
        else:
            self.depth += 1
            self.compound(node, prefix)
            self.depth -= 1

    def compound(self, node, prefix):
        """`if`, `try`, `with`, loops: what they define counts; what they run may define more."""
        self.assign(getattr(node, "target", None), None, prefix)
        for item in getattr(node, "items", None) or []:
            self.assign(item.optional_vars, None, prefix)
        for field in ("body", "handlers", "orelse", "finalbody", "cases"):
            # What is guarded as the main program is not run as a module.
            if not (field == "body" and is_main_guard(node)):
                self.body(getattr(node, field, None) or [], prefix)
        if isinstance(node, ast.Expr):
            self.expression(node.value, prefix)
        for field in ("test", "iter", "subject"):
            self.expression(getattr(node, field, None), prefix)

    def expression(self, node, prefix):
        """An expression may bind names, or reach for the table of names itself."""
        for part in ast.walk(node) if node is not None else ():
            if isinstance(part, ast.NamedExpr):
                self.unread.add(prefix + part.target.id)
            name = part.func.id if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) else ""
            if name in ("exec", "globals", "locals", "vars", "setattr"):
                self.open.add(prefix[:-1])

    def import_from(self, node, prefix):
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.open.add(prefix[:-1])
                continue
            name = alias.asname or alias.name
            self.aliases[name] = "%s.%s" % (module, alias.name)
            self.bind(prefix + name, self.unread)

    def assign(self, target, value, prefix):
        if isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self.assign(part, None, prefix)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, None, prefix)
        elif isinstance(target, ast.Name):
            self.assign_name(prefix + target.id, value)
        elif isinstance(target, (ast.Subscript, ast.Attribute)):
            # `globals()[name] = ...`, `sys.modules[__name__] = ...` and `Job.run = ...`
            owner = self.full_name(target.value)
            self.open.add("" if owner in ("globals", "vars", "locals", "sys.modules") else prefix + owner)
        if not isinstance(value, ast.Lambda):
            self.expression(value, prefix)

    def assign_name(self, name, value):
        if isinstance(value, ast.Lambda) and not (self.depth and self.is_bound(name)):
            self.bind(name, None)
            self.functions[name] = self.function(name, "function", value, "", self.parameters(value.args))
            return
        # `f = None` where an import failed is no word about what f is elsewhere.
        plain = isinstance(value, LITERALS) and not (self.depth and self.is_bound(name))
        self.bind(name, self.values if plain else self.unread)

    def function(self, name, kind, node, doc, parameters):
        return {"name": name, "kind": kind, "line": node.lineno, "doc": doc, "parameters": parameters}

    def define(self, node, prefix):
        name = prefix + node.name
        again = self.depth and self.is_bound(name)
        self.bind(name, None)
        if not prefix and node.name == "__getattr__":
            self.open.add("")
        decorators = [self.full_name(decorator) for decorator in node.decorator_list]
        words = [decorator.split(".")[-1] for decorator in decorators]
        if any(word in ("property", "cached_property", "setter", "deleter") for word in words):
            self.unread.add(name)
            return
        own = any(decorator in self.functions for decorator in decorators)
        readable = not (again or own) and all(word in TRANSPARENT for word in words)
        parameters = self.parameters(node.args)
        if prefix and "classmethod" in words:
            parameters = without_first(parameters)
        kind = "async" if isinstance(node, ast.AsyncFunctionDef) else "function"
        # A decorator like contextmanager's makes something else of it.
        if is_generator(node):
            kind = "function" if words else "generator"
        described = self.function(name, kind, node, first_line(node), parameters if readable else None)
        offered = not prefix or "staticmethod" in words or "classmethod" in words
        (self.functions if offered else self.methods)[name] = described

    def define_class(self, node, prefix):
        name = prefix + node.name
        again = self.depth and self.is_bound(name)
        self.bind(name, None)
        bases = [self.full_name(base) for base in node.bases]
        self.functions[name] = self.function(name, "class", node, first_line(node), None)
        self.body(node.body, name + ".")
        known = [self.classes.get(base) for base in bases if base != "object"]
        kinds = [self.kind_of(base) for base in bases] + [base["kind"] for base in known if base]
        kind = next((kind for kind in kinds if kind), "class")
        parameters = None if again else self.class_parameters(node, name, known)
        self.functions[name].update(kind=kind, parameters=parameters)
        if again or known or node.decorator_list or node.keywords:
            self.open.add(name)
        self.classes[name] = {"kind": kind if kind != "class" else None, "parameters": parameters}

    def kind_of(self, base):
        """Thread and Process by the names of bases; a Process of another library is none of ours."""
        module, _, name = base.rpartition(".")
        parts = module.split(".")
        foreign = parts[0] in {alias.split(".")[0] for alias in self.aliases.values()}
        if name in ("Thread", "Timer") and (not foreign or "threading" in parts):
            return "thread"
        process = name in ("Process", "ForkProcess", "SpawnProcess", "ForkServerProcess")
        return "process" if process and (not foreign or "multiprocessing" in parts) else None

    def class_parameters(self, node, name, bases):
        """What a class takes, where its own `__init__` or a base in this file says so."""
        init = self.methods.get(name + ".__init__")
        made = name + ".__new__" in self.methods or name + ".__new__" in self.functions
        if node.decorator_list or node.keywords or made or name + ".__init__" in self.unread:
            return None
        if init:
            return without_first(init["parameters"])
        if not bases:
            return []
        return bases[0]["parameters"] if len(bases) == 1 and bases[0] else None

    def parameters(self, args):
        positional = args.posonlyargs + args.args
        missing = [None] * (len(positional) - len(args.defaults))
        found = []
        for at, (arg, default) in enumerate(zip(positional, missing + args.defaults)):
            kind = "positional-only" if at < len(args.posonlyargs) else "positional"
            found.append(self.parameter(arg, kind, default))
        if args.vararg:
            found.append(self.parameter(args.vararg, "var-positional", None))
        found += [self.parameter(arg, "keyword-only", default) for arg, default in zip(args.kwonlyargs, args.kw_defaults)]
        if args.kwarg:
            found.append(self.parameter(args.kwarg, "var-keyword", None))
        return found

    def parameter(self, arg, kind, default):
        annotation = getattr(arg, "annotation", None)
        return {
            "name": arg.arg,
            "kind": kind,
            "default": None if default is None else self.segment(default),
            "annotation": None if annotation is None else self.segment(annotation),
        }

    def source(self):
        functions = sorted(self.functions.values(), key=lambda function: function["line"])
        return {
            "functions": functions,
            "methods": sorted(self.methods.values(), key=lambda function: function["line"]),
            "values": sorted(self.values),
            "unread": sorted(self.unread),
            "open": sorted(self.open),
        }


def is_main_guard(node):
    """`if __name__ == "__main__":`"""
    test = getattr(node, "test", None)
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq):
        return False
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in [test.left] + test.comparators)


def is_generator(node):
    """Whether a function yields, so that calling it runs nothing. Functions inside of it don't count."""
    waiting = list(node.body)
    while waiting:
        part = waiting.pop()
        if isinstance(part, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(part, DEFS + (ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(part))
    return False


def without_first(parameters):
    """Without `self` or `cls`; a `*args` takes it too."""
    if parameters and parameters[0]["kind"] in ("positional-only", "positional"):
        return parameters[1:]
    return parameters


def first_line(node):
    doc = (ast.get_docstring(node) or "").strip()
    return doc.split("\n")[0].strip().encode("utf-8", "replace").decode()[:500]


def read_source(data, name):
    text = decode(data, name)
    tree = parse(text, name)
    try:
        reader = Reader(text)
        reader.body(tree.body)
        return reader.source()
    except RecursionError:
        raise Problem("%s is nested too deeply to be read; take it apart" % name)
