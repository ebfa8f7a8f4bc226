"""Compares the units in systemd with those of the image.

Reports running units that the image does not have or declare, and enabled units that were stopped or changed. A unit
that the boot has yet to start was not stopped.
"""

from __future__ import annotations

import os
from collections import namedtuple
from collections.abc import Iterator

from ingot_node.drift.declared import Declared
from ingot_node.drift.error import DriftError
from ingot_node.drift.finding import INVESTIGATE, Drift, running
from ingot_node.drift.place import Place, names, read
from ingot_node.drift.running.started import DEPENDENTS, KINDS, STATES, instance_of, undeclared
from ingot_node.drift.running.systemd import SOCKET, Systemd

PRESET = "/usr/lib/systemd/system-preset/00-ingot.preset"
MASKED = "/usr/lib/ingot/units-masked"
FOLDERS = ("/etc/systemd/system", "/usr/lib/systemd/system")
# For both versions of cgroups; each running service has a folder.
CGROUPS = ("/sys/fs/cgroup/system.slice", "/sys/fs/cgroup/systemd/system.slice", "/sys/fs/cgroup/unified/system.slice")
ASKED = ("ActiveState", "FragmentPath", "DropInPaths")
STOPPED = ("inactive", "failed")
# The boot's target (systemd.special(7)): it has a job until the boot has ended.
BOOTED = "multi-user.target"
# systemd.generator(7): generated at each boot by programs of the image, for example from the kernel command line.
GENERATED = "/run/systemd/generator"


# Its name, ActiveState, whether it is stopped but should run, and the paths of its files.
Unit = namedtuple("Unit", ("name", "state", "due", "files"))


def _has(place: Place, unit: str) -> bool:
    template = instance_of(unit) or unit
    generated = any(os.path.lexists(place.live(f"{GENERATED}{more}/{unit}")) for more in ("", ".early", ".late"))
    return generated or any(os.path.lexists(place.golden(f"{folder}/{one}")) for folder in FOLDERS for one in (unit, template))


def _foreign(place: Place) -> Iterator[Drift]:
    masked = (read(place.golden(MASKED)) or "").split()
    units = {name for folder in CGROUPS for name in names(place.live(folder)) if name.endswith(".service")}
    for unit in sorted(units):
        if unit in masked:
            yield running(f"unit:{unit}", "unmasked", "masked", "it runs", INVESTIGATE)
        elif not _has(place, unit):
            yield running(f"unit:{unit}", "not of the image", "no such unit", "it runs", INVESTIGATE)


class Question:
    """Sends the queries to systemd at the beginning and reads the answers at the end.

    Other work can be done meanwhile.
    """

    def __init__(self, place: Place) -> None:
        lines = (read(place.golden(PRESET)) or "").splitlines()
        self.enabled = [line.split()[1] for line in lines if line.startswith("enable ")]
        self.units = [unit for unit in self.enabled if "@." not in unit]
        # Active units that are neither enabled nor declared, and the units that need them; set by answer().
        self.started: dict[str, list[str]] = {}
        try:
            self._systemd = Systemd(place.live(SOCKET))
            self._systemd.ask(self.units, ASKED)
            self._systemd.ask_list(STATES, KINDS)
        except OSError as error:
            raise DriftError(f"systemd cannot be queried: {error}", "Run it as root. Otherwise this is not a node, or systemd is damaged: restart the node.") from error

    def _dependents(self, names: list[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in names:
            # Not every unit has all properties: only a service is started by a socket or a timer.
            asked = DEPENDENTS
            self._systemd.ask([name], asked)
            found[name] = [unit for units in self._systemd.answers(len(asked)) for unit in units]
        return found

    def _boots(self) -> bool:
        """True until everything that the boot starts has been started."""
        self._systemd.ask([BOOTED], ["Job"])
        (job,) = self._systemd.answers(1)
        return bool(job)

    def answer(self, declared: Declared) -> list[Unit]:
        """The state of each unit. Raises DriftError if systemd does not answer."""
        try:
            *said_of_units, active = self._systemd.answers(len(ASKED) * len(self.units) + 1)
            values = iter(said_of_units)
            doubtful = [unit for unit in active if not declared.first("unit", unit) and unit not in self.enabled and instance_of(unit) not in self.enabled]
            self.started = self._dependents(doubtful)
            said = list(zip(self.units, values, values, values, strict=False))
            still = [unit for unit, state, *_ in said if state in STOPPED]
            # Both matter only for a unit that does not run.
            asked = ("ConditionResult", "Job")
            self._systemd.ask(still, asked)
            answers = iter(self._systemd.answers(len(asked) * len(still)))
            conditions = {name: (condition, job) for name, condition, job in zip(still, answers, answers, strict=False)}
            waits = any(job for _, job in conditions.values()) and self._boots()
        except (OSError, ValueError) as error:
            raise DriftError(f"systemd does not answer: {error}", "Check systemctl status; run ingot-drift again.") from error
        finally:
            self._systemd.close()
        # ConditionResult is "no" also for a unit that was never started.
        due = {name for name, (condition, job) in conditions.items() if condition and not (job and waits)}
        return [Unit(name, state, name in due, [fragment, *drop_ins]) for name, state, fragment, drop_ins in said]


def _of_golden(place: Place, path: str) -> bool:
    return path.startswith(GENERATED) or os.path.lexists(place.golden(path.replace("/lib/", "/usr/lib/", 1) if path.startswith("/lib/") else path))


def _bent(place: Place, unit: Unit) -> Iterator[Drift]:
    if unit.due:
        yield running(f"unit:{unit.name}", "stopped", "active", unit.state, f"systemctl start {unit.name}; {INVESTIGATE}")
    for path in unit.files:
        if path and not _of_golden(place, path):
            yield running(f"unit:{unit.name}:{path}", "bent", "only files of the image", path, INVESTIGATE)


def check(place: Place, declared: Declared, question: Question) -> Iterator[Drift]:
    """Links of enabled and masked units are files and are reported as files; here the state in systemd is checked."""
    yield from _foreign(place)
    for unit in question.answer(declared):
        yield from _bent(place, unit)
    trusted = {*question.enabled}
    for name in undeclared(question.started, lambda unit: unit in trusted or instance_of(unit) in trusted or declared.first("unit", unit) is not None):
        kind, expected = ("not declared", "a unit that images/ enables or declares") if _has(place, name) else ("not of the image", "no such unit")
        yield running(f"unit:{name}", kind, expected, "it runs", INVESTIGATE)
