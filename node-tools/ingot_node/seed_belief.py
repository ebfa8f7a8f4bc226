"""Makes cloud-init trust only seeds that a key of the image has signed; from any other seed it gets nothing.

All of cloud-init's access to the text of a seed goes through this module, before any of it is decoded or run. Vendor
data, and the additional files of a config drive, are not signed, so they are not used.
"""

import json
import os
import sys

from cloudinit import sources

from ingot_node import seed_trust


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(f"{path}.new", path)


class Judge:
    """Verifies each text once, and records the result in the run folder."""

    def __init__(self, keys, run: str) -> None:
        self._keys, self._run, self._judged = keys, run, {}

    def believed(self, raw) -> bytes:
        """The text if it is signed, otherwise b"". raw: the user data of a cloud-init source."""
        if not raw:
            return b""
        if not isinstance(raw, bytes):
            raw = raw.encode() if isinstance(raw, str) else repr(raw).encode()
        if raw not in self._judged:
            self._judged[raw] = found = seed_trust.verdict(raw, self._keys)
            if found.refusal:
                _write(os.path.join(self._run, "seed-refused"), found.refusal + "\n")
                print(f"<3>{found.refusal}", file=sys.stderr)
            else:
                _write(os.path.join(self._run, "seed-signed"), json.dumps({"signedBy": found.signed_by}) + "\n")
        return b"" if self._judged[raw].refusal else raw


def believe_only(keys, run: str = "/run/ingot") -> None:
    """Applies to all seeds from now on; keys: paths of PEM files."""
    judge = Judge(keys, run)
    get_userdata_raw, find_source = sources.DataSource.get_userdata_raw, sources.find_source

    def found(cfg, distro, paths, ds_deps, cfg_list, *more):
        if "ConfigDrive" in cfg_list:
            from cloudinit.sources import DataSourceConfigDrive  # pylint: disable=import-outside-toplevel

            DataSourceConfigDrive.write_injected_files = lambda files: None
        return find_source(cfg, distro, paths, ds_deps, cfg_list, *more)

    sources.DataSource.get_userdata_raw = lambda source: judge.believed(get_userdata_raw(source))
    sources.DataSource.get_vendordata_raw = lambda source: None
    sources.DataSource.get_vendordata2_raw = lambda source: None
    sources.find_source = found
