"""HTTPS of Marathon's own port: --ssl_keystore_path and --ssl_keystore_password
(docs/ssl-basic-access-authentication.md).

The program openssl reads the store, so it must be PKCS#12. As in SSLContextUtil, peers are checked with the
certificates of the same store.
"""

import re
import socket
import ssl
import subprocess
import tempfile


class KeyStoreError(Exception):
    """A store that Marathon cannot use to serve."""


class KeyStore:
    """Has accept and connect, like stand_in.libprocess.Tls."""

    def __init__(self, path, password):
        text = _opened(path, password)
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with tempfile.NamedTemporaryFile() as file:
            file.write(text)
            file.flush()
            try:
                self.server.load_cert_chain(file.name)
            except ssl.SSLError as problem:
                raise KeyStoreError(f"{path} has no key with its certificate: {problem.reason}") from None
        for trusted in re.findall(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", text, re.DOTALL):
            self.client.load_verify_locations(cadata=trusted.decode())

    def accept(self, connection):
        """Makes a server's connection a TLS connection. Raises OSError."""
        return self.server.wrap_socket(connection, server_side=True)

    def connect(self, address, timeout):
        """Returns a connection to (host, port). Raises OSError, also if the certificate of the peer is not accepted."""
        plain = socket.create_connection(address, timeout)
        try:
            return self.client.wrap_socket(plain, server_hostname=address[0])
        except OSError:
            plain.close()
            raise


def _opened(path, password):
    done = subprocess.run(["openssl", "pkcs12", "-in", path, "-passin", "stdin", "-nodes"], input=(password or "").encode() + b"\n",
                          capture_output=True, check=False)
    if done.returncode:
        raise KeyStoreError(f"keystore {path}: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout
