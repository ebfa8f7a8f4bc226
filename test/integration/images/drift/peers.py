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


def _run(words: list, fine: range) -> subprocess.CompletedProcess:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode not in fine:
        raise RuntimeError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def debsums(root: str) -> set:
    """The lines that name a changed or missing file, of configuration as well (debsums(1): 2 says that there are some)."""
    done = _run(["debsums", "--all", "--changed", f"--root={root}"], range(4))
    return set((done.stdout + done.stderr).splitlines())


def aide_init(work: str, root: str) -> None:
    with open(f"{work}/aide.conf", "w", encoding="utf-8") as file:
        file.write(_CONFIGURATION.format(work=work, root=root))
    _run(["aide", "--init", f"--config={work}/aide.conf"], range(1))


def aide_finds(work: str) -> list:
    """The paths that are new, removed or changed (aide(1), DIAGNOSTICS: 1, 2, 4, or a sum of them)."""
    done = _run(["aide", "--check", f"--config={work}/aide.conf"], range(8))
    found = re.findall(r"^[a-z|?-][^\n:]*: (/.*)$", done.stdout, re.MULTILINE)
    if bool(found) != bool(done.returncode):
        raise RuntimeError(f"aide: {done.returncode}\n{done.stdout}")
    return found
