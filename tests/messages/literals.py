# SPDX-License-Identifier: GPL-2.0-or-later
#
# The string literals of C sources, each with the function or table that it stands in and the call that it is an
# argument of. Plain tokens, no compiler: our sources are formatted alike, no build is needed, and every string has to
# be seen, whatever reaches it.
from dataclasses import dataclass
import re

TOKEN = re.compile(r"""
      (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    | (?P<include>\#\s*include[^\n]*)
    | \#\s*define\s+(?P<define>\w+)
    | (?P<directive>\#\s*[a-z]+[^\n]*)
    | (?P<string>"(?:[^"\\\n]|\\.)*")
    | (?P<char>'(?:[^'\\\n]|\\.)*')
    | (?P<word>[A-Za-z_]\w*)
    | (?P<number>\.?\d[\w.]*)
    | (?P<mark>.)
""", re.VERBOSE | re.DOTALL)
SPLICE = "\x01"  # a line that goes on, so that lines can still be counted
CONVERSIONS = {"PRId64": "d", "PRIu64": "u", "PRIu32": "u", "PRIx64": "x", "G_GINT64_FORMAT": "d"}
NO_CALL = {"if", "for", "while", "switch", "return", "sizeof"}
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


@dataclass(frozen=True)
class Literal:
    """Adjacent pieces are one. calls: those around it, the nearest last, each with the place of the argument from 0."""

    path: str
    line: int
    function: str
    calls: tuple
    text: str

    @property
    def call(self):
        return self.calls[-1][0] if self.calls else ""


def tokens(source):
    """(kind, text, line) of what is no comment; "end" is where a #define ends."""
    line, in_define = 1, False
    for match in TOKEN.finditer(source.replace("\\\n", SPLICE)):
        kind, text = match.lastgroup, match.group()
        if kind == "space" and in_define and "\n" in text:
            in_define = False
            yield "end", "", line
        if kind == "define":
            in_define = True
            yield kind, match.group("define"), line
        elif kind not in ("space", "include", "directive") and text != SPLICE:
            yield kind, text, line
        line += text.count("\n") + text.count(SPLICE)


def unquoted(text):
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match.group(1), match.group()), text[1:-1])


class Reader:
    """One pass over a file. function: what the outermost name before a bracket or a "=" is; in a #define its name."""

    def __init__(self, path, source):
        self.path = path
        self.found = []
        self.function = ""
        self.brackets = []  # [name of the call or "", place of the argument]
        self.outside = None  # function and brackets around a #define
        self.last = ""  # the word just before, "" where there is none
        self.string = None  # [line, text]
        for kind, text, line in tokens(source):
            if kind == "string" or (self.string and text in CONVERSIONS):
                self.string = self.string or [line, ""]
                self.string[1] += CONVERSIONS.get(text) or unquoted(text)
            else:
                self.end_string()
                self.take(kind, text)
            self.last = text if kind == "word" else ""
        self.end_string()

    def take(self, kind, text):
        if kind == "define":
            self.outside = self.function, self.brackets
            self.function, self.brackets = text, []
        elif kind == "end":
            self.function, self.brackets = self.outside
            self.outside = None
        elif kind == "mark":
            if text in "([=" and self.last and not self.brackets and self.outside is None:
                self.function = self.last
            if text in "([{":
                self.brackets.append(["" if text != "(" or self.last in NO_CALL else self.last, 0])
            elif text in ")]}" and self.brackets:
                self.brackets.pop()
            elif text == "," and self.brackets:
                self.brackets[-1][1] += 1

    def end_string(self):
        if self.string is not None:
            calls = tuple((name, place) for name, place in self.brackets if name)
            self.found.append(Literal(self.path, self.string[0], self.function, calls, self.string[1]))
            self.string = None


def literals(path, source):
    return Reader(path, source).found
