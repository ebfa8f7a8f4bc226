"""ingot-drift: its options and its exit status."""

from __future__ import annotations

import os
import sys

from ingot_node.drift.answer import lines
from ingot_node.drift.error import DriftError
from ingot_node.drift.leave import leave
from ingot_node.drift.look import Seen, look, look_at_mutable
from ingot_node.drift.place import MutablePlace, Place
from ingot_node.drift.prometheus import textfile
from ingot_node.drift.text import text

# argparse queries the terminal, for which it loads two compressors, and getopt loads translations: together they take
# as long as the check of the files.
WORDS = ("--help", "-h", "--json", "--quiet", "--files")
VALUES = ("--leave", "--prometheus", "--root", "--address", "--manifest", "--budget", "--sample")
HELP = """usage: ingot-drift [OPTION …]

Reports how this node differs from its golden root; see docs/drift.md. Exit status: 0 no drift, 3 drift, 1 not known.

    --json             print a line of JSON for the node, then one for each drift
    --quiet            print nothing: use the exit status and the written files
    --leave FILE       also write the lines of JSON to this file, atomically
    --prometheus FILE  also write a textfile for Prometheus' node_exporter, atomically
    --root FOLDER      folder to check instead of /
    --manifest FILE    the root is an ordinary file system, not an overlay above dm-verity: compare it with the manifest
                     of its version. Metadata of every path; content up to the budget, changed files first
  --budget MIB       how much content is read at most (256)
    --sample TEXT      seed of the sample, to read the same files again; by default each run draws another sample
    --files            check only files: not what no file shows, and not whether the kernel verifies the root
    --address ADDRESS  this node's address, instead of the one of the route to the masters
"""


def _given(words: list[str]) -> dict[str, str]:
    """Option -> its value, "" if it has none."""
    found = {}
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, equals, value = word.partition("=")
        if word not in WORDS and name not in VALUES:
            raise DriftError(f"unknown option {word!r}", "ingot-drift --help")
        if name in VALUES and not equals:
            if not waiting:
                raise DriftError(f"{name} needs a value", "ingot-drift --help")
            value = waiting.pop(0)
        found[name.lstrip("-")] = value
    return found


def _look(given: dict[str, str]) -> Seen:
    root, address = given.get("root", "/"), given.get("address")
    if "manifest" not in given:
        if "budget" in given or "sample" in given:
            raise DriftError("--budget and --sample require --manifest", "A root below an overlay is always compared completely.")
        return look(Place(root), address, "files" in given)
    from ingot_node.drift.scan import BUDGET, Scan  # pylint: disable=import-outside-toplevel # nodes with a golden root do not need it

    budget = given.get("budget", str(BUDGET))
    if not budget.isdecimal():
        raise DriftError(f"--budget {budget!r} is not a number of MiB", "ingot-drift --help")
    return look_at_mutable(MutablePlace(root), Scan(given["manifest"], int(budget), given.get("sample", os.urandom(4).hex())), address)


def main(words: list[str]) -> int:
    """Runs the command-line arguments and returns the exit status."""
    try:
        given = _given(words)
        if "help" in given or "h" in given:
            print(HELP, end="")
            return 0
        seen = _look(given)
        if "leave" in given:
            # Readable only by root and administrators: it would help an intruder.
            leave(given["leave"], lines(seen), 0o640)
        if "prometheus" in given:
            leave(given["prometheus"], textfile(seen), 0o644)
    except DriftError as error:
        print(f"ingot-drift: {error}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"ingot-drift: {error}", file=sys.stderr)
        print("  Run it as root (sudo ingot-drift); if you did, check the kernel's messages (dmesg).", file=sys.stderr)
        return 1
    if "quiet" not in given:
        print(lines(seen) if "json" in given else text(seen) + "\n", end="")
    return 3 if seen.drifts else 0
