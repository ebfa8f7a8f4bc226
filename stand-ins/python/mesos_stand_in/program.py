"""The first steps of both programs: flags, log, name and version."""

import sys

from mesos_stand_in import NOTICE, VERSION
from mesos_stand_in.flags import FlagError, load
from stand_in import libprocess, log


def begin(name, table, check, arguments, environment):
    """Returns the flags' values after check(values). Exits with status 1 where Mesos does."""
    try:
        if "--version" in arguments:
            print(f"mesos {VERSION} ({NOTICE})")
            sys.exit(0)
        if "--help" in arguments:
            print(usage(name, table))
            sys.exit(0)
        flags = load(table, arguments, environment)
        check(flags)
        log.configure(name, flags["log_dir"], flags["quiet"], flags["logging_level"])
    except (FlagError, OSError) as problem:
        print(f"{problem}\n\n{usage(name, table)}", file=sys.stderr)
        sys.exit(1)
    log.info(f"{name} {VERSION}: {NOTICE}")
    speak()
    return flags


def speak():
    """Sets up TLS for this process from its LIBPROCESS_SSL_*. Ends the process where libprocess does."""
    libprocess.initialize(renamed=tuple(int(part) for part in VERSION.split(".")[:2]) >= (1, 10))


def usage(name, table):
    """The output of --help."""
    lines = [f"Usage: {name} [options]   (a {NOTICE})", ""]
    for flag in sorted(table, key=lambda flag: flag.name):
        names = [flag.name, flag.alias] if flag.alias else [flag.name]
        shape = "--[no-]{}" if flag.kind == "boolean" else "--{}=VALUE"
        lines.append("  " + ", ".join(shape.format(one) for one in names))
    return "\n".join(lines)


def shown(flags):
    """The body of /flags: every flag that has a value, as text."""
    texts = {True: "true", False: "false"}
    return {name: texts.get(value, str(value)) if isinstance(value, bool) else str(value)
            for name, value in sorted(flags.items()) if value is not None}
