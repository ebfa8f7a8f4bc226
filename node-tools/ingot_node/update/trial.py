"""The trial of a version: it is confirmed when it is healthy, or ended at its deadline.

After a fallback, the old version reports why.
"""

import os
import subprocess
import sys
import time

from ingot_node.update import grubenv, record
from ingot_node.update.node import Node
from ingot_node.update.partition import writable

CHECKS = ("system-running", "units-active", "root-verified")
# A unit that restarts again and again is active at times.
PASSES = 2
PAUSE = 10
# Seconds for one check, which may itself wait for a minute.
PATIENCE = 90
UNASKED = "its health checks had not passed yet"
UNREACHED = "the boot did not reach its health checks"


def announce(node: Node, *lines: str) -> None:
    """Reports to the journal, and to the console for the person whose node was restarted."""
    for line in lines:
        print(f"<4>{line}", file=sys.stderr)  # <4>: a warning, see sd-daemon(3)
    try:
        with open(node.path("dev/console"), "w", encoding="utf-8") as console:
            console.write("".join(f"\r\ningot: {line}" for line in lines) + "\r\n")
    except OSError as error:
        print(f"<4>the console cannot be written: {error}", file=sys.stderr)


def problems(node: Node) -> list[str]:
    """What is not healthy, one line each; empty if all is healthy."""
    found = []
    if os.path.exists(node.path("run/ingot/identity-failed")):
        with open(node.path("run/ingot/identity-failed"), encoding="utf-8") as file:
            found.append(f"identity: {file.read().strip()}")
    for check in CHECKS:
        try:
            done = subprocess.run([node.path("usr/lib/ingot/check", check)], capture_output=True, text=True, check=False, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            found.append(f"{check}: no answer within {PATIENCE} s")
            continue
        if done.returncode != 0:
            said = [line.strip() for line in done.stdout.splitlines() if line.strip()] or [done.stderr.strip()]
            found.append(f"{check}: {', '.join(said)}")
    return found


def remember(node: Node, what: str, why: str = "") -> None:
    """Records a result for the running version. A full disk must not change how a trial ends."""
    try:
        record.note(node.state, what, version=node.version, slot=node.slot, why=why)
    except OSError as error:
        announce(node, f"the result of the trial of {node.version} cannot be saved: {error}")


def confirm(node: Node) -> None:
    """Waits until the node is healthy, then makes its slot the default. The deadline ends the waiting."""
    remember(node, "trying", UNASKED)
    passes, said = 0, []
    while passes < PASSES:
        if passes or said:
            time.sleep(PAUSE)
        found = problems(node)
        passes = 0 if found else passes + 1
        if found and found != said:
            print("<4>not healthy yet: " + "; ".join(found), file=sys.stderr)
            remember(node, "trying", "; ".join(found))
        said = found
    with writable(node):
        grubenv.change(node.environment, ingot_slot=node.slot, ingot_try="", ingot_tried="")
    remember(node, "confirmed")
    announce(node, f"{node.version} is healthy and confirmed: slot {node.slot} boots from now on")


def deadline(node: Node) -> bool:
    """Handles the end of the trial period: False if the version was confirmed in time, otherwise reports why not.

    The caller then restarts the node. GRUB cleared the trial when it started it, so it boots the old slot.
    """
    if not node.on_trial:
        return False
    last = record.last(node.state)
    reached = last.get("version") == node.version and last.get("what") == "trying"
    why = last.get("why", "") if reached else UNREACHED
    if why in (UNASKED, UNREACHED):
        # The checks may never return; then this reason is recorded.
        remember(node, "failed", why)
        why = "; ".join([why, *problems(node)])
        if not node.on_trial:
            return False  # confirmed while the checks ran
    announce(node, f"{node.version} did not become healthy in time: {why}", f"restarting into slot {node.other}, which ran before")
    remember(node, "failed", why)
    return True


def notice(node: Node) -> str:
    """After a fallback: reports and records which version failed and why; "" if there was none."""
    chosen = node.chosen()
    if chosen.get("ingot_tried") == node.other:
        version = node.slot_facts(node.other).get("version", "")
        last = record.last(node.state)
        if last.get("version") == version and last.get("what") in ("written", "trying"):
            ended = "it stopped before its health was checked (loader, kernel or initrd stopped, or the power failed): see its console"
            why = f"it was restarted before it was confirmed, when {last.get('why')}" if last.get("what") == "trying" else ended
            record.note(node.state, "failed", version=version, slot=node.other, why=why)
        fell_back = record.failed(node.state).get(version, {})
        why = fell_back.get("why") or ("the reason is lost, because state is kept in memory" if node.diskless else "the reason is unknown")
        said = f"version {version or 'unknown'} in slot {node.other} failed: {why}. {node.version} runs again; ingot-update --status shows more"
    elif chosen.get("ingot_slot") != node.slot:
        said = f"slot {chosen.get('ingot_slot') or 'unknown'} is chosen but could not be loaded, so slot {node.slot} was booted: run ingot-update to write the other slot again"
    else:
        return ""
    with open(node.path("run/ingot/update-notice"), "w", encoding="utf-8") as file:
        file.write(said + "\n")
    announce(node, said)
    return said
