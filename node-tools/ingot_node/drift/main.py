"""ingot-drift: its options, its exit status."""

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

# argparse looks at the terminal, for which it loads two compressors, and getopt loads what translates: together they take as long as the files.
WORDS = ("--help", "-h", "--json", "--quiet", "--files")
VALUES = ("--leave", "--prometheus", "--root", "--address", "--manifest", "--budget", "--sample")
HELP = """usage: ingot-drift [OPTION …]

Says what of this node differs from its golden root; see docs/drift.md. Exit status: 0 no drift, 3 drift, 1 it could not be seen.

  --json             a line of JSON for the node, then one for each drift
  --quiet            print nothing: the exit status, and the files that are left, are the answer
  --leave FILE       also leave the lines of JSON in this file, whole or not at all
  --prometheus FILE  also leave a textfile for Prometheus' node_exporter, whole or not at all
  --root FOLDER      folder to look at instead of /
  --manifest FILE    the root is a common file system, not an overlay above dm-verity: compare it with the manifest of its version.
                     Metadata of every path; content as far as the budget reaches, what has changed first
  --budget MIB       how much of it is read at most (256)
  --sample TEXT      what the sample is drawn by, to read the same files again; by default another one at each look
  --files            files alone: what no file shows, and whether the kernel proves the root, is not asked
  --address ADDRESS  this node's address instead of the one that the route shows
"""


def _given(words: list[str]) -> dict[str, str]:
    """Option -> its value, "" where it has none."""
    found = {}
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, equals, value = word.partition("=")
        if word not in WORDS and name not in VALUES:
            raise DriftError(f"{word!r} is no option", "ingot-drift --help")
        if name in VALUES and not equals:
            if not waiting:
                raise DriftError(f"{name} wants a value", "ingot-drift --help")
            value = waiting.pop(0)
        found[name.lstrip("-")] = value
    return found


def _look(given: dict[str, str]) -> Seen:
    root, address = given.get("root", "/"), given.get("address")
    if "manifest" not in given:
        if "budget" in given or "sample" in given:
            raise DriftError("--budget and --sample belong to --manifest", "A root below an overlay is compared whole.")
        return look(Place(root), address, "files" in given)
    from ingot_node.drift.scan import BUDGET, Scan  # pylint: disable=import-outside-toplevel # no node with a golden root needs it

    budget = given.get("budget", str(BUDGET))
    if not budget.isdecimal():
        raise DriftError(f"--budget {budget!r} is no number of MiB", "ingot-drift --help")
    return look_at_mutable(MutablePlace(root), Scan(given["manifest"], int(budget), given.get("sample", os.urandom(4).hex())), address)


def main(words: list[str]) -> int:
    """Takes what stands behind the program's name; gives the exit status."""
    try:
        given = _given(words)
        if "help" in given or "h" in given:
            print(HELP, end="")
            return 0
        seen = _look(given)
        if "leave" in given:
            # Root and administrators alone: it says what an intruder would like to know.
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
        print("  Run it as root (sudo ingot-drift); if it was, see the kernel's messages (dmesg).", file=sys.stderr)
        return 1
    if "quiet" not in given:
        print(lines(seen) if "json" in given else text(seen) + "\n", end="")
    return 3 if seen.drifts else 0
