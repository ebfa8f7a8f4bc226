"""The HTTP login of the node's programs at the cluster's Mesos: the secret `operator` of the seed.

Only root can read it.
"""

import base64

# The login is sent only to Mesos, which listens on 5050 and 5051, and to no other service at the node's address.
PORTS = (5050, 5051)
# Both are written by ingot-identity (cluster_config.py).
NAME = "/run/ingot/operator"
SECRET = "/run/ingot/secrets/operator"


def headers(port: int) -> dict[str, str]:
    """HTTP headers for a request to this port (RFC 7617).

    Empty if the seed names no login, or if this user may not read it.
    """
    if port not in PORTS:
        return {}
    try:
        with open(NAME, encoding="utf-8") as name, open(SECRET, "rb") as secret:
            pair = name.read().strip().encode() + b":" + secret.read()
    except OSError:
        return {}
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def needed(root: str = "/") -> bool:
    """Whether the seed names a login, so that Mesos answers only root."""
    try:
        with open(f"{root.rstrip('/')}{NAME}", encoding="utf-8"):
            return True
    except OSError:
        return False


def refusal() -> str:
    """Why an answer may have been 401, as a text for people."""
    if not needed():
        return "it requires a login, and the seed names none (seed.secrets.operator)"
    try:
        with open(SECRET, "rb"):
            return "it does not accept the login of the seed (secret operator)"
    except OSError:
        return "it requires a login, which only root can read (sudo)"
