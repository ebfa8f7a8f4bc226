"""Marathon on a master: its configuration files, and the secret with which it logs in to Mesos.

cluster_config imports the module of this name; the image of a cluster without a scheduler has none.
"""

from __future__ import annotations

import os

from ingot_node import cluster_tls
from ingot_node.cluster_seed import Seed, zookeepers

# The name in release.json and seed.secrets.
NAME = "marathon"
# The file of its secret, and the user whose process reads it.
SECRET = "/run/ingot/secrets/marathon"
OWNER = "marathon"
# Other files of /run/ingot/secrets that belong to this user if the seed has tls (node_tls.py).
TLS_SECRETS = tuple(os.path.basename(path) for path in (cluster_tls.MARATHON_KEY, cluster_tls.MARATHON_CERTIFICATE, cluster_tls.MARATHON_STORE))


def files(seed: Seed, address: str, layout: str) -> dict[str, str]:
    """Absolute path -> complete content.

    Since 1.5 Marathon reads only its environment (docs/docs/command-line-flags.md of mesosphere/marathon).
    """
    settings = {
        "MARATHON_HOSTNAME": address,
        "MARATHON_HTTP_PORT": "8080",
        "MARATHON_MASTER": zookeepers(seed, "mesos"),
        "MARATHON_ZK": zookeepers(seed, "marathon"),
        **_login(seed),
        **(cluster_tls.marathon(seed.tls, layout) if seed.tls else {}),
    }
    # An EnvironmentFile of systemd: no shell reads it.
    return {"/etc/default/marathon": "".join(f"{name}={value}\n" for name, value in settings.items())}


def _login(seed: Seed) -> dict[str, str]:
    if NAME not in seed.secrets:
        return {}
    return {
        # A toggle of Marathon is on if the variable exists and is empty.
        "MARATHON_MESOS_AUTHENTICATION": "",
        "MARATHON_MESOS_AUTHENTICATION_PRINCIPAL": seed.secrets[NAME].principal,
        "MARATHON_MESOS_AUTHENTICATION_SECRET_FILE": SECRET,
    }
