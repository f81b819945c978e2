"""The grammar of the selection language: one function a production, its rule as the docstring."""

from __future__ import annotations

from typing import NoReturn

from dagbook.errors.selection import SelectionTooLarge
from dagbook.selection.attributes import ATTRIBUTES, FUNCTIONS, AttributeRule, Form
from dagbook.selection.expected import BARE_KEY, Expected, Value
from dagbook.selection.faults import fault_at, misnamed, refused_value
from dagbook.selection.tokens import Kind, Token, tokenize
from dagbook.selection.tree import (
    UNLIMITED,
    All,
    And,
    Attribute,
    Call,
    CheckNamed,
    Except,
    Key,
    Not,
    Or,
    Selection,
    Span,
    Tag,
    Traversal,
)

MAX_DEPTH = 64
# A longer number is beyond every graph; Python refuses to read very long ones.
_MAX_DIGITS = 18

# Where a value may stand without quotes, these words are values too.
_WORDS_AS_VALUES = frozenset({"sensor", "schedule", "job"})


def parse(text: str, *, external: bool = False) -> Selection:
    """The tree of a selection's text.

    `external` lets `*`, `not`, groups, kinds and tags range over external assets too.
    Raises SelectionSyntaxError with the place, and SelectionTooLarge.

    >>> str(parse("+orders"))
    '+key:"orders"'
    """
    return Parser(text, tokenize(text), external=external).selection()


class Parser:
    """Reads tokens from left to right; `missed` is what could have stood at the present place."""

    __slots__ = ("_depth", "_external", "_place", "_source", "_tokens", "missed", "token")

    def __init__(self, source: str, tokens: list[Token], *, external: bool = False) -> None:
        self._source = source
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self._external = external
        self.token = tokens[0]
        self.missed: list[Expected] = []

    def selection(self) -> Selection:
        """selection: union END"""
        found = self._union()
        if self.token.kind is not Kind.END:
            self.missed.append(Kind.END)
            self._fail()
        return found

    def _union(self) -> Selection:
        """union: difference ("or" difference)*"""
        found = [self._difference()]
        while self._take(Kind.OR):
            found.append(self._difference())
        return found[0] if len(found) == 1 else Or(tuple(found))

    def _difference(self) -> Selection:
        """difference: conjunction ("except" conjunction)*"""
        found = [self._conjunction()]
        while self._take_word("except", Kind.EXCEPT):
            found.append(self._conjunction())
        return found[0] if len(found) == 1 else Except(tuple(found))

    def _conjunction(self) -> Selection:
        """conjunction: negation ("and" negation)*"""
        found = [self._negation()]
        while self._take(Kind.AND):
            found.append(self._negation())
        return found[0] if len(found) == 1 else And(tuple(found))

    def _negation(self) -> Selection:
        """negation: "not" negation | "*" | traversal"""
        if self._take(Kind.NOT):
            self._deeper()
            child = self._negation()
            self._depth -= 1
            return Except((All(external=True), child)) if self._external else Not(child)
        if self._take(Kind.STAR):
            return All(self._external)
        return self._traversal()

    def _traversal(self) -> Selection:
        """traversal: [[DIGITS] "+"] operand ["+" [DIGITS]]"""
        up = down = None
        digits = self._take(Kind.DIGITS)
        if digits:
            self._need(Kind.PLUS)
            up = _steps(digits)
        elif self._take(Kind.PLUS):
            up = UNLIMITED
        child = self._operand()
        if self._take(Kind.PLUS):
            down = _steps(self._take(Kind.DIGITS))
        return child if up is None and down is None else Traversal(child, up, down)

    def _operand(self) -> Selection:
        """operand: enclosed | function | attribute | WORD | WILDCARD | QUOTED"""
        if self.token.kind is Kind.LPAREN:
            return self._enclosed()
        after = self._tokens[self._place + 1].kind if self.token.kind is not Kind.END else Kind.END
        if self.token.kind is Kind.FUNCTION or (
            self.token.kind is Kind.WORD and after is Kind.LPAREN
        ):
            return self._function()
        if self.token.kind is Kind.ATTRIBUTE or (
            self.token.kind is Kind.WORD and after is Kind.COLON
        ):
            return self._attribute()
        if self.token.kind in (Kind.WORD, Kind.WILDCARD, Kind.QUOTED):
            return self._key(self._advance())
        self.missed += (BARE_KEY, Kind.ATTRIBUTE, Kind.FUNCTION, Kind.LPAREN)
        self._fail()

    def _enclosed(self) -> Selection:
        """enclosed: "(" union ")" """
        self._need(Kind.LPAREN)
        self._deeper()
        found = self._union()
        self._need(Kind.RPAREN)
        self._depth -= 1
        return found

    def _function(self) -> Selection:
        """function: ("sinks" | "roots" | "checks" | "without_checks" | "with_external") enclosed"""
        name = self._advance()
        if name.text not in FUNCTIONS:
            raise misnamed(self._source, name, "function", FUNCTIONS)
        if name.text != "with_external":
            return Call(name.text, self._enclosed())
        outer, self._external = self._external, True
        found = self._enclosed()
        self._external = outer
        return found

    def _attribute(self) -> Selection:
        """attribute: NAME ":" (key_value | value | value ["=" value] | check_value)"""
        name = self._advance()
        rule = ATTRIBUTES.get(name.text)
        if rule is None:
            raise misnamed(self._source, name, "attribute", ATTRIBUTES)
        self._need(Kind.COLON)
        if name.text == "key":
            return self._key_value()
        if rule.form is Form.PAIR:
            return self._pair(name.text, rule)
        if rule.form is Form.CHECK:
            return self._check_value()
        value = self._value(Value(name.text), rule)
        text = None if value.kind is Kind.NULL else value.value
        return Attribute(name.text, text, self._external and rule.wide, self._span(value))

    def _key_value(self) -> Selection:
        """key_value: WORD | WILDCARD | QUOTED"""
        if self.token.kind in (Kind.WORD, Kind.WILDCARD, Kind.QUOTED):
            return self._key(self._advance())
        self.missed.append(BARE_KEY)
        self._fail()

    def _pair(self, name: str, rule: AttributeRule) -> Selection:
        """pair: value ["=" (value | "<null>")]"""
        key = last = self._value(Value(name), rule)
        text = ""
        if self._take(Kind.EQUAL):
            last = self._value(Value(name, tag=key.value), AttributeRule(null=True))
            text = "" if last.kind is Kind.NULL else last.value
        span = Span(self._source, key.start, last.end)
        return Tag(key.value, text, self._external and rule.wide, name, span)

    def _check_value(self) -> Selection:
        """check_value: a value that ends in "." and a check's name"""
        token = self._value(Value("check_key"), ATTRIBUTES["check_key"])
        asset, _, check = token.value.rpartition(".")
        if not asset or not check:
            raise refused_value(self._source, token, "check_key", ("`asset.check`",))
        return CheckNamed(asset, check, self._span(token))

    def _value(self, place: Value, rule: AttributeRule) -> Token:
        """value: WORD | QUOTED | "sensor" | "schedule" | "job" | "<null>" """
        kind = self.token.kind
        if kind is Kind.WORD or kind is Kind.QUOTED or self.token.text in _WORDS_AS_VALUES:
            token = self._advance()
            if rule.values and token.value not in rule.values:
                raise refused_value(self._source, token, place.attribute, rule.values)
            return token
        self.missed.append(place)
        if rule.null and (null := self._take(Kind.NULL)):
            return null
        self._fail()

    def _key(self, token: Token) -> Key:
        return Key(token.value, self._span(token))

    def _span(self, token: Token) -> Span:
        return Span(self._source, token.start, token.end)

    def _advance(self) -> Token:
        token = self.token
        self._place += 1
        self.token = self._tokens[self._place]
        self.missed.clear()
        return token

    def _take(self, kind: Kind) -> Token | None:
        if self.token.kind is kind:
            return self._advance()
        self.missed.append(kind)
        return None

    def _take_word(self, text: str, kind: Kind) -> Token | None:
        if self.token.text == text and self.token.kind is Kind.WORD:
            return self._advance()
        self.missed.append(kind)
        return None

    def _need(self, kind: Kind) -> None:
        if not self._take(kind):
            self._fail()

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            start = self._tokens[self._place - 1].start
            raise SelectionTooLarge(
                source=self._source,
                start=start,
                end=start + 1,
                what="levels of nesting",
                limit=MAX_DEPTH,
            )

    def _fail(self) -> NoReturn:
        raise fault_at(self._source, self._tokens, self._place, self.missed)


def _steps(digits: Token | None) -> int:
    if digits is None or len(digits.text.lstrip("0")) > _MAX_DIGITS:
        return UNLIMITED
    return int(digits.text)
