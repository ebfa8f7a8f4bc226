"""Reads data that a server may send: lines of "WHAT BASE64" on stdin.

Prints a line for each: "read", or what is wrong with it. Any other error ends this program.
"""

import base64
import sys

sys.path.insert(0, sys.argv[1])

# pylint: disable=wrong-import-position,import-error
from ingot_node.update import version  # noqa: E402
from ingot_node.update.error import UpdateError  # noqa: E402
from ingot_node.update.trust import parse_sums, signed_payload  # noqa: E402

READERS = {
    "envelope": lambda content: signed_payload(content, sys.argv[2:]),
    "boot": lambda content: version.read_boot(content, "boot.json"),
    "checks": version.published_in,
    "sums": lambda content: parse_sums(content.decode("utf-8", "replace")),
}

for line in sys.stdin:
    what, text = line.rstrip("\n").split(" ")
    try:
        READERS[what](base64.b64decode(text))
        print("read")
    except UpdateError as error:
        assert str(error) and "\n" not in str(error) and len(str(error)) < 1000, repr(str(error))
        print(str(error))
