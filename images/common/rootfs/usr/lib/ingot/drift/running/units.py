"""Units: what runs that the image does not have, and what the image enables and somebody stopped or bent."""

import os
import subprocess
from typing import Dict, Iterator, List

from drift.error import DriftError
from drift.finding import INVESTIGATE, Drift, running
from drift.place import Place, names, read

PRESET = "/usr/lib/systemd/system-preset/00-ingot.preset"
MASKED = "/usr/lib/ingot/units-masked"
FOLDERS = ("/etc/systemd/system", "/usr/lib/systemd/system")
# Of both versions of cgroups; each service that runs has a folder.
CGROUPS = ("/sys/fs/cgroup/system.slice", "/sys/fs/cgroup/systemd/system.slice", "/sys/fs/cgroup/unified/system.slice")
ASKED = "ActiveState,ConditionResult,FragmentPath,DropInPaths"
# systemd.generator(7): made at each boot by programs of the image, of the kernel command line among others.
GENERATED = "/run/systemd/generator"


def _has(place: Place, unit: str) -> bool:
    name, _, kind = unit.rpartition(".")
    template = f"{name.split('@', 1)[0]}@.{kind}" if "@" in name else unit
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
    """systemd is asked at the beginning and has answered by the end: meanwhile there is other work."""

    def __init__(self, place: Place) -> None:
        lines = (read(place.golden(PRESET)) or "").splitlines()
        self.units = [line.split()[1] for line in lines if line.startswith("enable ") and "@." not in line]
        asked = ["systemctl", "show", f"--property={ASKED}", *self.units]
        try:
            self._process = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # pylint: disable=consider-using-with
        except OSError as error:
            raise DriftError(f"systemctl cannot be run: {error}", "This is no node, or its root is damaged: restart it.") from error

    def answer(self) -> List[Dict[str, str]]:
        """Of each unit in turn; systemctl(1), show: an empty line between units."""
        try:
            output, errors = self._process.communicate(timeout=60)
        except subprocess.TimeoutExpired as error:
            self._process.kill()
            self._process.communicate()
            raise DriftError("systemd does not answer within 60 s", "See systemctl status; run ingot-drift again.") from error
        if self._process.returncode != 0:
            raise DriftError(f"systemd does not answer: {errors.strip()}", "See systemctl status; run ingot-drift again.")
        return [dict(line.partition("=")[::2] for line in entry.splitlines()) for entry in output.strip().split("\n\n")]


def _of_golden(place: Place, path: str) -> bool:
    return path.startswith(GENERATED) or os.path.lexists(place.golden(path.replace("/lib/", "/usr/lib/", 1) if path.startswith("/lib/") else path))


def _bent(place: Place, name: str, unit: Dict[str, str]) -> Iterator[Drift]:
    # A unit whose condition said no, or that was never asked for, says "no".
    if unit.get("ActiveState") in ("inactive", "failed") and unit.get("ConditionResult") != "no":
        yield running(f"unit:{name}", "stopped", "active", unit["ActiveState"], f"systemctl start {name}; {INVESTIGATE}")
    for path in [unit.get("FragmentPath", ""), *unit.get("DropInPaths", "").split()]:
        if path and not _of_golden(place, path):
            yield running(f"unit:{name}:{path}", "bent", "files of the image alone", path, INVESTIGATE)


def check(place: Place, question: Question) -> Iterator[Drift]:
    """Links of enabled and masked units are files, and told as such; here systemd is asked what it made of them."""
    yield from _foreign(place)
    # An alias answers by another name, so the order tells who says what.
    for name, unit in zip(question.units, question.answer()):
        yield from _bent(place, name, unit)
