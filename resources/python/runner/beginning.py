"""Spawnscope's runner of Python functions.

Spawnscope writes this file into the folder of a run, as `spawnscope_runner.py`, and executes it:

    PYTHON FOLDER/spawnscope_runner.py FOLDER

FOLDER also has `plan.json` (what to run, and how), `slots` (the stamps: native 64-bit integers, mapped by every process) and
`texts` (a FIFO of JSON lines to Spawnscope). docs/protocol.md describes them: this is protocol 2.

One rule explains most of what follows: *measuring must not disturb*. In a Python with a GIL, a thread that writes, opens
or reads a file releases the GIL, and may wait 5 ms to get it back. So a stamp is a clock read and a store into mapped memory,
and nothing else happens between the start and the end of a user's function; texts are sent after it.

It needs only the standard library, of CPython 3.8 or later or PyPy 7.3. Older Pythons must be able to *compile* this file, so
that it can say in a sentence that they are too old: no `:=`, no `/` in parameters.
"""

import io
import os
import sys
import time

if __name__ == "__main__":
    # From here on this is the module `spawnscope_runner`: children import it by that name, and pickles refer to it. The
    # blank `__main__` has neither `__file__` nor a spec, so spawn and forkserver run no main module again, and users need
    # no `if __name__ == "__main__"`.
    __name__ = "spawnscope_runner"
    sys.modules[__name__] = sys.modules["__main__"]
    sys.modules["__main__"] = type(sys)("__main__")
    IS_LAUNCHER, CODE = True, sys._getframe().f_code
else:
    IS_LAUNCHER, CODE = False, None

PROTOCOL = 2
FOLDER = os.path.dirname(os.path.abspath(__file__))
# The name under which tracebacks know this file.
THIS_FILE = (lambda: None).__code__.co_filename
