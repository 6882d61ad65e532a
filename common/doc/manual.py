# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the scripts that write manual pages share: text as roff, the catalogue of findings, and pages of which the parts
# between the lines '.\" BEGIN name' and '.\" END' are written by a program. Knows no check and no Wireshark.
import ast
from pathlib import Path
import re
import sys
import textwrap

TOP = Path(__file__).resolve().parents[2]

# Headings for the groups of the catalogue, in the order of the pages.
GROUPS = {
    "STRUCTURE": "Trust lists: form",
    "SIGNATURE": "Trust lists: signature",
    "CONTENT": "Trust lists: content",
    "CERTIFICATE": "Trust lists: certificates",
    "TVS": "TVS: messages, answers and servers",
    "CHANGE": "Phones that hold an older list",
    "CLUSTER": "Nodes of one cluster",
    "MIGRATION": "Moves between clusters",
    "FETCH": "Fetching, by the checks",
    "STORE_EXPIRY": "Trust stores: what expires",
    "STORE_CLUSTER": "Trust stores: nodes of one cluster",
    "STORE_IMPORT": "Trust stores: certificates of another cluster",
    "STORE_TVS": "Trust stores: held against TVS",
    "STORE_SOURCE": "Trust stores: sources",
    "STORE_AXL": "Trust stores: through AXL",
    "STORE_PKCS12": "Trust stores: exports of bulk certificate management",
    "STORE_PLAN": "Plans of renewal",
    "SAVED": "Text that somebody saved",
}
SEVERITIES = {"UCM_NOTE": "note", "UCM_WARNING": "warning", "UCM_UNSURE": "unknown", "UCM_ERROR": "error"}


# ---- roff ----

def escaped(text):
    """Text as it stands."""
    return text.replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq")


def verbatim(text):
    """Something to be typed: no sign may become a nicer one."""
    return escaped(text).replace("'", r"\(aq").replace("^", r"\(ha").replace("~", r"\(ti").replace("`", r"\(ga")


def roff(text):
    """Text as it stands; `code` in bold."""
    return re.sub(r"`([^`]*)`", r"\\fB\1\\fP", escaped(text))


def wrapped(text):
    """Lines of text that is roff already; none may begin like a request."""
    lines = textwrap.wrap(text, 78, break_long_words=False, break_on_hyphens=False)
    return [r"\&" + line if line[0] in ".'" else line for line in lines]


def filled(text):
    return wrapped(roff(text))


def entry(head, note, *paragraphs):
    """A tagged paragraph: the head in bold, a note behind it, text below."""
    lines = [".TP", f".B {roff(head)}" if not note else f".BR {roff(head)} \" ({roff(note)})\""]
    return lines + [line for one in paragraphs for line in filled(one)]


def sentence(text):
    return text if text.endswith((".", "?")) else text + "."


# ---- the catalogue ----

def tables():
    """(group, what its macro stands for) for each group and each group of groups."""
    for path in sorted((TOP / "common").glob("finding_table*.h"), key=lambda path: len(path.name)):
        text = path.read_text().replace("\\\n", "\n")
        yield from re.findall(r"#define UCM_FINDINGS_(\w+)\(X\)(.*?)(?=#define|/\*|\Z)", text, re.S)


def groups_of_captures():
    """The groups that a capture can show: those of CAPTURE, and those inside them."""
    bodies, found, left = dict(tables()), set(), ["CAPTURE"]
    while left:
        group = left.pop()
        found.add(group)
        left += re.findall(r"UCM_FINDINGS_(\w+)\(X\)", bodies[group])
    return found


def findings(wanted):
    """(group, id, severity, grade, what, meaning, remedy, source) of each row of these groups. A row is a valid
    expression."""
    for group, body in tables():
        rows = re.findall(r'\bX\((?:[^"()]|"(?:\\.|[^"\\])*")*\)', body)
        if rows and group not in GROUPS:
            sys.exit(f"{__file__}: GROUPS has no heading for the findings of {group}")
        for row in rows if group in wanted else []:
            arguments = ast.parse(row.strip().replace("\n", " "), mode="eval").body.args
            texts = [one.value for one in arguments if isinstance(one, ast.Constant)]
            names = [one.id for one in arguments if isinstance(one, ast.Name)]
            yield group, texts[0], SEVERITIES[names[1]], names[2], *texts[1:]


def finding_section(wanted):
    lines, last = [], None
    rows = sorted(findings(wanted), key=lambda row: list(GROUPS).index(row[0]))
    for group, name, severity, grade, what, meaning, remedy, source in rows:
        if group != last:
            lines.append(f".SS {roff(GROUPS[group])}")
            last = group
        lines += entry(name, severity, sentence(what), sentence(meaning), f"To do: {sentence(remedy)}",
                       f"[{grade}: {source}]")
    return lines


# ---- pages ----

def filled_page(path, sections):
    """The text of the page at path with these sections, name -> function that gives its lines. Each has one place."""
    left = dict(sections)

    def replaced(match):
        if match[2] not in left:
            sys.exit(f"{path} has a place for '{match[2]}', which nothing writes")
        return "\n".join([match[1], *left.pop(match[2])(), match[3]])
    page = re.sub(r'^(\.\\" BEGIN (.+?))$.*?^(\.\\" END)$', replaced, path.read_text(), flags=re.M | re.S)
    if left:
        sys.exit(f"{path} has no place for: {', '.join(left)}")
    return page


def update(script, pages):
    """pages: path -> its sections. Writes them; with --check only says which lag behind, and fails."""
    for path, sections in pages.items():
        new = filled_page(path, sections)
        if "--check" not in sys.argv[1:]:
            path.write_text(new)
        elif new != path.read_text():
            sys.exit(f"{path} lags behind the program: run {script}")
