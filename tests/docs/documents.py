# SPDX-License-Identifier: GPL-2.0-or-later
# What the documents of the project tell a reader to type or to write, and what they say comes out. In Markdown, an
# indented block is typed or written, and so is a fenced one of "sh" (in a shell) or "console" (elsewhere); one of "text"
# is a picture; any other fenced one is the output of the command before it. Code in a sentence is typed if it has
# several words. In manual pages, .EX is typed, and bold text of several words. In examples of
# configuration, it is what stands between double quotes in a comment.
# It must not know any command.
from dataclasses import dataclass, field
import os
from pathlib import Path
import re

TOP = Path(__file__).resolve().parents[2]


@dataclass
class Item:
    """One thing that a document shows."""
    document: str
    line: int
    kind: str           # block (several commands, or an excerpt), or words (in a sentence)
    text: str           # dedented, as it stands
    output: list = field(default_factory=list)      # lines that are shown for the last command of a block

    @property
    def where(self):
        return f"{self.document}:{self.line}"

    def commands(self):
        """Its commands, each in one line: without comments, which three blanks or a number sign begin."""
        found = []
        for line in self.text.split("\n"):
            word = re.split(r"\s{3,}(?=\S)|\s+# ", line.strip())[0].strip()
            if line.startswith(" ") or found and found[-1].endswith("\\"):
                found[-1] = found[-1].removesuffix("\\").strip() + " " + word
            elif word:
                found.append(word)
        return found


def paths():
    """Every document, the README first: what it installs is there for the others."""
    found = [path for path in TOP.rglob("*.md") if not {"build", ".git"} & set(path.relative_to(TOP).parts)]
    found = sorted(found, key=lambda path: (len(path.parts), path))
    found += [path for folder in ("dissector", "nagios") for path in sorted((TOP / folder / "doc").glob("*.[1-8]"))]
    return found + sorted(path for path in (TOP / "nagios" / "config").rglob("*") if path.is_file())


def items(path):
    name, text = str(path.relative_to(TOP)), path.read_text()
    if path.suffix == ".md":
        return _markdown(name, text)
    return _roff(name, text) if path.match("doc/*.[1-8]") else _comments(name, text)


def several_words(text):
    return " " in text.strip()


def is_program(word):
    """tests/run and the like."""
    path = TOP / word
    return "/" in word and not word.startswith("/") and path.is_file() and os.access(path, os.X_OK)


def lost_names(path):
    """Files and folders of the project that a document names, and that are not there."""
    names = re.findall(r"`((?:common|dissector|nagios|tests|pcaps)/[^`\s]*)`", path.read_text())
    return [name for name in names if not list(TOP.glob(name.rstrip("/")))] if path.suffix == ".md" else []


# ---- Markdown ----

def _markdown(name, text):
    """Blank lines belong to a block when it goes on below them."""
    found, sentence, block, fence, shown = [], [], [], None, ""
    for number, line in enumerate([*text.split("\n"), "end"], 1):
        if fence is not None:
            if not line.startswith("```"):
                fence.append(line)
                continue
            if shown in ("sh", "console"):
                found.append(Item(name, number - len(fence), "block", "\n".join(fence)))
            elif shown != "text":
                found[-1].output = fence
            fence = None
        elif line.startswith("    ") or not line and block:
            block.append((number, line))
        else:
            if block:
                found.append(_block(name, block))
                block = []
            if line.startswith("```"):
                fence, shown = [], line.removeprefix("```").strip()
            else:
                sentence.append((number, line))
                continue
        found, sentence = found + _spans(name, sentence, r"`([^`]+)`"), []
    return found + _spans(name, sentence, r"`([^`]+)`")


def _block(name, lines):
    text = "\n".join(line[4:] for _, line in lines).rstrip("\n")
    return Item(name, lines[0][0], "block", text)


def _spans(name, lines, pattern):
    """Code in sentences, which may go over the end of a line."""
    text, found = "\n".join(line for _, line in lines), []
    for match in re.finditer(pattern, text):
        words = " ".join(next(group for group in match.groups() if group).split())
        if several_words(words) or is_program(words):
            number = lines[text[:match.start()].count("\n")][0]
            found.append(Item(name, number, "words", words))
    return found


# ---- manual pages ----

def _plain(text):
    for roff, sign in ((r"\-", "-"), (r"\(dq", '"'), (r"\(aq", "'"), (r"\(ha", "^"), (r"\(ti", "~"), (r"\(ga", "`"),
                       (r"\e", "\\"), (r"\&", ""), (r"\%", "")):
        text = text.replace(roff, sign)
    return text


def _roff(name, text):
    found = []
    for match in re.finditer(r"^\.EX\n(.*?)\n\.EE$", text, re.M | re.S):
        found.append(Item(name, text[:match.start()].count("\n") + 2, "block", _plain(match[1])))
    lines = [(number, _plain(line)) for number, line in enumerate(text.split("\n"), 1)]
    return found + _spans(name, lines, r"\\fB((?:[^\\]|\\[^f])+)\\fP")


# ---- examples of configuration ----

def _comments(name, text):
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if re.match(r" *(#|/?\*|//)", line)]
    lines = [(number, re.sub(r"^ *[#*/]+", "", line)) for number, line in lines]
    return _spans(name, lines, r'"([^"\n=]+)"')
