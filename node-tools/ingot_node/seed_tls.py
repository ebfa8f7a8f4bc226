"""tls of the cluster seed: the CA, and the level that the cluster has reached on its way to TLS (docs/tls.md)."""

from __future__ import annotations

import re
from collections import namedtuple

# In the order in which a running cluster changes them; nodes with adjacent levels understand each other.
LEVELS = ("accept", "prefer", "verify", "mutual")

CERTIFICATES = r"(-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/]{1,76}=*\n)+-----END CERTIFICATE-----\n)+"
# Characters; a chain of a few certificates has 10000.
LARGEST = 1 << 16


class Tls(namedtuple("Tls", ("ca", "level"))):
    """ca: PEM certificates of the CA that signs those of the nodes; level: one of LEVELS."""

    @property
    def downgrades(self) -> bool:
        """Whether plain connections are still accepted, and tried if TLS fails."""
        return self.level in ("accept", "prefer")


def parse_tls(given: object, secrets: dict) -> Tls:
    """Parses the key tls of a seed with these secrets; the text of the ValueError does not repeat the value."""
    if not isinstance(given, dict) or set(given) - {"ca", "level"}:
        raise ValueError("tls must be a map with ca and optionally level")
    ca, level = given.get("ca"), given.get("level", "mutual")
    if isinstance(ca, str) and "PRIVATE KEY" in ca:
        raise ValueError("tls.ca holds a private key, which every node has now: use another CA")
    if not isinstance(ca, str) or len(ca) > LARGEST or not re.fullmatch(CERTIFICATES, ca):
        raise ValueError("tls.ca must be the certificate of the cluster's CA, in PEM")
    if level not in LEVELS:
        raise ValueError(f"tls.level must be one of {', '.join(LEVELS)}")
    missing = [name for name in ("tlsKey", "tlsCertificate") if name not in secrets]
    if missing:
        raise ValueError(f"tls needs a key and a certificate of each node, and secrets has no {' and no '.join(missing)}")
    return Tls(ca, level)
