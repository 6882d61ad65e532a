# SPDX-License-Identifier: GPL-2.0-or-later
#
# Takes the output of --help of a check apart, as all checks lay it out: options and keys to the left, what they mean
# from column 28 on, headings and paragraphs at the left edge, examples indented by two. Knows nothing of roff.
from dataclasses import dataclass, field
import re
import sys

COLUMN = 27  # where explanations begin


@dataclass
class Item:
    """An option, or a key of a file, and what it means; a line of its own where that is empty."""
    head: str
    text: str


@dataclass
class Group:
    """A heading ("" before the first one) and what stands below: Items, and paragraphs as text."""
    title: str
    parts: list = field(default_factory=list)

    def has_options(self):
        return any(isinstance(part, Item) and part.head.startswith("-") for part in self.parts)


@dataclass
class Help:
    check: str
    about: str
    usage: list  # one text for each form
    groups: list  # of options, and others such as the format of a file
    examples: list  # command lines
    performance: str


def blocks_of(lines):
    """Runs of lines without an empty one."""
    block = []
    for line in lines:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def usage_of(check, block):
    forms = []
    for line in block:
        line = line.removeprefix("Usage:").strip()
        if line.startswith(check):
            forms.append(line)
        else:
            forms[-1] += " " + line
    return forms


def commands_of(lines):
    """Examples, each in one line."""
    commands = []
    for line in lines:
        if commands and commands[-1].endswith("\\"):
            commands[-1] = commands[-1][:-1].rstrip() + " " + line.strip()
        else:
            commands.append(line.strip())
    return commands


def split_item(line):
    """(head, explanation) of a line that begins an item; None when it is a paragraph."""
    head, text = line[:COLUMN].strip(), line[COLUMN:].strip()
    if line.lstrip().startswith("-"):
        return (head, text) if line[COLUMN - 1:COLUMN] in ("", " ") else (line.strip(), "")
    if line.strip().startswith("["):
        return line.strip(), ""
    match = re.match(r"  (\S.*?) {2,}(\S.*)$", line)
    return (match[1], match[2]) if match else None


def add_line(group, line, open_item):
    """Add an indented line. Returns the item that may go on in the next one, or None."""
    if open_item and re.match(rf" {{{COLUMN},}}\S", line):
        open_item.text = f"{open_item.text} {line.strip()}".strip()
        return open_item
    found = split_item(line)
    if found:
        group.parts.append(Item(*found))
        return group.parts[-1]
    # A state and what it means here begins a paragraph, as does anything behind an item.
    if open_item or not group.parts or isinstance(group.parts[-1], Item) or re.match(r"  [A-Z]+: ", line):
        group.parts.append(line.strip())
    else:
        group.parts[-1] += " " + line.strip()
    return None


def add_block(groups, block):
    """A block is paragraphs of the left edge and indented lines; text right above indented lines is a heading."""
    flush, open_item = [], None
    if block[0].startswith(" ") and groups[-1].parts and isinstance(groups[-1].parts[-1], str):
        groups[-1].parts.append("")  # an empty line is no part of a paragraph
    for line in block:
        if not line.startswith(" "):
            flush.append(line.strip())
            continue
        if flush:
            groups.append(Group(re.sub(r":$", "", " ".join(flush))))
            flush, open_item = [], None
        open_item = add_line(groups[-1], line, open_item)
    if flush:
        groups[-1].parts.append(" ".join(flush))
    groups[-1].parts = [part for part in groups[-1].parts if part != ""]


def parsed(check, text):
    """The Help of a check from its output."""
    lines = text.splitlines()
    if not re.match(rf"{check} v\S+ \(ucmtrust\)$", lines[0]):
        sys.exit(f"{check} --help begins with {lines[0]!r}")
    blocks = list(blocks_of(lines[1:]))
    about = [block for block in blocks if block[0].startswith("Usage:")][0]
    where = blocks.index(about)
    groups, examples, performance = [Group("")], [], ""
    for block in blocks[where + 1:]:
        if block[0] == "Examples:":
            examples += commands_of(block[1:])
        elif block[0].startswith("Performance data:"):
            performance = " ".join(line.strip() for line in block).removeprefix("Performance data:").strip()
        else:
            add_block(groups, block)
    if not examples or not performance:
        sys.exit(f"{check} --help has no examples or no performance data")
    return Help(check, " ".join(line.strip() for block in blocks[:where] for line in block),
                usage_of(check, about), [group for group in groups if group.parts], examples, performance)
