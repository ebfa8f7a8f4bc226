"""Reads JSON from untrusted sources strictly, so that any fault is reported in one sentence and never as a traceback.
"""

import json

from ingot_node.update.error import UpdateError


def _no_number(text: str) -> float:
    raise ValueError(f"{text[:20]} is not a valid number here")


def _whole(text: str) -> int:
    # Python refuses thousands of digits itself, but is slow with fewer.
    if len(text) > 16:
        raise ValueError(f"{text[:16]}… is too large a number")
    return int(text)


def _once(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def read(content: bytes, what: str, hint: str = "", fractions: bool = False) -> dict:
    """
    Parses an object from the bytes, which messages call `what`. Raises UpdateError for anything else: not JSON, not an
    object, not UTF-8, a duplicate key, NaN, huge numbers, fractions unless allowed, nesting that is too deep.
    """
    try:
        parse_float = float if fractions else _no_number
        found = json.loads(content.decode(), parse_float=parse_float, parse_constant=_no_number, parse_int=_whole, object_pairs_hook=_once)
        if not isinstance(found, dict):
            raise ValueError("it is not an object")
        # A lone surrogate cannot be encoded.
        json.dumps(found, ensure_ascii=False).encode()
        return found
    except RecursionError:
        raise UpdateError(f"{what} is damaged: it is nested too deeply", hint) from None
    except ValueError as error:
        raise UpdateError(f"{what} is damaged: {ascii(str(error))[1:-1][:200]}", hint) from None
