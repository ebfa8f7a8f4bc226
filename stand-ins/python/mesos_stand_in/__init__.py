"""Stand-ins for mesos-master and the agent of Apache Mesos 1.9 or of clusterd 1.11: for tests and rehearsals, not the
real programs."""

import sys

VERSION = "1.9.0-standin"
NOTICE = "stand-in for tests and rehearsals, not Apache Mesos"
# Whether the programs are stand-ins for those of the package aventer-mesos.
CLUSTERD = False
AGENT_NAME = "mesos-slave"


def become_clusterd():
    """Makes this a stand-in for clusterd. The programs of the package aventer-mesos call it before other imports."""
    module = sys.modules[__name__]
    module.VERSION = "1.11.0-standin"
    module.NOTICE = "stand-in for tests and rehearsals, not clusterd"
    module.CLUSTERD = True
    module.AGENT_NAME = "mesos-agent"


def version_body():
    """The body of /version."""
    return {"version": VERSION, "stand_in": True, "notice": NOTICE}
