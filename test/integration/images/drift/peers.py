"""What debsums and aide say of the same node: the real programs, used as an administrator would."""

import re
import subprocess

# All that aide knows of a file but where it lies on the disk. What changes all the time, and what no file system holds, nobody can give it.
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
    """The lines that name a changed or missing file, of configuration as well (debsums(1): 2 says that there are some)."""
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
    """Makes aide's database of a node: debsums has dpkg's."""
    with open(f"{work}/aide.conf", "w", encoding="utf-8") as file:
        file.write(_CONFIGURATION.format(work=work, root=root))
    _run(["aide", "--init", f"--config={work}/aide.conf"], range(1))


def ask(work: str, root: str) -> dict[str, list]:
    """What each says of a prepared node: debsums its lines, aide the paths."""
    return {"debsums": _debsums(root), "aide": _aide(work)}
