"""cut-writes.py BUDGET PROGRAM ARGUMENTS…: runs a Python program of the node and ends it like a power failure.

It ends after BUDGET bytes and changes of names.
"""

import os
import runpy
import sys

budget = int(sys.argv[1])


def spend(wanted: int) -> int:
    """How much of it may still be done."""
    global budget
    allowed = min(wanted, budget)
    budget -= allowed
    return allowed


def cutting(name, cost=lambda *_: 1, part=None):
    original = getattr(os, name)

    def replacement(*args, **options):
        wanted = cost(*args)
        allowed = spend(wanted)
        if allowed == wanted:
            return original(*args, **options)
        if part is not None and allowed > 0:
            part(original, allowed, *args)
        os._exit(77)

    setattr(os, name, replacement)


cutting("write", lambda _, content: len(content), lambda original, count, descriptor, content: original(descriptor, bytes(content)[:count]))
# A disk writes only complete sectors.
cutting(
    "pwrite",
    lambda _, content, __: len(content),
    lambda original, count, descriptor, content, offset: original(descriptor, content[: count // 512 * 512], offset),
)
for one in ("replace", "remove", "truncate", "makedirs"):
    cutting(one)

sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
