"""Units: what runs that the image does not have, and what the image enables and somebody stopped or bent."""

import os
import subprocess
from typing import Dict, Iterator, List

from drift.declared import Declared
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
    units = {name for folder in CGROUPS for name in names(place.live(folder)) if name.endswith(".service")}
    for unit in sorted(units):
        if not _has(place, unit):
            yield running(f"unit:{unit}", "not of the image", "no such unit", "it runs", INVESTIGATE)


def _ask(units: List[str]) -> List[Dict[str, str]]:
    """systemctl(1), show: an empty line between units."""
    asked = ["systemctl", "show", f"--property={ASKED}", *units]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise DriftError(f"systemd does not answer: {error}", "See systemctl status; run ingot-drift again.") from error
    return [dict(line.partition("=")[::2] for line in entry.splitlines()) for entry in done.stdout.strip().split("\n\n")]


def _of_golden(place: Place, path: str) -> bool:
    return path.startswith(GENERATED) or os.path.lexists(place.golden(path.replace("/lib/", "/usr/lib/", 1) if path.startswith("/lib/") else path))


def _bent(place: Place, name: str, unit: Dict[str, str]) -> Iterator[Drift]:
    # A unit whose condition said no, or that was never asked for, says "no".
    if unit.get("ActiveState") in ("inactive", "failed") and unit.get("ConditionResult") != "no":
        yield running(f"unit:{name}", "stopped", "active", unit["ActiveState"], f"systemctl start {name}; {INVESTIGATE}")
    for path in [unit.get("FragmentPath", ""), *unit.get("DropInPaths", "").split()]:
        if path and not _of_golden(place, path):
            yield running(f"unit:{name}:{path}", "bent", "files of the image alone", path, INVESTIGATE)


def check(place: Place, _declared: Declared) -> Iterator[Drift]:
    """Links of enabled and masked units are files, and told as such; here systemd is asked what it made of them."""
    lines = (read(place.golden(PRESET)) or "").splitlines()
    enabled = [line.split()[1] for line in lines if line.startswith("enable ") and "@." not in line]
    masked = [unit for unit in (read(place.golden(MASKED)) or "").split() if "@." not in unit]
    yield from _foreign(place)
    # An alias answers by another name, so the order tells who says what.
    for name, unit in zip(enabled + masked, _ask(enabled + masked)):
        if name not in masked:
            yield from _bent(place, name, unit)
        elif unit.get("ActiveState", "inactive") != "inactive":
            yield running(f"unit:{name}", "unmasked", "masked", unit["ActiveState"], INVESTIGATE)
