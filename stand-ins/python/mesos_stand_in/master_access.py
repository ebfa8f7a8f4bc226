"""The access control of a master: agents and frameworks log in with CRAM-MD5, people over HTTP, and ACLs apply to all
(src/master/master.cpp, src/master/main.cpp of 1.9)."""

import hmac

from mesos_stand_in import acls, credentials, http_access
from mesos_stand_in.flags import FlagError
from stand_in import log
from stand_in.cram_md5 import Authenticator
from stand_in.http_server import HttpError


class MasterAccess:
    """Each check raises HttpError: 401 for a wrong login, 403 for a missing login or a missing permission."""

    def __init__(self, flags):
        """Raises FlagError for flags that stop the real master."""
        self._flags = flags
        self.credentials = credentials.all_of(flags, "credentials")
        self.rules = acls.load(flags)
        self.authenticator = Authenticator(self.credentials)
        http_access.check(flags, "master", self.credentials)
        if flags["authenticate_http_frameworks"]:
            if not flags["http_framework_authenticators"]:
                raise FlagError("Missing `--http_framework_authenticators` flag. This must be used in conjunction with `--authenticate_http_frameworks`")
            if self.credentials is None:
                raise FlagError("No credentials provided for the default 'basic' HTTP authenticator for realm 'mesos-master-scheduler'")

    def guarded(self, find):
        """The routes, protected by logins and ACLs."""
        return http_access.guarded(find, self._flags, "master", self.credentials, self.rules)

    def agent(self, request, where):
        """Checks that the agent may register."""
        principal = self.authenticator.principal(request)
        if self._flags["authenticate_agents"] and principal is None:
            self._refuse(f"Refusing registration of agent at {where} because it is not authenticated")
        if not acls.authorized(self.rules, "register_agents", principal, None):
            self._refuse(f"Refusing registration of agent at {where}: not authorized to register as agent with principal '{principal}'")

    def framework(self, request, role="*", user="root"):
        """Checks that a framework that uses the driver's protocol may register and run tasks."""
        principal = self.authenticator.principal(request)
        if self._flags["authenticate_frameworks"] and principal is None:
            self._refuse("Framework is not authenticated")
        self._may(principal, role, user)

    def http_framework(self, credential, role="*", user="root"):
        """The same for a framework that sends its login over HTTP: {principal, secret}, or None."""
        known = (self.credentials or {}).get((credential or {}).get("principal", ""))
        fits = known is not None and hmac.compare_digest(known, credential.get("secret") or "")
        if self._flags["authenticate_http_frameworks"] and not fits:
            raise HttpError(401, "401 Unauthorized.")
        self._may(credential["principal"] if fits else None, role, user)

    def _may(self, principal, role, user):
        if not acls.authorized(self.rules, "register_frameworks", principal, role):
            self._refuse(f"Not authorized to use role '{role}'")
        if not acls.authorized(self.rules, "run_tasks", principal, user):
            self._refuse(f"Not authorized to launch as user '{user}'")

    @staticmethod
    def _refuse(text):
        log.warning(text)
        raise HttpError(403, text)
