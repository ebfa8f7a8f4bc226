"""The answer as text."""

from ingot_node.drift.answer import digest
from ingot_node.drift.look import Seen


def _scanned(scan) -> list[str]:
    """What was compared of a root without dm-verity, and what was not."""
    read = scan.changed + scan.grave + scan.sampled
    return [
        f"manifest     {scan.manifest}: metadata of {scan.paths} paths",
        f"content      of {read} files of {scan.files}, {scan.read >> 20} MiB of {scan.budget}: {scan.changed} changed since, {scan.grave} grave, {scan.sampled} sampled (--sample {scan.seed})",
        *([f"NOT READ     {scan.left} files: their content is unknown"] if scan.left else []),
    ]


def _seed(seen: Seen) -> str:
    if not seen.seed:
        return "none"
    by = f"signed by {seen.seed['signedBy']}" if seen.seed["signedBy"] else "not verified by this node: compare it across the fleet"
    return f"{seen.seed['sha256']}, {by}"


def _slots(boot: dict) -> list[str]:
    """A line for each slot: its content, and how that was verified."""
    lines = []
    for slot, found in boot["slots"].items():
        words = ["runs"] if slot == boot["slot"] else []
        words += ["boots next"] if slot == boot["next"] and slot != boot["slot"] else []
        if found and "version" in found:
            words += ["signed"] if found["signed"] else []
            words += ["root hash " + found["rootHash"]] if slot != boot["slot"] else []
        holds = "empty" if not found else found.get("version") or "an update is being written"
        lines.append(f"slot {slot}       {', '.join([holds, *words])}")
    return lines


def text(seen: Seen) -> str:
    """What runs, then each drift with the expected and the actual value and what to do."""
    clean = f"no drift     {seen.derived} files as in the seed, {seen.state} changes of state; {seen.seconds:.1f} s"
    counted = f"DRIFT        {len(seen.drifts)} {'drift' if len(seen.drifts) == 1 else 'drifts'}, {seen.seconds:.1f} s"
    verified = "enforced by dm-verity" if seen.verified else "NOT VERIFIED by the kernel: the rest is only this node’s own claim"
    lines = [
        f"node         {seen.node}, {seen.role}",
        f"version      {seen.version or 'none on the kernel command line'}",
        *(_scanned(seen.scan) if seen.scan else [f"root hash    {seen.root_hash or 'none on the kernel command line'}"]),
        f"root         {verified}",
        f"seed         {_seed(seen)}",
        *(_slots(seen.boot) if seen.boot else []),
        *(["clock        not synchronised with any time server"] if seen.synchronised is False else []),
        f"digest       {digest(seen)}",
        counted if seen.drifts else clean,
    ]
    for drift in seen.drifts:
        lines += ["", f"{drift.path}: {drift.kind} ({drift.klass}, {drift.severity})"]
        lines += [f"  expected   {line}" for line in [drift.expected] if line is not None and not drift.diff]
        lines += [f"  there      {line}" for line in [drift.there] if line is not None and not drift.diff]
        lines += [f"  {line}" for line in drift.diff]
        lines.append(f"  → {drift.hint}")
    return "\n".join(lines)
