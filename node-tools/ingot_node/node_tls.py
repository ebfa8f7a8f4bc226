"""Checks a node's key and certificate, and converts them to the forms that services read.

They must fit each other, the CA of the seed and the node's address.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from glob import glob

from ingot_node import cluster_tls
from ingot_node.cluster_seed import IdentityError, Seed

# Error numbers of openssl-verification-options(1); all other errors are reported in openssl's words.
REASONS = {
    9: "is not valid yet: check the clock of this node, or wait",
    10: "has expired: renew it, and restart",
}
MEND = "provide the correct one, and restart"


def _openssl(*arguments: str, text: bytes = b"", descriptors: tuple = ()) -> subprocess.CompletedProcess:
    # An empty passphrase, so that openssl never prompts for one.
    try:
        return subprocess.run(["openssl", *arguments], input=text, capture_output=True, check=False, pass_fds=descriptors)
    except OSError as error:
        raise IdentityError(f"openssl, which checks the certificate of this node, cannot be run: {error.strerror}") from error


def plain_key(text: bytes) -> bytes:
    """The private key as PKCS#8, the form that all services read; IdentityError if the text is not a private key."""
    done = _openssl("pkey", "-passin", "pass:", text=text)
    if done.returncode != 0:
        raise IdentityError(f"the secret tlsKey is not a private key in PEM without a passphrase: {MEND}")
    return done.stdout


def certificates(text: bytes) -> bytes:
    """The certificates in the text without any text around them, the node's own first.

    Raises IdentityError if there are none, or if there is a private key.
    """
    if b"PRIVATE KEY-----" in text:
        raise IdentityError("the secret tlsCertificate also holds a private key: put only the certificate there, and the key in tlsKey")
    found = re.findall(rb"-----BEGIN CERTIFICATE-----\r?\n.*?\r?\n-----END CERTIFICATE-----", text, re.DOTALL)
    chain = b"".join(one.replace(b"\r", b"") + b"\n" for one in found)
    if not found or _openssl("x509", "-noout", text=chain).returncode != 0:
        raise IdentityError(f"the secret tlsCertificate is not a certificate in PEM: {MEND}")
    return chain


def _verify(ca: bytes, chain: bytes, purpose: str) -> str:
    """Why openssl-verify(1) does not accept the first certificate of the chain, or ""."""
    with tempfile.TemporaryFile() as trusted, tempfile.TemporaryFile() as shown:
        for file, text in ((trusted, ca), (shown, chain)):
            file.write(text)
            file.flush()
        names = [f"/dev/fd/{file.fileno()}" for file in (trusted, shown)]
        done = _openssl(
            *("verify", "-no-CApath", "-no-CAstore", "-purpose", purpose, "-CAfile", names[0], "-untrusted", names[1], names[1]),
            descriptors=(trusted.fileno(), shown.fileno()),
        )
    if done.returncode == 0:
        return ""
    found = re.search(rb"error (\d+) at (\d+) depth lookup: (.*)", done.stdout + done.stderr)
    if not found:
        return "cannot be verified by the CA of the seed"
    number, depth, words = int(found[1]), int(found[2]), found[3].decode(errors="replace")
    if depth == 0 and number in REASONS:
        return REASONS[number]
    return f"is not signed by the CA of the seed (seed.tls.ca) ({words}): {MEND}"


def check(ca: bytes, key: bytes, chain: bytes, address: str) -> None:
    """Raises IdentityError if the first certificate of the chain is not acceptable.

    It must fit the key, the address and the CA, and be valid now.
    """
    own = _openssl("x509", "-noout", "-pubkey", text=chain).stdout
    if own != _openssl("pkey", "-pubout", text=key).stdout:
        raise IdentityError("the certificate in tlsCertificate does not belong to the key in tlsKey: provide a matching pair, and restart")
    # Each member is both a client and a server of the others.
    for purpose in ("sslserver", "sslclient"):
        reason = _verify(ca, chain, purpose)
        if reason:
            raise IdentityError(f"the certificate of this node in tlsCertificate {reason}")
    if b"does match certificate" not in _openssl("x509", "-noout", "-checkip", address, text=chain).stdout:
        raise IdentityError(
            f"the certificate of this node in tlsCertificate is not for its address {address}: members connect by address, so it needs"
            f" subjectAltName = IP:{address}"
        )


def _keytool() -> str:
    # Images have at most one Java.
    found = sorted(glob("/usr/lib/jvm/*/bin/keytool"))
    return found[0] if found else "keytool"


def key_store(ca: str, key: bytes, chain: bytes) -> bytes:
    """A PKCS#12 store for Java with the node's key, and the CA as trusted.

    Marathon verifies its peers with the same store that it serves with.
    """
    password = f"pass:{cluster_tls.STORE_PASSWORD}"
    done = _openssl("pkcs12", "-export", "-name", "node", "-passout", password, text=key + chain)
    with tempfile.TemporaryDirectory() as folder:
        store, trusted = os.path.join(folder, "store"), os.path.join(folder, "ca")
        with open(os.open(store, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(done.stdout)
        each = re.findall(r"-----BEGIN CERTIFICATE-----\n.*?-----END CERTIFICATE-----\n", ca, re.DOTALL)
        for number, one in enumerate(each):
            with open(trusted, "w", encoding="ascii") as file:
                file.write(one)
            options = ["-importcert", "-noprompt", "-alias", f"ca{number}", "-file", trusted, "-keystore", store, "-storetype", "PKCS12"]
            try:
                run = subprocess.run([_keytool(), *options, "-storepass", cluster_tls.STORE_PASSWORD], capture_output=True, check=False)
            except OSError as error:
                raise IdentityError(f"keytool, which creates the key store of Marathon, cannot be run: {error.strerror}") from error
            if run.returncode != 0:
                raise IdentityError(f"the key store of Marathon cannot be created: {run.stdout.decode(errors='replace').strip()}")
        with open(store, "rb") as file:
            return file.read()


def forms(seed: Seed, address: str, secrets: dict[str, bytes], master: bool, with_marathon: bool) -> dict[str, bytes]:
    """File below /run -> what a service reads, from the secrets tlsKey and tlsCertificate of this node.

    Raises IdentityError if they do not fit.
    """
    key, chain = plain_key(secrets[cluster_tls.KEY]), certificates(secrets[cluster_tls.CERTIFICATE])
    check(seed.tls.ca.encode(), key, chain, address)
    found = {cluster_tls.KEY: key, cluster_tls.CERTIFICATE: chain}
    if master:
        # A PEM key store of ZooKeeper is one file with both.
        found[cluster_tls.ZOOKEEPER] = chain + key
    if with_marathon:
        found[cluster_tls.MARATHON_KEY], found[cluster_tls.MARATHON_CERTIFICATE] = key, chain
        if not seed.tls.downgrades:
            found[cluster_tls.MARATHON_STORE] = key_store(seed.tls.ca, key, chain)
    return found
