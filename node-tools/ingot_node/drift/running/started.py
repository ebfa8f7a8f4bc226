"""What systemd has started, by whatever mechanism (generators, sockets, timers, D-Bus, udev, SysV scripts), and nobody declared."""

from __future__ import annotations

from collections.abc import Callable

# Of these kinds a unit runs something, or waits to. Mounts are declared by themselves; targets, slices and devices run nothing, scopes hold what others have started.
KINDS = ("*.service", "*.socket", "*.timer", "*.path", "*.automount", "*.swap")
STATES = ("active", "reloading", "activating")
# Of org.freedesktop.systemd1.Unit: what a unit that is declared needs, it may start.
DEPENDENTS = ("WantedBy", "RequiredBy", "BoundBy", "TriggeredBy")
# A target wants whatever was installed into it, by anybody.
_NOBODY = (".target", ".slice", ".device")


def instance_of(unit: str) -> str | None:
    """The template of an instance (systemd.unit(5)); None for a unit that is no instance."""
    name, _, kind = unit.rpartition(".")
    return f"{name.split('@', 1)[0]}@.{kind}" if "@" in name else None


def undeclared(started: dict[str, list[str]], may: Callable[[str], bool]) -> list[str]:
    """Of units that nobody declared (each with the units that ask for it) those that no declared one asks for either."""
    left = dict(started)
    while True:
        wanted = [unit for unit, by in left.items() if any(not one.endswith(_NOBODY) and one not in left and (may(one) or one in started) for one in by)]
        if not wanted:
            return sorted(left)
        for unit in wanted:
            del left[unit]
