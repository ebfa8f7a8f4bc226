"""The part of a node's configuration that sets up TLS: a pure function of the seed's tls, the role and the layout.

Sources: 3rdparty/libprocess/src/openssl.cpp and docs/ssl.md of Apache Mesos; zookeeperAdmin.html of 3.8, "Encryption, Authentication, Authorization
Options"; mesosphere.marathon.io.SSLContextUtil.
"""

from __future__ import annotations

import json

from ingot_node.seed_tls import Tls

CA = "/run/ingot/tls/ca.pem"
# How programs of this node connect to the cluster's services.
CLIENT = "/run/ingot/tls/client.json"
# EnvironmentFile= of mesos-master and the agent. The init wrappers pass their environment on; clusterd's exports only
# what it reads itself.
LIBPROCESS = "/run/ingot/tls/libprocess.env"
# Executors do not inherit the agent's LIBPROCESS_* variables.
EXECUTORS = "/run/ingot/tls/executors.json"
FILES = (CA, CLIENT, LIBPROCESS, EXECUTORS)

KEY, CERTIFICATE = "/run/ingot/secrets/tls-key", "/run/ingot/secrets/tls-certificate"
ZOOKEEPER = "/run/ingot/secrets/zookeeper-tls.pem"
MARATHON_KEY, MARATHON_CERTIFICATE = "/run/ingot/secrets/marathon-tls-key", "/run/ingot/secrets/marathon-tls-certificate"
MARATHON_STORE = "/run/ingot/secrets/marathon-tls.p12"
# A Java keystore must have a password. It protects nothing; the file's mode does.
STORE_PASSWORD = "changeit"

# libprocess 1.9 knows only the short names and silently ignores others; since 1.10 they are deprecated.
VERIFY = {"mesosphere": ("VERIFY_CERT", "REQUIRE_CERT"), "clusterd": ("VERIFY_SERVER_CERT", "REQUIRE_CLIENT_CERT")}
# The default list of libprocess has no cipher for keys on elliptic curves, and no cipher with forward secrecy that
# browsers still support. TLS 1.3 is not supported (MESOS-9730).
CIPHERS = ":".join(f"ECDHE-{key}-{cipher}" for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384") for key in ("ECDSA", "RSA"))


def libprocess(tls: Tls, layout: str, key: str = KEY, certificate: str = CERTIFICATE) -> dict[str, str]:
    """The environment of a process that uses libprocess."""
    server, client = VERIFY[layout]
    said = {
        "ENABLED": True,
        "SUPPORT_DOWNGRADE": tls.downgrades,
        "KEY_FILE": key,
        "CERT_FILE": certificate,
        "CA_FILE": CA,
        # If downgrades are allowed, certificate checks can be bypassed, and Mesos warns about it.
        server: not tls.downgrades,
        client: tls.level == "mutual",
        # Peers are addressed by IP address. The value "legacy" looks their names up in the DNS, and blocks meanwhile.
        "HOSTNAME_VALIDATION_SCHEME": "openssl",
        "VERIFY_IPADD": True,
        "CIPHERS": CIPHERS,
    }
    return {f"LIBPROCESS_SSL_{name}": value if isinstance(value, str) else str(value).lower() for name, value in said.items()}


def files(tls: Tls, role: str, layout: str) -> dict[str, str]:
    """Absolute path -> content of the files that every node with TLS has."""
    environment = libprocess(tls, layout)
    more = {"MESOS_EXECUTOR_ENVIRONMENT_VARIABLES": f"file://{EXECUTORS}"} if role == "slave" else {}
    client = {"ca": CA, "certificate": CERTIFICATE, "key": KEY, "level": tls.level}
    return {
        CA: tls.ca,
        CLIENT: json.dumps(client) + "\n",
        LIBPROCESS: "".join(f"{name}={value}\n" for name, value in {**environment, **more}.items()),
        **({EXECUTORS: json.dumps(environment) + "\n"} if role == "slave" else {}),
    }


def zoo_cfg(tls: Tls) -> list[str]:
    """Lines of zoo.cfg for an ensemble: TLS between its members ("Quorum TLS").

    Each member shows a certificate of the CA that names its address.
    """
    unified = ["portUnification=true"] if tls.downgrades else []
    return [
        f"sslQuorum={'false' if tls.level == 'accept' else 'true'}",
        *unified,
        f"ssl.quorum.keyStore.location={ZOOKEEPER}",
        "ssl.quorum.keyStore.type=PEM",
        f"ssl.quorum.trustStore.location={CA}",
        "ssl.quorum.trustStore.type=PEM",
    ]


def marathon(tls: Tls, layout: str) -> dict[str, str]:
    """Variables of /etc/default/marathon.

    Its libmesos uses the settings of Mesos. Its own port uses TLS as soon as no client needs plain text.
    """
    own = {
        # A toggle of Marathon is on if the variable exists and is empty.
        "MARATHON_DISABLE_HTTP": "",
        "MARATHON_HTTPS_PORT": "8080",
        "MARATHON_SSL_KEYSTORE_PATH": MARATHON_STORE,
        "MARATHON_SSL_KEYSTORE_PASSWORD": STORE_PASSWORD,
    }
    return {**libprocess(tls, layout, MARATHON_KEY, MARATHON_CERTIFICATE), **({} if tls.downgrades else own)}
