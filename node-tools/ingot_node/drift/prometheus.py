"""The answer as a textfile for Prometheus' node_exporter (its textfile collector)."""

from ingot_node.drift.answer import counts, digest
from ingot_node.drift.look import Seen


def _quoted(value: str) -> str:
    """Quotes the value of a label: Prometheus, Exposition formats."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _labels(**labels: str) -> str:
    return "{" + ",".join(f"{name}={_quoted(value)}" for name, value in labels.items()) + "}"


def textfile(seen: Seen) -> str:
    info = _labels(role=seen.role, version=seen.version or "", root_hash=seen.root_hash or "", digest=digest(seen))
    families = [
        ("ingot_root_info", "The running golden root, and the digest of the node's answer.", [(info, "1")]),
        ("ingot_root_verified", "1 if dm-verity enforces the root.", [("", str(int(seen.verified)))]),
        (
            "ingot_drift_paths",
            "Differences from the golden root, by class.",
            [(_labels(**{"class": klass}), str(count)) for klass, count in counts(seen).items()],
        ),
        ("ingot_drift_critical", "Drifts that open or hide a way in.", [("", str(sum(1 for one in seen.drifts if one.severity == "critical")))]),
        ("ingot_drift_last_check_seconds", "Time of the last check, in seconds since 1970.", [("", f"{seen.when:.0f}")]),
        ("ingot_drift_check_duration_seconds", "Duration of the last check in seconds.", [("", f"{seen.seconds:.3f}")]),
    ]
    if seen.synchronised is not None:
        families.append(("ingot_clock_synchronised", "1 if the kernel's clock is synchronised with a time server.", [("", str(int(seen.synchronised)))]))
    lines = []
    for name, what, samples in families:
        lines += [f"# HELP {name} {what}", f"# TYPE {name} gauge", *(f"{name}{labels} {value}" for labels, value in samples)]
    return "\n".join(lines) + "\n"
