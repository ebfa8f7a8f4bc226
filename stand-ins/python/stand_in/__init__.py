"""Code that the stand-ins for Mesos and Marathon share: ZooKeeper, HTTP, log.

Stand-ins are for tests and rehearsals. They are not Apache Mesos and not Marathon.
"""
