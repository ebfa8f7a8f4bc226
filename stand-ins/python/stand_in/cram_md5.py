"""A login with CRAM-MD5 (RFC 2195), which the real programs do with Cyrus SASL (src/authentication/cram_md5).

The stand-ins use HTTP: POST /stand-in/authenticate {principal} returns a challenge; the next request answers it in the
header X-Stand-In-Login: <principal> <challenge> <HMAC-MD5 of the challenge with the secret>. Each challenge is valid
once.
"""

import glob
import hmac
import os
import secrets
import threading

from stand_in import http_call
from stand_in.http_server import HttpError, Reply

HEADER = "X-Stand-In-Login"
_PLUGINS = "/usr/lib/*/sasl2:/usr/lib/sasl2"


def mechanism():
    """Whether Cyrus SASL has the plugin: Debian's libsasl2-modules, on which Mesos does not depend. For SASL_PATH see
    sasl_getpath_t(3).
    """
    folders = os.environ.get("SASL_PATH", _PLUGINS).split(":")
    return any(glob.glob(os.path.join(folder, "libcrammd5.so*")) for folder in folders)


def _answer(secret, challenge):
    return hmac.new(secret.encode(), challenge.encode(), "md5").hexdigest()


class Authenticator:
    """The master's side. credentials: {principal: secret}, or None to refuse every login."""

    def __init__(self, credentials):
        self._credentials = credentials or {}
        self._open = set()
        self._lock = threading.Lock()

    def challenge(self, _request):
        """POST /stand-in/authenticate."""
        if not mechanism():
            # src/authentication/cram_md5/authenticator.cpp, sasl_listmech.
            raise HttpError(503, "Failed to get list of mechanisms: SASL(-4): no mechanism available: "
                                 "Internal Error -4 in server.c near line 1757")
        text = f"<{secrets.token_hex(16)}@mesos>"
        with self._lock:
            self._open.add(text)
        return Reply({"mechanisms": ["CRAM-MD5"], "challenge": text})

    def principal(self, request):
        """The principal that has logged in with this request, or None without a login.

        Raises HttpError 401 for a wrong answer.
        """
        given = (request.headers.get(HEADER) or "").split(" ")
        if len(given) != 3:
            return None
        principal, challenge, answer = given
        with self._lock:
            known = challenge in self._open
            self._open.discard(challenge)
        secret = self._credentials.get(principal)
        if known and secret is not None and hmac.compare_digest(answer, _answer(secret, challenge)):
            return principal
        raise HttpError(401, "Authentication failed")


def login(master, credential):
    """The login headers of a request to the master (ip, port); {} without a credential. Raises http_call.FAILURES."""
    if credential is None:
        return {}
    principal, secret = credential
    if not mechanism():
        # src/authentication/cram_md5/authenticatee.cpp, sasl_client_start.
        raise OSError("Failed to start the SASL client: SASL(-4): no mechanism available: No worthy mechs found")
    answer = http_call.call("POST", master, "/stand-in/authenticate", {"principal": principal})
    if not answer.ok:
        raise OSError(answer.message)
    challenge = answer.body["challenge"]
    return {HEADER: f"{principal} {challenge} {_answer(secret, challenge)}"}
