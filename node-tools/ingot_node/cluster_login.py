"""With what programs of the node log in at the cluster's Mesos over HTTP: the secret `operator` of the seed, which root alone can read."""

import base64

# Who else listens at the node's address gets no login: of Mesos 5050 and 5051.
PORTS = (5050, 5051)
# ingot-identity writes both (cluster_config.py).
NAME = "/run/ingot/operator"
SECRET = "/run/ingot/secrets/operator"


def headers(port: int) -> dict[str, str]:
    """What goes with a question to this port; nothing where the seed names no login, or this user may not read it (RFC 7617)."""
    if port not in PORTS:
        return {}
    try:
        with open(NAME, encoding="utf-8") as name, open(SECRET, "rb") as secret:
            pair = name.read().strip().encode() + b":" + secret.read()
    except OSError:
        return {}
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def needed(root: str = "/") -> bool:
    """Whether the seed names a login, so that only root is answered."""
    try:
        with open(f"{root.rstrip('/')}{NAME}", encoding="utf-8"):
            return True
    except OSError:
        return False


def refusal() -> str:
    """Why an answer may have been 401, for people."""
    if not needed():
        return "it wants a login, and the seed names none (seed.secrets.operator)"
    try:
        with open(SECRET, "rb"):
            return "it does not accept the login of the seed (secret operator)"
    except OSError:
        return "it wants a login, which only root can read (sudo)"
