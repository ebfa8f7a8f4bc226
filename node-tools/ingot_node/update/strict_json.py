"""JSON that somebody else wrote: read strictly, so that whatever is wrong with it is one sentence and never a traceback."""

import json

from ingot_node.update.error import UpdateError


def _no_number(text: str) -> float:
    raise ValueError(f"{text[:20]} is a number that no record has")


def _whole(text: str) -> int:
    # Python refuses thousands of digits by itself, and slowly before that.
    if len(text) > 16:
        raise ValueError(f"{text[:16]}… is too large a number")
    return int(text)


def _once(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def read(content: bytes, what: str, hint: str = "", fractions: bool = False) -> dict:
    """
    The object in the bytes. UpdateError, which calls it `what`, for anything else: no JSON, no object, not UTF-8, a key twice, NaN, huge numbers, fractions
    where the record has none, nesting without end.
    """
    try:
        parse_float = float if fractions else _no_number
        found = json.loads(content.decode(), parse_float=parse_float, parse_constant=_no_number, parse_int=_whole, object_pairs_hook=_once)
        if not isinstance(found, dict):
            raise ValueError("it is not an object")
        # A lone surrogate cannot be written anywhere.
        json.dumps(found, ensure_ascii=False).encode()
        return found
    except RecursionError:
        raise UpdateError(f"{what} is damaged: it is nested without end", hint) from None
    except ValueError as error:
        raise UpdateError(f"{what} is damaged: {ascii(str(error))[1:-1][:200]}", hint) from None
