#!/usr/bin/env python3
"""Prints the runner of Python functions as a run's folder has it: the files of `runner/`, joined in the order that the
program has for them."""

import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ORDER = os.path.join(HERE, "..", "..", "src", "engine", "python_runner.rs")


def joined():
    with open(ORDER, encoding="utf-8") as order:
        names = re.findall(r'^    piece!\("(\w+)"\),$', order.read(), re.MULTILINE)
    pieces = []
    for name in names:
        with open(os.path.join(HERE, "runner", name + ".py"), encoding="utf-8") as file:
            pieces.append(file.read() + "\n\n")
    return "".join(pieces)


if __name__ == "__main__":
    sys.stdout.write(joined())
