"""TLS as in libprocess, with the same variables and messages (3rdparty/libprocess/src/openssl.cpp).

LIBPROCESS_SSL_<NAME>, or SSL_<NAME> (deprecated). Names that the version does not know are ignored silently, as there.
"""

import os
import socket
import ssl
import sys

from stand_in import log

# The default of libprocess: it has no cipher for elliptic-curve keys.
_CIPHERS = ("AES128-SHA:AES256-SHA:RC4-SHA:DHE-RSA-AES128-SHA:DHE-DSS-AES128-SHA:"
            "DHE-RSA-AES256-SHA:DHE-DSS-AES256-SHA")
_BOOLEANS = {
    "enabled": False, "support_downgrade": False, "verify_cert": False, "require_cert": False, "verify_ipadd": False,
    "enable_ssl_v3": False, "enable_tls_v1_0": False, "enable_tls_v1_1": False, "enable_tls_v1_2": True,
    "enable_tls_v1_3": False,
}
# Names since 1.10 (docs/upgrades.md); earlier versions ignore them.
_RENAMED = {"verify_server_cert": "verify_cert", "require_client_cert": "require_cert"}
_TEXTS = {
    "cert_file": None, "key_file": None, "ca_dir": None, "ca_file": None, "ciphers": _CIPHERS, "ecdh_curves": "auto",
    "hostname_validation_scheme": "legacy", "verification_depth": "4",
}


class Refused(Exception):
    """An error that makes libprocess end the process, with its message."""


class Tls:
    """server and client: ssl.SSLContext, or None for plain text."""

    def __init__(self, flags, server, client):
        self.flags, self.server, self.client = flags, server, client

    @property
    def downgrade(self):
        """Whether plain text is accepted, and tried."""
        return self.flags["support_downgrade"]

    def accept(self, connection):
        """Makes a server's connection a TLS connection, or a plain one if the peer uses plain text and this is allowed.

        Raises OSError.
        """
        if self.downgrade and connection.recv(1, socket.MSG_PEEK) not in (b"\x16", b"\x80"):
            return connection
        secure = self.server.wrap_socket(connection, server_side=True)
        if self.flags["require_cert"]:
            self._check_legacy(secure)
        return secure

    def connect(self, address, timeout):
        """Returns a connection to (host, port). Raises OSError, also if the certificate of the peer is not accepted."""
        try:
            return self._secure(address, timeout)
        except (ssl.SSLError, ConnectionError) as problem:
            if not self.downgrade or isinstance(problem, ConnectionRefusedError):
                raise
            return socket.create_connection(address, timeout)

    def _secure(self, address, timeout):
        plain = socket.create_connection(address, timeout)
        try:
            checked = self.flags["verify_cert"] and self.flags["hostname_validation_scheme"] == "openssl"
            if checked and _is_ip(address[0]) and not self.flags["verify_ipadd"]:
                raise ssl.SSLError("No DNS name given and IP address verification is disabled. I cannot work like this :(")
            secure = self.client.wrap_socket(plain, server_hostname=address[0] if checked else None)
        except OSError:
            plain.close()
            raise
        if self.flags["verify_cert"]:
            self._check_legacy(secure)
        return secure

    def _check_legacy(self, secure):
        # The scheme "legacy" checks after the handshake, on both sides: the address, or its name in the DNS.
        if self.flags["hostname_validation_scheme"] != "legacy":
            return
        peer = secure.getpeername()[0]
        names: dict[str, tuple] = {"IP Address": (), "DNS": ()}
        for kind, name in secure.getpeercert().get("subjectAltName", ()):
            names[kind] = (*names.get(kind, ()), name)
        if self.flags["verify_ipadd"] and peer in names["IP Address"]:
            return
        try:
            host = socket.getnameinfo((peer, 0), socket.NI_NAMEREQD)[0]
        except OSError:
            host = None
        if host is None or host not in names["DNS"]:
            secure.close()
            raise ssl.SSLError(f"Could not verify presented certificate with hostname {host}, IP {peer}")


def _is_ip(host):
    try:
        socket.inet_aton(host)
        return True
    except OSError:
        return False


def _boolean(name, text):
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    raise Refused("Failed to load flags from environment variables prefixed by LIBPROCESS_SSL_ or SSL_ (deprecated): "
                  f"Failed to load flag '{name}': Failed to load value '{text}': Expecting a boolean (e.g., true or false)")


def _flags(environment, renamed):
    def given(name):
        return environment.get(f"LIBPROCESS_SSL_{name.upper()}", environment.get(f"SSL_{name.upper()}"))

    flags = {name: default if given(name) is None else given(name) for name, default in _TEXTS.items()}
    for name, default in _BOOLEANS.items():
        flags[name] = default if given(name) is None else _boolean(name, given(name))
    for name, old in _RENAMED.items():
        if renamed and given(name) is not None:
            flags[old] = _boolean(name, given(name)) or flags[old]
    # require_cert implies it.
    flags["verify_cert"] = flags["verify_cert"] or flags["require_cert"]
    return flags


def _loaded(what, work, *arguments):
    try:
        work(*arguments)
    except (OSError, ValueError) as problem:
        raise Refused(f"{what} (OpenSSL error): {getattr(problem, 'reason', None) or problem}") from None


def _read(path):
    with open(path, "rb") as file:
        file.read()


def _context(flags, side):
    context = ssl.SSLContext(side)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    tls13 = flags["enable_tls_v1_3"]
    context.minimum_version = ssl.TLSVersion.TLSv1_2 if flags["enable_tls_v1_2"] else ssl.TLSVersion.TLSv1_3
    context.maximum_version = ssl.TLSVersion.TLSv1_3 if tls13 else ssl.TLSVersion.TLSv1_2
    if flags["verify_cert"]:
        if flags["ca_file"] or flags["ca_dir"]:
            _loaded("Could not load CA file and/or directory", context.load_verify_locations, flags["ca_file"], flags["ca_dir"])
        else:
            context.set_default_verify_paths()
    for kind in ("cert", "key"):
        _loaded(f"Could not load {kind} file '{flags[kind + '_file']}'", _read, flags[kind + "_file"])
    try:
        context.load_cert_chain(flags["cert_file"], flags["key_file"], password="")
    except ssl.SSLError as problem:
        if problem.reason == "KEY_VALUES_MISMATCH":
            raise Refused("Private key does not match the certificate public key (OpenSSL error)") from None
        raise Refused(f"Could not load cert file '{flags['cert_file']}' (OpenSSL error): {problem.reason}") from None
    _loaded(f"Could not set ciphers '{flags['ciphers']}'", context.set_ciphers, flags["ciphers"])
    return context


def tls(environment, renamed):
    """The Tls of the environment, or None; renamed: whether the version knows the names of 1.10. Raises Refused."""
    flags = _flags(environment, renamed)
    if not flags["enabled"]:
        return None
    if flags["support_downgrade"]:
        log.warning("Failed SSL connections will be downgraded to a non-SSL socket")
    if not flags["key_file"]:
        raise Refused("SSL requires key! NOTE: Set path with LIBPROCESS_SSL_KEY_FILE")
    if not flags["cert_file"]:
        raise Refused("SSL requires certificate! NOTE: Set path with LIBPROCESS_SSL_CERT_FILE")
    if flags["hostname_validation_scheme"] not in ("legacy", "openssl"):
        raise Refused(f"Unknown value for hostname_validation_scheme: {flags['hostname_validation_scheme']}")
    server, client = _context(flags, ssl.PROTOCOL_TLS_SERVER), _context(flags, ssl.PROTOCOL_TLS_CLIENT)
    if flags["require_cert"]:
        server.verify_mode = ssl.CERT_REQUIRED
    if flags["verify_cert"]:
        client.verify_mode = ssl.CERT_REQUIRED
        client.check_hostname = flags["hostname_validation_scheme"] == "openssl"
        # Here OpenSSL itself compares, and so accepts a common name if there are no alternative names.
        client.hostname_checks_common_name = True
    return Tls(flags, server, client)


# The TLS of every socket of the process, like the global context of libprocess; None: plain text.
_own = None


def initialize(environment=None, renamed=False):
    """Reads the environment once; ends the process where libprocess does."""
    global _own
    try:
        _own = tls(os.environ if environment is None else environment, renamed)
    except Refused as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)


def own():
    """The Tls of this process, or None."""
    return _own
