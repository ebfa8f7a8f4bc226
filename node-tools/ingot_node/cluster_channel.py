"""How programs of the node connect to the cluster's services: in plain text, or by TLS as the seed demands.

The settings are in /run/ingot/tls/client.json.
"""

import json
import socket

# Written by ingot-identity: ca, certificate, key (paths), and the level of the seed (cluster_tls.py).
CLIENT = "/run/ingot/tls/client.json"


class ChannelError(OSError):
    """Why there is no trusted connection, as a text for people."""


def seeded() -> dict | None:
    """The content of client.json; None if the seed has no tls."""
    try:
        with open(CLIENT, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def connect(address: str, port: int, patience: float) -> socket.socket | None:
    """A TLS connection, or None if plain text is to be used.

    Raises OSError, and ChannelError if the network is not the cause.
    """
    tls = seeded()
    if tls is None:
        return None
    import ssl  # pylint: disable=import-outside-toplevel # most nodes have no TLS, and the import would delay each check

    plain_too = tls["level"] in ("accept", "prefer")
    context = ssl.create_default_context(cafile=tls["ca"])
    if plain_too:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if tls["level"] == "mutual":
        try:
            context.load_cert_chain(tls["certificate"], tls["key"])
        except PermissionError:
            raise ChannelError("it requires the certificate of this node, and only root can read its key (sudo)") from None
    connection = socket.create_connection((address, port), patience)
    try:
        return context.wrap_socket(connection, server_hostname=address)
    except OSError:
        connection.close()
        if plain_too:
            return None
        raise


def words(error: Exception) -> str:
    """What went wrong, as a text for people: OpenSSL's reasons are explained, any other error keeps its own text."""
    if isinstance(error, ChannelError):
        return str(error.args[0])
    reason = getattr(error, "reason", None)
    refused = getattr(error, "verify_message", None)
    if refused:
        return f"its certificate is not signed by this cluster's CA (seed.tls.ca), or is not for this address: {refused}"
    if reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return "it speaks plain text, and the seed demands TLS: it was started without TLS, or its package was built without SSL"
    if reason and ("CERTIFICATE" in reason or "UNKNOWN_CA" in reason):
        return f"it does not accept the certificate of this node: {reason.lower().replace('_', ' ')}"
    if type(error).__name__ in ("SSLEOFError", "SSLZeroReturnError", "ConnectionResetError") and seeded():
        return f"it closed the connection, and perhaps does not accept the certificate of this node ({error})"
    return str(error)
