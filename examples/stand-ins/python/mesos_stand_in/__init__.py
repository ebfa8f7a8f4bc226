"""Stand-ins for mesos-master and mesos-slave 1.9: for tests and rehearsals, not Apache Mesos."""

VERSION = "1.9.0-standin"
NOTICE = "stand-in for tests and rehearsals, not Apache Mesos"


def version_body():
    """The body of /version."""
    return {"version": VERSION, "stand_in": True, "notice": NOTICE}
