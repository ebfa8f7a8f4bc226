"""Basic authentication of the HTTP endpoints, and what ACLs allow there (src/common/http.cpp;
3rdparty/libprocess/src/authenticator.cpp).
"""

import base64
import hmac
import re

from mesos_stand_in import acls
from mesos_stand_in.flags import FlagError
from stand_in.http_server import Reply

# No login is needed for these (docs/endpoints of 1.9); /stand-in/ is the stand-in's own protocol, with its own login.
_OPEN = re.compile(r"(?:/master|/slave(?:\(1\)|%281%29))?/(?:health|version|redirect)|/(?:static/.*)?|/stand-in/.*")
_WRITES = re.compile(r"(?:/master|/slave(?:\(1\)|%281%29))?/(?:api/v1(?:/scheduler)?|quota(?:/.*)?|weights|teardown|reserve|unreserve)")
_ENDPOINTS = re.compile(r"/metrics/snapshot|(?:/slave(?:\(1\)|%281%29))?/(?:containers|monitor/statistics)")


def check(flags, process, credentials):
    """Refuses what the real program refuses when it starts. Raises FlagError."""
    for kind in ("readonly", "readwrite"):
        if flags[f"authenticate_http_{kind}"] and credentials is None:
            raise FlagError(f"No credentials provided for the default 'basic' HTTP authenticator for realm 'mesos-{process}-{kind}'")


def _login(request, credentials):
    kind, _, coded = (request.headers.get("Authorization") or "").partition(" ")
    try:
        name, colon, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except ValueError:
        return None
    known = (credentials or {}).get(name)
    fits = kind == "Basic" and colon and known is not None and hmac.compare_digest(secret.encode(), known.encode())
    return name if fits else None


def guarded(find, flags, process, credentials, rules):
    """Wraps find (Request → Reply): requires the logins of the flags and the permissions of the ACLs."""

    def answer(request):
        if _OPEN.fullmatch(request.path):
            return find(request)
        kind = "readwrite" if _WRITES.fullmatch(request.path) else "readonly"
        request.principal = None
        if flags[f"authenticate_http_{kind}"]:
            request.principal = _login(request, credentials)
            if request.principal is None:
                return Reply("401 Unauthorized.", 401, {"WWW-Authenticate": f'Basic realm="mesos-{process}-{kind}"'})
        plain = re.sub(r"^/(?:master|slave(?:\(1\)|%281%29))(?=/)", "", request.path)
        allowed = acls.authorized(rules, "get_endpoints", request.principal, plain) if _ENDPOINTS.fullmatch(request.path) else True
        if plain == "/flags":
            allowed = acls.authorized(rules, "view_flags", request.principal, None)
        return find(request) if allowed else Reply("403 Forbidden.", 403)

    return answer
