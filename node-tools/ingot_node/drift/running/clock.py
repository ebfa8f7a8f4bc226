"""The clock: whether it is synchronised, and whether somebody has changed it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ingot_node.drift.finding import Drift, running
from ingot_node.drift.own_address import release
from ingot_node.drift.place import Place, read

# adjtimex(2): the clock is not synchronised.
_UNSYNCHRONISED = 0x40
# The largest accepted difference from the hardware clock in seconds. The kernel sets the hardware clock every 11
# minutes if there is a time server. Without one the two drift apart, and an emulated machine under load loses a second
# per minute.
SLACK = 60


def synchronised(place: Place) -> bool | None:
    """The kernel's state, set by chrony; None for a folder."""
    if place.root != "/":
        return None
    import ctypes  # pylint: disable=import-outside-toplevel # a folder has no clock

    # struct timex: modes, padding, offset, freq, maxerror, esterror, status; 208 bytes in all.
    buffer = (ctypes.c_long * 32)()
    ctypes.CDLL(None, use_errno=True).adjtimex(buffer)
    return not buffer[5] & _UNSYNCHRONISED


def check(place: Place, now: float) -> Iterator[Drift]:
    """now: seconds since 1970.

    A clock that differs from the hardware's, or is before the image's date, was changed or is wrong.
    """
    hint = "chronyc tracking; chronyc makestep; " + "on a master ZooKeeper depends on the time, so restart services after a jump"
    hardware = (read(place.live("/sys/class/rtc/rtc0/since_epoch")) or "").strip()
    if hardware.isdigit() and abs(now - int(hardware)) > SLACK:
        yield running("clock", "moved", "the time of the hardware's clock", "ahead of it" if now > int(hardware) else "behind it", hint, "warning")
    date = release(place).get("date")
    if date and time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)) < date:
        yield running("clock", "before the image", f"after {date}", "before it", hint, "warning")
