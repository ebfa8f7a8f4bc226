"""The results of debsums and aide for the same node: the real programs, used as an administrator would."""

import re
import subprocess

# All properties that aide knows, except the place on the disk. Files that change all the time, and virtual file
# systems, cannot be in a database.
_CONFIGURATION = """database_in=file:{work}/aide.db
database_out=file:{work}/aide.db
gzip_dbout=no
root_prefix={root}
/ ftype+p+u+g+l+n+s+m+c+sha256+acl+xattrs+caps
!/proc
!/sys
!/dev
!/run
!/tmp
!/var/tmp
!/var/log
"""


def _run(words: list, fine: range) -> tuple[int, str]:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode not in fine:
        raise RuntimeError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.returncode, done.stdout + done.stderr


def _debsums(root: str) -> list:
    """The lines that name a changed or missing file, including configuration.

    debsums(1): status 2 means that there are some.
    """
    _, said = _run(["debsums", "--all", "--changed", f"--root={root}"], range(4))
    return sorted(said.replace(root, "").splitlines())


def _aide(work: str) -> list:
    """The paths that are new, removed or changed (aide(1), DIAGNOSTICS: 1, 2, 4, or a sum of them)."""
    code, said = _run(["aide", "--check", f"--config={work}/aide.conf"], range(8))
    found = re.findall(r"^[a-z|?-][^\n:]*: (/.*)$", said, re.MULTILINE)
    if bool(found) != bool(code):
        raise RuntimeError(f"aide ended with {code} and said:\n{said}")
    return found


def prepare(work: str, root: str) -> None:
    """Creates aide's database of a node; debsums uses dpkg's."""
    with open(f"{work}/aide.conf", "w", encoding="utf-8") as file:
        file.write(_CONFIGURATION.format(work=work, root=root))
    _run(["aide", "--init", f"--config={work}/aide.conf"], range(1))


def ask(work: str, root: str) -> dict[str, list]:
    """The results for a prepared node: the lines of debsums, the paths of aide."""
    return {"debsums": _debsums(root), "aide": _aide(work)}
