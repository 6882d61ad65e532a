# SPDX-License-Identifier: GPL-2.0-or-later
# An output as a document shows it, against the real one. A line of three dots stands for any lines, three dots inside
# of a line for anything in it. What differs from run to run is in CHANGES, and nowhere else.
import re

CHANGES = [
    (r"\b\d+\.\d+ ?s\b", "TIME"),                                   # how long something took
    (r"\b20\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?", "DATE"),
    (r"\b-?\d+ days?\b", "DAYS"),
    (r"(?<=min_days=)-?\d+", "DAYS"),
    (r"[ \t]+", " "),
    (r" $", ""),
]


def normal(line):
    for pattern, word in CHANGES:
        line = re.sub(pattern, word, line)
    return line.replace("…", "...")


def _expression(line):
    return ".*".join(re.escape(part) for part in line.split("..."))


def differences(shown, real):
    """What is wrong with what a document shows, as sentences."""
    shown, real = [normal(line) for line in shown], [normal(line) for line in real]
    while real and not real[-1]:
        real.pop()
    pattern = "".join(r"(?:.*\n)*" if line.strip() == "..." else _expression(line) + r"\n" for line in shown)
    text = "".join(line + "\n" for line in real)
    if re.fullmatch(pattern, text):
        return []
    lost = [line for line in shown if line.strip() != "..." and not re.search(rf"(?m)^{_expression(line)}$", text)]
    return ["the document shows another output" + "".join(f"\n  only in the document: {line}" for line in lost)
            + "\n  the real one: " + "\n  ".join(["", *real])]
