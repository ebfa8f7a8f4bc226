"""Writes an answer to a file atomically."""

import os

from ingot_node.drift.error import DriftError


def leave(path: str, content: str, mode: int) -> None:
    """Writes to a temporary file in the same folder first.

    Raises DriftError if that fails; then the old file is unchanged.
    """
    # node_exporter reads *.prom, so an incomplete file must have another suffix.
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
        raise DriftError(f"{path} cannot be written: {error.strerror}", "Check that its folder exists and has free space.") from error
