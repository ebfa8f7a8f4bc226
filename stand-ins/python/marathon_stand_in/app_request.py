"""Checks requests that create or change an app."""

import re
import time

from marathon_stand_in.app_container import check_container
from stand_in.http_server import HttpError

_ID = re.compile(r"/?([a-z0-9]([a-z0-9-]*[a-z0-9])?)([./][a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_FIELDS = {"id": str, "cmd": str, "instances": int, "cpus": (int, float), "mem": (int, float),
           "env": dict, "labels": dict, "container": dict}


def canonical_id(text):
    """/web/front of web/front. Raises HttpError 422."""
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise HttpError(422, f"Invalid app id {text!r}: lower case letters, digits and hyphens, in /-separated parts")
    return "/" + text.strip("/")


def app_from(body, before=None):
    """A complete app from a request's JSON and the app before. Raises HttpError 422."""
    if not isinstance(body, dict):
        raise HttpError(422, "Expecting one JSON object with an app")
    for name, value in body.items():
        if name not in _FIELDS:
            raise HttpError(422, f"The stand-in runs apps with a cmd, in Docker or as plain processes; it does not know '{name}'")
        if not isinstance(value, _FIELDS[name]) or isinstance(value, bool):
            raise HttpError(422, f"'{name}' has the wrong type")
    app = {"instances": 1, "cpus": 1, "mem": 128, "env": {}, "labels": {}, **(before or {}), **body}
    app["id"] = canonical_id(app.get("id"))
    if app.get("container"):
        check_container(app["container"])
    elif not app.get("cmd"):
        raise HttpError(422, "An app needs a cmd")
    if app["instances"] < 0:
        raise HttpError(422, "'instances' must not be negative")
    now = time.time()
    app["version"] = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03d}Z"
    return app
