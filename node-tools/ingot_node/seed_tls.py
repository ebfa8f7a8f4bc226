"""tls of the cluster seed: the certificate of the cluster's CA, and how far the cluster has come on its way to TLS (docs/tls.md)."""

from __future__ import annotations

import re
from collections import namedtuple

# In the order in which a running cluster goes through them; each one understands the one before it.
LEVELS = ("accept", "prefer", "verify", "mutual")

CERTIFICATES = r"(-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/]{1,76}=*\n)+-----END CERTIFICATE-----\n)+"
# Letters; a chain of a few certificates has 10000.
LARGEST = 1 << 16


class Tls(namedtuple("Tls", ("ca", "level"))):
    """ca: certificates in PEM, whose holder signs those of the nodes; level: one of LEVELS."""

    @property
    def downgrades(self) -> bool:
        """Whether plain connections are still taken, and tried where TLS fails."""
        return self.level in ("accept", "prefer")


def parse_tls(given: object, secrets: dict) -> Tls:
    """The value of the key tls, of a seed with these secrets; ValueError says what is wrong, without what it holds."""
    if not isinstance(given, dict) or set(given) - {"ca", "level"}:
        raise ValueError("tls must be a map with ca, and level if need be")
    ca, level = given.get("ca"), given.get("level", "mutual")
    if isinstance(ca, str) and "PRIVATE KEY" in ca:
        raise ValueError("tls.ca holds a private key, which every node has now: take another CA")
    if not isinstance(ca, str) or len(ca) > LARGEST or not re.fullmatch(CERTIFICATES, ca):
        raise ValueError("tls.ca must be the certificate of the cluster's CA, in PEM")
    if level not in LEVELS:
        raise ValueError(f"tls.level must be one of {', '.join(LEVELS)}")
    missing = [name for name in ("tlsKey", "tlsCertificate") if name not in secrets]
    if missing:
        raise ValueError(f"tls needs a key and a certificate of each node, and secrets has no {' and no '.join(missing)}")
    return Tls(ca, level)
