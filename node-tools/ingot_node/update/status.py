"""The content of ingot-update --status."""

from ingot_node.update import record
from ingot_node.update.channel import revocation_of
from ingot_node.update.install import MARK
from ingot_node.update.node import Node


def status(node: Node) -> dict:
    """Slots, versions, whether the running version is on trial, and the last attempt.

    Raises UpdateError if there are no slots.
    """
    chosen = node.chosen()
    other = node.slot_facts(node.other)
    half = not other and _exists(node, MARK)
    return {
        "role": node.role,
        "running": {"slot": node.slot, "version": node.version, "rootHash": node.arguments.get("ingot.roothash")},
        "state": "trying" if node.on_trial else "settled",
        "other": {
            "slot": node.other,
            "version": other.get("version"),
            "holds": "a version" if other else ("a part of a version" if half else "nothing"),
            "triedNext": chosen.get("ingot_try") == node.other,
            "failed": chosen.get("ingot_tried") == node.other,
        },
        "revoked": revocation_of(record.revoked(node.state), node.role, node.version, node.arguments.get("ingot.roothash")),
        "last": record.last(node.state) or None,
        "failed": record.failed(node.state),
    }


def _exists(node: Node, name: str) -> bool:
    try:
        with open(f"{node.folder(node.other)}/{name}", encoding="utf-8"):
            return True
    except OSError:
        return False


def text(found: dict) -> str:
    """The status as text."""
    running, other, last = found["running"], found["other"], found["last"]
    state = "on trial, not confirmed yet" if found["state"] == "trying" else "settled"
    holds = other["version"] or other["holds"]
    then = ", tried at the next start" if other["triedNext"] else ", failed its trial" if other["failed"] else ""
    lines = [
        f"role        {found['role']}",
        f"running     slot {running['slot']}: {running['version'] or 'unknown version'}, {state}",
        f"other       slot {other['slot']}: {holds}{then}",
    ]
    if found["revoked"]:
        lines.append(f"REVOKED     {found['revoked']['on']}: {found['revoked']['why']}")
    if last:
        lines.append(f"last        {last.get('when')}: {last.get('version', 'a version')} {last.get('what')}{': ' + last['why'] if 'why' in last else ''}")
    return "\n".join(lines)
