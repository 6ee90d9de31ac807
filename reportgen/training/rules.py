"""The rule language of symbolic datasets: lines of text in, a labelling function out.

A rule is a conjunction of lines, each one predicate of four kinds:

    count(▲) == 3            how often a symbol occurs: ==, !=, <, <=, >, >=
    colour(4) in {r, g}      which symbol a channel has at a token, counted from 1
    parity(■) == even        whether a symbol occurs an even or odd number of times
    first(▲) < first(●)      which symbol comes first; false where one is missing
"""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.errors import SettingError, nearest
from reportgen.records import Array
from reportgen.training.data import Channel

Predicate = Callable[[Array], Array]  # (N, T, C) -> (N,) of bool

COMPARE: dict[str, Callable[[Array, int], Array]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
COUNT = re.compile(r"count\((\S+?)\)\s*(==|!=|<=|>=|<|>)\s*(\d+)")
PARITY = re.compile(r"parity\((\S+?)\)\s*==\s*(\w+)")
ORDER = re.compile(r"first\((\S+?)\)\s*(<|>)\s*first\((\S+?)\)")
PLACE = re.compile(r"(\w+)\((\d+)\)\s*(?:==\s*(\S+)|in\s*\{([^}]*)\})")
PATTERNS = (
    "count(▲) == 3",
    "colour(4) in {r, g}",
    "parity(■) == even",
    "first(▲) < first(●)",
)


@dataclass(frozen=True)
class Alphabet:
    """The channels a rule may speak about, and how many tokens a row has."""

    channels: tuple[Channel, ...]
    length: int

    def locate(self, symbol: str, path: str) -> tuple[int, int]:
        """Channel and code of a symbol; symbols are unique over channels.

        Raises:
            SettingError: no channel has this symbol.
        """
        for position, channel in enumerate(self.channels):
            if symbol in channel.symbols:
                return position, channel.symbols.index(symbol)
        known = [one for channel in self.channels for one in channel.symbols]
        raise SettingError(
            path, f"there is no symbol {symbol!r}", f"use one of {' '.join(known)}"
        )


def parse_rule(lines: Sequence[str], alphabet: Alphabet) -> Predicate:
    """Read a conjunction of predicates.

    Raises:
        SettingError: a line cannot be read, or names what does not exist; its path is
            `rule[i]`.
    """
    if not lines:
        fix = f"write at least one line such as {PATTERNS[0]!r}"
        raise SettingError("rule", "the rule is empty", fix)
    parts = [
        parse_predicate(line, alphabet, f"rule[{position}]")
        for position, line in enumerate(lines)
    ]

    def conjunction(inputs: Array) -> Array:
        holds = np.ones(len(inputs), dtype=bool)
        for part in parts:
            holds &= part(inputs)
        return holds  # (N,)

    return conjunction


def parse_predicate(line: str, alphabet: Alphabet, path: str) -> Predicate:
    """Read one line.

    Raises:
        SettingError: it follows none of the four patterns, or names what is not there.
    """
    text = line.strip()
    if match := COUNT.fullmatch(text):
        return _count(match, alphabet, path)
    if match := PARITY.fullmatch(text):
        return _parity(match, alphabet, path)
    if match := ORDER.fullmatch(text):
        return _order(match, alphabet, path)
    if match := PLACE.fullmatch(text):
        return _place(match, alphabet, path)
    fix = "write it like " + ", ".join(f"'{pattern}'" for pattern in PATTERNS)
    raise SettingError(path, f"cannot read {line!r} as a predicate", fix)


def _count(match: re.Match[str], alphabet: Alphabet, path: str) -> Predicate:
    channel, code = alphabet.locate(match[1], path)
    compare, number = COMPARE[match[2]], int(match[3])
    if number > alphabet.length:
        what = f"a row has {alphabet.length} tokens and can never count {number}"
        raise SettingError(path, what, f"use a number up to {alphabet.length}")
    return lambda inputs: compare((inputs[:, :, channel] == code).sum(axis=1), number)


def _parity(match: re.Match[str], alphabet: Alphabet, path: str) -> Predicate:
    channel, code = alphabet.locate(match[1], path)
    if match[2] not in ("even", "odd"):
        what = f"{match[2]!r} is no parity"
        raise SettingError(path, what, nearest(match[2], ("even", "odd")))
    remainder = int(match[2] == "odd")
    return lambda inputs: (inputs[:, :, channel] == code).sum(axis=1) % 2 == remainder


def _order(match: re.Match[str], alphabet: Alphabet, path: str) -> Predicate:
    earlier, later = match[1], match[3]
    if match[2] == ">":
        earlier, later = later, earlier
    if earlier == later:
        what = f"{earlier!r} cannot come before itself"
        raise SettingError(path, what, "name two different symbols")
    before = alphabet.locate(earlier, path)
    after = alphabet.locate(later, path)

    def ordered(inputs: Array) -> Array:
        one, other = _first(inputs, before), _first(inputs, after)
        holds: Array = (one < other) & (other < inputs.shape[1])
        return holds

    return ordered


def _first(inputs: Array, symbol: tuple[int, int]) -> Array:
    """Index of a symbol's first token, T where it is missing; shape (N,)."""
    channel, code = symbol
    hits = inputs[:, :, channel] == code  # (N, T)
    first: Array = np.where(hits.any(axis=1), hits.argmax(axis=1), inputs.shape[1])
    return first


def _place(match: re.Match[str], alphabet: Alphabet, path: str) -> Predicate:
    names = [channel.name for channel in alphabet.channels]
    if match[1] not in names:
        what = f"there is no channel {match[1]!r}"
        raise SettingError(path, what, nearest(match[1], names))
    token = int(match[2])
    if not 1 <= token <= alphabet.length:
        what = f"there is no token {token}"
        raise SettingError(path, what, f"count from 1 to {alphabet.length}")
    channel = names.index(match[1])
    wanted = [match[3]] if match[3] else re.split(r"\s*,\s*", match[4].strip())
    codes: list[int] = []
    for symbol in wanted:
        where, code = alphabet.locate(symbol, path)
        if where != channel:
            what = f"{symbol!r} is no {match[1]}"
            fix = f"use one of {' '.join(alphabet.channels[channel].symbols)}"
            raise SettingError(path, what, fix)
        codes.append(code)
    return lambda inputs: np.isin(inputs[:, token - 1, channel], codes)
