"""The status of a node as text."""


MIB = 1 << 20


def _identity(who: dict) -> str:
    if "name" not in who:
        return f"NONE: {who['why']}"
    number = f", ZooKeeper {who['zooKeeperId']}" if "zooKeeperId" in who else ""
    attributes = who.get("attributes") or {}
    pairs = ", ".join(f"{name}:{value}" for name, value in sorted(attributes.items()))
    said = f"{who['name']}, {who['address']}{number}{', attributes ' + pairs if pairs else ''}"
    return said if who["joined"] else f"{said}; DOES NOT JOIN THE CLUSTER"


def _seed(seed: dict) -> str:
    if seed["refused"]:
        return "REFUSED"
    if seed["signedBy"]:
        return f"signed by {seed['signedBy']}"
    return f"none trusted yet, keys {', '.join(seed['believes'])}" if seed["believes"] else "not signed: this image trusts every seed"


def _quorum(quorum: dict) -> str:
    mode = f"ZooKeeper is {quorum['zooKeeper']}" if quorum["zooKeeper"] else "ZooKeeper does not serve"
    elected = f"{quorum['elected']} is elected" if quorum["elected"] else "no leader on which all agree"
    return f"{quorum['needed']} of {quorum['masters']} masters; {mode}, {elected}"


def _clock(clock: dict) -> str:
    if clock["synchronised"]:
        return "synchronised"
    said = "not synchronised" if clock["synchronised"] is False else "chrony does not answer"
    return said if clock["demandedBySeed"] else f"{said}; the seed names no time server, so the hardware clock is used"


def _state(state: dict) -> str:
    free = f", {state['freeBytes'] // MIB} of {state['bytes'] // MIB} MiB free" if state["bytes"] else ""
    if state["inMemory"]:
        return f"IN MEMORY: {state['inMemory']}{free}"
    return f"{state['source'] or 'not mounted'}{free}"


def _update(update: dict) -> str:
    if "why" in update:
        return update["why"]
    running, other = update["running"], update["other"]
    trial = "on trial" if update["state"] == "trying" else "settled"
    failed = ", failed its trial" if other["failed"] else ""
    return f"slot {running['slot']}, {trial}; slot {other['slot']} holds {other['version'] or other['holds']}{failed}"


def text(found: dict) -> str:
    """Lines with a name and a value."""
    release = found["release"]
    enforced = "enforced by dm-verity" if release["verified"] else "NOT VERIFIED by the kernel"
    lines: list[str] = [
        "HEALTHY" if found["healthy"] else "NOT HEALTHY",
        f"role        {release.get('role', 'unknown')}, layout {release.get('layout', 'unknown')}, scheduler {release.get('scheduler', 'unknown')}",
        f"version     {release['version'] or 'none on the kernel command line'}",
        f"root        {release['rootHash'] or 'no hash on the kernel command line'}, {enforced}",
        f"identity    {_identity(found['identity'])}",
        f"seed        {_seed(found['seed'])}",
    ]
    if found["quorum"]:
        lines.append(f"quorum      {_quorum(found['quorum'])}")
    if "agent" in found["checks"]:
        lines.append(f"agent       {found['checks']['agent']['says']}")
    lines += [
        f"services    {', '.join(f'{name} {state}' for name, state in found['services'].items()) or 'none'}",
        f"clock       {_clock(found['clock'])}",
        f"state       {_state(found['state'])}",
        f"update      {_update(found['update'])}",
        f"drift       {found['drift']['says']}",
    ]
    return "\n".join(lines + [f"PROBLEM     {each}" for each in found["problems"]])
