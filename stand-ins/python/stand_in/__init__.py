"""What the Mesos and the Marathon stand-in share: ZooKeeper, HTTP, log.

Stand-ins are for tests and rehearsals. They are not Apache Mesos and not Marathon.
"""
