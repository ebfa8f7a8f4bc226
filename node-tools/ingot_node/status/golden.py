"""Which golden image a node runs, and whether the kernel verifies it."""

import glob
import json
import os


def read(path: str) -> str:
    """The file's text without surrounding white space, "" if it cannot be read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


def verity_is_on(root: str) -> bool:
    """Whether the device-mapper target ingot-root exists and is one of dm-verity.

    Source: Linux, Documentation/ABI/testing/sysfs-block-dm.
    """
    return any(
        read(f"{dm}/name") == "ingot-root" and read(f"{dm}/uuid").startswith("CRYPT-VERITY-")
        for dm in glob.glob(os.path.join(root, "sys/block/dm-*/dm"))
    )


def facts(root: str) -> dict:
    """release.json, with version, rootHash and verified of the system that runs below `root`."""
    words = dict(word.split("=", 1) for word in read(os.path.join(root, "proc/cmdline")).split() if "=" in word)
    return {
        **json.loads(read(os.path.join(root, "usr/lib/ingot/release.json")) or "{}"),
        "version": words.get("ingot.version"),
        "rootHash": words.get("ingot.roothash"),
        "verified": verity_is_on(root),
    }
