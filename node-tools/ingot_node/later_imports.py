"""Starts cloud-init's first stages without requests, jinja2 and jsonschema: half of what it imports.

Each is imported when a seed needs it: requests for an address, jinja2 for a template. jsonschema only warns, so it runs
in a process of its own behind the stage. cloud-init itself works without jinja2 and jsonschema (cloudinit/templater.py,
cloudinit/config/schema.py): they are hidden from it first, and the modules that know them are loaded again later. The
cloud-init of Debian 13 needs jinja2.
"""

import contextlib
import copy
import importlib
import importlib.machinery
import os
import sys
import types


@contextlib.contextmanager
def _hidden(library: str):
    if library in sys.modules:
        yield
        return
    sys.modules[library] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[library]


class _Placeholder(type):
    """A class of a library that is not loaded: nothing is an instance of it before that."""

    def __instancecheck__(cls, instance) -> bool:
        library = sys.modules["requests"]
        return not isinstance(library, _Later) and isinstance(instance, getattr(library, cls.__name__))


class _Later(types.ModuleType):
    """Stands for requests until something is used of it. url_helper names two of its classes when it is loaded."""

    Response = _Placeholder("Response", (), {})
    Timeout = _Placeholder("Timeout", (), {})

    def __init__(self, name: str, find=None) -> None:
        super().__init__(name)
        self._find = find or (lambda: _loaded(name))

    def __getattr__(self, attribute: str):
        if attribute == "exceptions" and isinstance(sys.modules.get(self.__name__), _Later):
            return _Later("requests.exceptions", lambda: _loaded("requests").exceptions)
        return getattr(self._find(), attribute)


def _loaded(name: str):
    if isinstance(sys.modules.get(name), _Later):
        del sys.modules[name]
    return importlib.import_module(name)


def _jinja2_later() -> None:
    try:
        with _hidden("jinja2"):
            from cloudinit import templater
            from cloudinit.handlers import jinja_template
    except ImportError:
        # Debian 13's cloud-init does not work without jinja2, and imports it itself.
        return
    plain, pattern = templater.detect_template, templater.TYPE_MATCHER

    def detect_template(text):
        if not pattern.match(text.split("\n", 1)[0]):
            return plain(text)
        importlib.reload(templater)
        # Not loaded again: callers hold its classes of errors.
        jinja_template.detect_template = templater.detect_template
        jinja_template.render_string = templater.render_string
        with contextlib.suppress(ImportError):
            from jinja2.exceptions import UndefinedError
            from jinja2.lexer import operator_re

            jinja_template.JUndefinedError, jinja_template.operator_re = UndefinedError, operator_re
        return templater.detect_template(text)

    templater.detect_template = jinja_template.detect_template = detect_template


def _behind(work) -> None:
    """Runs the work in a process of its own, after everything else."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.fork():
        return
    try:
        os.nice(19)
        work()
    finally:
        os._exit(0)


def _requests_later() -> None:
    spec = importlib.machinery.PathFinder.find_spec("requests")
    if spec is None or "requests" in sys.modules:
        return
    stand_in = _Later("requests")
    # "from requests import exceptions" wants a package.
    stand_in.__path__ = list(spec.submodule_search_locations or [])
    sys.modules["requests"] = stand_in


def prepare():
    """To be called before cloudinit.cmd.main is imported. Returns its main(), which takes and returns the same."""
    _requests_later()
    _jinja2_later()
    with _hidden("jsonschema"):
        from cloudinit.config import schema
    from cloudinit import util
    from cloudinit.cmd import main as program

    waiting = []
    program.validate_cloudconfig_schema = lambda **given: waiting.append(copy.deepcopy(given))

    def validate() -> None:
        try:
            importlib.reload(schema)
            for given in waiting:
                schema.validate_cloudconfig_schema(**given)
        except Exception:  # pylint: disable=broad-exception-caught
            util.logexc(schema.LOG, "The schema of the seed could not be checked")

    def main():
        try:
            return program.main()
        finally:
            if waiting:
                _behind(validate)

    return main
