"""Finds undeclared units that systemd has started by any mechanism.

Mechanisms are generators, sockets, timers, D-Bus, udev and SysV scripts.
"""

from __future__ import annotations

from collections.abc import Callable

# Kinds of units that run something, or wait to. Mounts have their own check; targets, slices and devices run nothing,
# and scopes contain processes that others started.
KINDS = ("*.service", "*.socket", "*.timer", "*.path", "*.automount", "*.swap")
STATES = ("active", "reloading", "activating")
# Properties of org.freedesktop.systemd1.Unit. A declared unit may start the units that it needs.
DEPENDENTS = ("WantedBy", "RequiredBy", "BoundBy", "TriggeredBy")
# A target wants whatever anybody installed into it, so it does not count.
_NOBODY = (".target", ".slice", ".device")


def instance_of(unit: str) -> str | None:
    """The template of an instance (systemd.unit(5)); None for a unit that is not an instance."""
    name, _, kind = unit.rpartition(".")
    return f"{name.split('@', 1)[0]}@.{kind}" if "@" in name else None


def undeclared(started: dict[str, list[str]], may: Callable[[str], bool]) -> list[str]:
    """The undeclared units that no declared unit needs, not even through others.

    started: unit -> the units that need it.
    """
    left = dict(started)
    while True:
        wanted = [unit for unit, by in left.items() if any(not one.endswith(_NOBODY) and one not in left and (may(one) or one in started) for one in by)]
        if not wanted:
            return sorted(left)
        for unit in wanted:
            del left[unit]
