"""Conditions of the flows: the subset of Rasa's predicate language (pypred) that our flows need.

`slots.x is "v"`, `is not`, `= != < <= > >=`, `null true false undefined`, `{'a' 'b'} contains slots.x`,
`slots.x contains 'v'`, `slots.x matches "regex"`, `and or not`, parentheses. `context.x` is a value that an
action gave with a response. Source of the rules: Rasa's documentation "Flow conditions" and pypred's own.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Values = Mapping[str, Any]
Operand = Callable[[Values, Values], Any]

TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"[^"]*"|'[^']*') | (?P<number>-?\d+(?:\.\d+)?\b)
      | (?P<name>(?:slots|context)\.[A-Za-z_][A-Za-z0-9_]*) | (?P<word>[A-Za-z_]\w*)
      | (?P<sign><=|>=|!=|=|<|>|\(|\)|\{|\})
    )""",
    re.VERBOSE,
)
CONSTANTS: Mapping[str, Any] = {"null": None, "undefined": None, "true": True, "false": False}
ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPERATORS = frozenset({"is", "=", "!=", "contains", "matches", *ORDERS})


class ConditionError(ValueError):
    """The condition cannot be read; the message says where, in French."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read.

    `names` are the slots that it reads, `context` the response values, and `comparisons` the pairs
    (slot, literal) that it compares for equality or membership.
    """

    source: str
    evaluate: Operand = field(compare=False, repr=False)
    names: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()
    comparisons: tuple[tuple[str, Any], ...] = ()
    ligne: int = 0

    def holds(self, slots: Values, context: Values | None = None) -> bool:
        """Tell whether the condition is true; a slot that is not filled is null."""
        return bool(self.evaluate(slots, context or {}))


def parse_condition(source: str, ligne: int = 0) -> Condition:
    """Read a condition that stands at a line of a file. Raises ConditionError."""
    reader = _Reader(source)
    evaluate = reader.disjunction()
    reader.end()
    return Condition(
        source=source,
        evaluate=evaluate,
        names=frozenset(reader.names),
        context=frozenset(reader.context),
        comparisons=tuple(reader.comparisons),
        ligne=ligne,
    )


@dataclass(frozen=True, slots=True)
class _Term:
    """One side of a comparison: a slot (then `slot` is its name), or literals."""

    get: Operand
    slot: str | None = None
    literals: tuple[Any, ...] = ()


class _Reader:
    """A recursive descent over the tokens; each method reads one level of the grammar."""

    def __init__(self, source: str) -> None:
        self.tokens = _tokens(source)
        self.position = 0
        self.names: set[str] = set()
        self.context: set[str] = set()
        self.comparisons: list[tuple[str, Any]] = []

    def disjunction(self) -> Operand:
        left = self.conjunction()
        while self._take("or"):
            left = _either(left, self.conjunction())
        return left

    def conjunction(self) -> Operand:
        left = self.negation()
        while self._take("and"):
            left = _both(left, self.negation())
        return left

    def negation(self) -> Operand:
        if self._take("not"):
            negated = self.negation()
            return lambda slots, context: not negated(slots, context)
        if self._take("("):
            inner = self.disjunction()
            self._expect(")")
            return inner
        return self.comparison()

    def comparison(self) -> Operand:
        left = self.term()
        sign = self._peek()[1]
        if sign not in OPERATORS:
            return left.get
        self.position += 1
        if sign == "is" and self._take("not"):
            sign = "!="
        right = self.term()
        if sign in ("is", "=", "!=", "contains"):
            self._compared(left, right)
        if sign == "matches":
            _check_pattern(right)
        return _comparison(sign, left, right)

    def term(self) -> _Term:
        kind, token = self._peek()
        self.position += 1
        if kind == "name":
            return self._name(token)
        if token == "{":  # noqa: S105 - a brace
            return self._set()
        if kind == "text":
            return _literal(token[1:-1])
        if kind == "number":
            return _literal(float(token) if "." in token else int(token))
        if token in CONSTANTS:
            return _literal(CONSTANTS[token])
        raise ConditionError(f"« {token} » n'est pas attendu ici" if token else "il manque la fin")

    def end(self) -> None:
        token = self._peek()[1]
        if token:
            raise ConditionError(f"« {token} » n'est pas attendu ici")

    def _name(self, token: str) -> _Term:
        space, name = token.split(".")
        if space == "context":
            self.context.add(name)
            return _Term(lambda _slots, context: context.get(name))
        self.names.add(name)
        return _Term(lambda slots, _context: slots.get(name), slot=name)

    def _set(self) -> _Term:
        members: list[Any] = []
        while not self._take("}"):
            members.extend(self.term().literals)
        frozen = tuple(members)
        return _Term(lambda _slots, _context: frozen, literals=frozen)

    def _compared(self, left: _Term, right: _Term) -> None:
        for one, other in ((left, right), (right, left)):
            if one.slot:
                self.comparisons.extend((one.slot, literal) for literal in other.literals)

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("", "")

    def _take(self, token: str) -> bool:
        found = self._peek() in (("word", token), ("sign", token))
        self.position += found
        return found

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise ConditionError(f"il manque « {token} »")


def _tokens(source: str) -> list[tuple[str, str]]:
    tokens, position, end = [], 0, len(source.rstrip())
    while position < end:
        match = TOKEN.match(source, position)
        if match is None:
            raise ConditionError(f"« {source[position:].split()[0]} » est illisible")
        tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
        position = match.end()
    return tokens


def _check_pattern(term: _Term) -> None:
    pattern = term.literals[0] if term.literals else None
    try:
        re.compile(pattern if isinstance(pattern, str) else "(")
    except re.error as error:
        raise ConditionError("« matches » attend une expression régulière entre guillemets") from error


def _literal(value: Any) -> _Term:
    return _Term(lambda _slots, _context: value, literals=(value,))


def _either(left: Operand, right: Operand) -> Operand:
    return lambda slots, context: left(slots, context) or right(slots, context)


def _both(left: Operand, right: Operand) -> Operand:
    return lambda slots, context: left(slots, context) and right(slots, context)


def _comparison(sign: str, left: _Term, right: _Term) -> Operand:
    test = ORDERS.get(sign)
    compare = _ordered(test) if test else _EQUALITIES[sign]
    return lambda slots, context: compare(left.get(slots, context), right.get(slots, context))


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """An order between things of different kinds (a text and a number, a null) is false, as in pypred."""

    def compare(left: Any, right: Any) -> bool:
        try:
            return test(left, right)
        except TypeError:
            return False

    return compare


def _equal(left: Any, right: Any) -> bool:
    """Equality that does not take true for 1."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, str):
        return isinstance(part, str) and part in whole
    return isinstance(whole, list | tuple) and any(_equal(member, part) for member in whole)


def _matches(text: Any, pattern: Any) -> bool:
    return isinstance(text, str) and re.search(str(pattern), text) is not None


_EQUALITIES: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": _equal,
    "=": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "contains": _contains,
    "matches": _matches,
}
