"""GRUB's environment block, /grub/grubenv: 1024 bytes that GRUB and the node write in place.

Source: GRUB manual, "The GRUB environment block".
"""

import os

from ingot_node.update.error import UpdateError

SIZE = 1024
# A disk writes a sector atomically, so all our content stays within the first one.
SECTOR = 512
HEADER = b"# GRUB Environment Block\n"


def parse(block: bytes) -> dict[str, str]:
    """Name -> value, in order; UpdateError if the bytes are not an environment block."""
    if len(block) != SIZE or not block.startswith(HEADER):
        raise UpdateError(
            "the boot partition's grub/grubenv is damaged, so the slot to boot cannot be set",
            "Write the image to the disk again.",
        )
    lines = block[len(HEADER) :].rstrip(b"#").decode("utf-8", "replace").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def render(values: dict[str, str]) -> bytes:
    """The whole block; its content is in the first sector."""
    said = HEADER + "".join(f"{name}={value}\n" for name, value in values.items()).encode()
    if len(said) > SECTOR:
        raise UpdateError(f"grub/grubenv would hold {len(said)} bytes, more than a sector", "Write the image to the disk again.")
    return said.ljust(SIZE, b"#")


def read(path: str) -> dict[str, str]:
    """The values of the file; UpdateError if it is missing or damaged."""
    try:
        with open(path, "rb") as file:
            return parse(file.read(SIZE + 1))
    except FileNotFoundError:
        return parse(b"")


def change(path: str, **values: str) -> None:
    """Sets values in one write in place, and syncs it to the disk. Writes nothing if they are already set."""
    before = read(path)
    after = {**before, **values}
    if after == before:
        return
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.pwrite(descriptor, render(after), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
