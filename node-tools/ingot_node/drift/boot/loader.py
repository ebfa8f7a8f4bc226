"""GRUB: its menu and its environment, which are text; and its programs, which can only be compared between disks."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ingot_node.drift.boot.partition import FOLDER, SLOTS, Started
from ingot_node.drift.boot.slot import boot_drift
from ingot_node.drift.digest import sha256, sha256_of_disk
from ingot_node.drift.finding import Drift
from ingot_node.drift.place import Place, names, read, read_bytes

EFI, MENU, ENVIRONMENT = "/EFI/BOOT/BOOTX64.EFI", "/grub/grub.cfg", "/grub/grubenv"
# Digests of every menu that an ingot has written to a disk, with ESP for the id of its boot partition: updates never
# rewrite the menu.
KNOWN = "/usr/lib/ingot/boot-menus"
HEADER = "# GRUB Environment Block\n"
# Bytes of the first sector of a disk that are code; the partition table follows (src/disk/bios-boot.ts).
BOOT_CODE = 440


def _menu(place: Place, esp: str) -> Iterator[Drift]:
    text = read_bytes(place.live(FOLDER + MENU))
    if text is None:
        yield boot_drift(MENU, "deleted", "the menu that came with the disk", None)
        return
    digest = sha256(text.replace(esp.encode(), b"ESP")).hexdigest()
    known = {line.split()[0] for line in (read(place.golden(KNOWN)) or "").splitlines() if line and not line.startswith("#")}
    if digest not in known:
        yield boot_drift(MENU, "content", "a menu that ingot made, for this boot partition", f"sha256:{digest}")


def environment(place: Place) -> tuple[dict[str, str], list[Drift]]:
    """The variables that tell GRUB what to boot, and drifts for variables or values that are not allowed."""
    text = read(place.live(FOLDER + ENVIRONMENT)) or ""
    wrong = boot_drift(ENVIRONMENT, "content", "1024 bytes that name a slot", "a damaged file" if text else None)
    if len(text.encode()) != 1024 or not text.startswith(HEADER):
        return {}, [wrong]
    # grub-editenv(1) adds a comment of its own; GRUB and ingot-update omit it when they write.
    lines = (line for line in text[len(HEADER) :].rstrip("#").splitlines() if not line.startswith("#"))
    values = {name: value for name, _, value in (line.partition("=") for line in lines)}
    allowed = {"ingot_slot": SLOTS, "ingot_try": ("", *SLOTS), "ingot_tried": ("", *SLOTS)}
    odd = sorted(f"{name}={value}" for name, value in values.items() if value not in allowed.get(name, ()))
    return values, [wrong._replace(there=", ".join(odd)[:300])] if odd else []


def next_slot(place: Place, runs: Started) -> tuple[str, list[Drift]]:
    """The slot that boots next. It may differ from the running slot only before or during a trial."""
    values, drifts = environment(place)
    chosen = values.get("ingot_slot", "a")
    upcoming = values.get("ingot_try") or chosen
    if chosen != runs.slot and not runs.trying and not drifts:
        hint = "ingot-update --status shows whether the slot could not be loaded; otherwise find out who chose another one"
        drifts = [boot_drift(ENVIRONMENT, "another slot", f"ingot_slot={runs.slot}, which runs", f"ingot_slot={chosen}", "critical", hint)]
    return upcoming, drifts


def _strangers(place: Place, files: tuple[str, ...]) -> Iterator[Drift]:
    """Files and folders that neither ingot nor an update created."""
    top = place.live(FOLDER)
    once = ("/EFI", "/EFI/BOOT", EFI, "/grub", MENU, ENVIRONMENT)
    known = {path.lower() for path in (*once, *(f"/{slot}" for slot in SLOTS), *(f"/{slot}/{name}" for slot in SLOTS for name in files))}
    for folder, folders, inside in os.walk(top):
        for name in sorted([*folders, *inside]):
            path = f"{folder[len(top):]}/{name}"
            # FAT ignores the case of names.
            if path.lower() not in known:
                yield boot_drift(path, "added", None, "a folder" if name in folders else f"{os.path.getsize(f'{folder}/{name}')} bytes")


def _programs(place: Place, source: str) -> dict[str, str]:
    """SHA-256 of GRUB for UEFI, and of both parts of GRUB for BIOS if the disk can be read."""
    found = {"efi": sha256_of_disk(place.live(FOLDER + EFI)) or ""}
    block = os.path.realpath(place.live(f"/sys/class/block/{os.path.basename(os.path.realpath(place.live(source)))}"))
    disk = os.path.dirname(block)
    first = next((name for name in names(disk) if (read(f"{disk}/{name}/partition") or "").strip() == "1"), None)
    if first is not None:
        found["core"] = sha256_of_disk(place.live(f"/dev/{first}")) or ""
        try:
            with open(place.live(f"/dev/{os.path.basename(disk)}"), "rb", buffering=0) as file:
                found["boot"] = sha256(file.read(BOOT_CODE)).hexdigest()
        except OSError:
            pass
    return found


def look_at_loader(place: Place, runs: Started, source: str, files: tuple[str, ...]) -> tuple[str, list[Drift]]:
    """One digest of GRUB's programs, and drifts of the menu and the folders.

    The programs depend on the build host's GRUB, so only nodes with the same disk image can be compared.
    """
    programs = _programs(place, source)
    drifts = [*_menu(place, runs.esp), *_strangers(place, files)]
    if not programs["efi"]:
        drifts.append(boot_drift(EFI, "deleted", "GRUB for UEFI", None))
    return sha256("\n".join(f"{name} {digest}" for name, digest in sorted(programs.items())).encode()).hexdigest(), drifts
