"""Marathon's login at masters (MarathonSchedulerDriver of mesosphere/marathon): the secret is the whole content of the
file, including a final line feed."""

from marathon_stand_in.options import OptionError


def credential_of(options):
    """(principal, secret), or None if authentication is off. Raises OptionError."""
    principal = options.get("mesos_authentication_principal")
    if not options.get("mesos_authentication") or not principal:
        return None
    path = options.get("mesos_authentication_secret_file")
    if not path:
        return principal, options.get("mesos_authentication_secret") or ""
    try:
        with open(path, encoding="utf-8") as file:
            return principal, file.read()
    except OSError as problem:
        raise OptionError(f"Bad arguments for option 'mesos_authentication_secret_file': '{path}' - {problem.strerror}") from None
