"""Leaves an answer in a file, whole or not at all."""

import os

from ingot_node.drift.error import DriftError


def leave(path: str, content: str, mode: int) -> None:
    """Under another name first, beside it; DriftError if that cannot be written, and then what was there stays."""
    # node_exporter reads *.prom, so the half that is not whole yet must be called otherwise.
    own = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{os.getpid()}")
    try:
        with open(own, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(own, path)
    except OSError as error:
        if os.path.lexists(own):
            os.remove(own)
        raise DriftError(f"{path} cannot be written: {error.strerror}", "Look whether its folder is there and has room.") from error
