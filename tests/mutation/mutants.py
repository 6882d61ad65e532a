# SPDX-License-Identifier: GPL-2.0-or-later
#
# Finds the places in a C file where one small change makes another program: comparisons, arithmetic, conditions,
# constants and statements. Reads the file as clang does, so that nothing inside a comment, a text or a macro's own
# definition is taken for code. Knows nothing of how a mutant is built or killed.
from dataclasses import dataclass

from clang import cindex
from clang.cindex import CursorKind

OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&", "+": "-", "-": "+",
         "*": "/", "/": "*", "%": "*", "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&", "+=": "-=", "-=": "+=",
         "|=": "&=", "&=": "|=", "<<=": ">>=", ">>=": "<<=", "*=": "/=", "/=": "*="}
WORDS = {"true": "false", "false": "true"}
OPERATIONS = (CursorKind.BINARY_OPERATOR, CursorKind.COMPOUND_ASSIGNMENT_OPERATOR)
BODIES = (CursorKind.COMPOUND_STMT, CursorKind.IF_STMT, CursorKind.FOR_STMT, CursorKind.WHILE_STMT, CursorKind.DO_STMT,
          CursorKind.CASE_STMT, CursorKind.DEFAULT_STMT)
STATEMENTS = (CursorKind.CALL_EXPR, CursorKind.BINARY_OPERATOR, CursorKind.COMPOUND_ASSIGNMENT_OPERATOR,
              CursorKind.UNARY_OPERATOR, CursorKind.CONTINUE_STMT, CursorKind.BREAK_STMT)


@dataclass(frozen=True, order=True)
class Mutant:
    """Bytes start to end of the file become text."""
    start: int
    end: int
    text: str
    function: str
    line: int
    was: str

    def applied(self, source):
        return source[:self.start] + self.text.encode() + source[self.end:]

    def __str__(self):
        return f"{self.function}: {' '.join(self.was.split())} -> {' '.join(self.text.split()) or 'nothing'}"


class Reader:
    def __init__(self, path, arguments):
        self.source = path.read_bytes()
        self.unit = cindex.Index.create().parse(str(path), args=arguments)
        wrong = [str(one) for one in self.unit.diagnostics if one.severity >= cindex.Diagnostic.Error]
        if wrong:
            raise RuntimeError(f"{path}: {wrong[0]}")
        self.path = str(path)
        self.function = ""
        self.found = set()

    def mutants(self):
        for cursor in self.unit.cursor.get_children():
            if cursor.kind == CursorKind.FUNCTION_DECL and cursor.is_definition() and self.is_here(cursor):
                self.function = cursor.spelling
                self.walk(cursor)
        return sorted(self.found)

    def is_here(self, cursor):
        return cursor.location.file is not None and cursor.location.file.name == self.path

    def span(self, cursor):
        """Its bytes in the file; nothing where it comes out of a macro."""
        start, end = cursor.extent.start, cursor.extent.end
        if start.file is None or start.file.name != self.path or end.offset <= start.offset:
            return None
        return start.offset, end.offset

    def add(self, start, end, text, line, was=None):
        was = self.source[start:end].decode() if was is None else was
        self.found.add(Mutant(start, end, text, self.function, line, was))

    def walk(self, cursor, statement=False):
        if cursor.kind == CursorKind.CXX_UNARY_EXPR: # sizeof: its operand is a type, not a value
            return
        span = self.span(cursor)
        if span is not None:
            self.change(cursor, *span)
            if statement and cursor.kind in STATEMENTS:
                self.drop(cursor, *span)
        children = list(cursor.get_children())
        for index, child in enumerate(children):
            self.walk(child, cursor.kind in BODIES and self.is_statement(cursor, children, index))

    @staticmethod
    def is_statement(parent, children, index):
        """A part of a loop, a condition or a block that stands by itself, and is not what is asked."""
        if parent.kind == CursorKind.COMPOUND_STMT:
            return True
        if parent.kind == CursorKind.DO_STMT:
            return index == 0
        if parent.kind in (CursorKind.FOR_STMT, CursorKind.WHILE_STMT):
            return index == len(children) - 1
        return index > 0

    def change(self, cursor, start, end):
        if cursor.kind in OPERATIONS:
            self.change_operator(cursor, start, end)
        elif cursor.kind == CursorKind.INTEGER_LITERAL:
            self.change_number(cursor, start, end)
        elif cursor.kind == CursorKind.UNARY_OPERATOR and self.source[start:start + 1] == b"!":
            self.add(start, start + 1, "", cursor.location.line, self.source[start:end].decode())
        elif cursor.kind == CursorKind.IF_STMT:
            self.negate(next(cursor.get_children()))
        elif cursor.kind == CursorKind.RETURN_STMT:
            for value in cursor.get_children():
                if value.type.spelling in ("bool", "_Bool"):
                    self.negate(value)
        if cursor.kind != CursorKind.COMPOUND_STMT:
            self.change_words(cursor, start, end)

    def negate(self, cursor):
        span = self.span(cursor)
        if span is not None:
            text = self.source[span[0]:span[1]].decode()
            if text not in WORDS and not text.startswith("!") and not self.is_equality(cursor):
                self.add(*span, f"!({text})", cursor.location.line)

    def is_equality(self, cursor):
        """Then its operator turned round is the same mutant."""
        operands = list(cursor.get_children())
        return cursor.kind == CursorKind.BINARY_OPERATOR and self.operator(*operands)[0] in ("==", "!=")

    def operator(self, left, right):
        """What stands between two operands, and where."""
        spans = self.span(left), self.span(right)
        if None in spans:
            return None, 0
        between = self.source[spans[0][1]:spans[1][0]].decode()
        text = between.strip(" \n()")
        return text, spans[0][1] + between.index(text)

    def change_operator(self, cursor, start, end):
        operator, at = self.operator(*cursor.get_children())
        if operator in OTHER:
            self.add(at, at + len(operator), OTHER[operator], cursor.location.line, self.source[start:end].decode())

    def change_number(self, cursor, start, end):
        text = self.source[start:end].decode()
        digits = text.rstrip("uUlL")
        try:
            number = int(digits, 0)
        except ValueError:
            return
        self.add(start, end, f"{number + 1}{text[len(digits):]}", cursor.location.line)

    def change_words(self, cursor, start, end):
        text = self.source[start:end].decode()
        if text in WORDS:
            self.add(start, end, WORDS[text], cursor.location.line)

    def drop(self, cursor, start, end):
        semicolon = self.source.find(b";", end)
        if self.source[end:semicolon].strip() == b"":
            text = self.source[start:end].decode()
            self.add(start, end, "", cursor.location.line, text)


def find(path, arguments):
    """All mutants of a file, in its order. arguments: those of its compiler."""
    return Reader(path, arguments).mutants()
