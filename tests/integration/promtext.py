# SPDX-License-Identifier: GPL-2.0-or-later
# Reads metrics as strictly as both formats are written: what Prometheus' text format 0.0.4 and OpenMetrics 1.0 have in
# common, gauges only. Must not know what is measured. Facts: exposition formats of Prometheus, and OpenMetrics 1.0.
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"')
SAMPLE = re.compile(rf"({NAME})\{{(.*)\}} (-?\d+(?:\.\d+)?)", re.S)
META = re.compile(rf"# (HELP|TYPE|UNIT) ({NAME}) (.+)", re.S)
BASE_UNITS = ("seconds", "bytes")
# OpenMetrics keeps these endings for other types.
RESERVED = ("_total", "_created", "_count", "_sum", "_bucket", "_info")


def unescape(text):
    return re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), text)


def read_labels(text):
    found, at = {}, 0
    while at < len(text):
        match = LABEL.match(text, at)
        assert match, f"not a label: {text[at:]!r}"
        assert match[1] not in found and not match[1].startswith("__")
        found[match[1]] = unescape(match[2])
        at = match.end()
        assert at == len(text) or text[at] == ","
        at += 1
    return found


class Metrics:
    """All of a file: what each series says, by name and labels. Fails on anything that is not allowed."""

    def __init__(self, data):
        text = data.decode("utf-8")     # strictly
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text), "control characters"
        lines = text.split("\n")
        assert lines[-2:] == ["# EOF", ""], "the end is missing"
        self.series, self.help, self.unit, self.closed = {}, {}, {}, set()
        self.current, self.typed = None, set()
        for line in lines[:-2]:
            self._read_line(line)
        for name in self.help:
            assert name in self.typed and any(key[0] == name for key in self.series), f"nothing of {name}"
            ending = next((unit for unit in BASE_UNITS if name.endswith("_" + unit)), None)
            assert self.unit.get(name) == ending, name
            assert not name.endswith(RESERVED), name

    def _read_line(self, line):
        meta = META.fullmatch(line)
        if meta:
            self._read_meta(*meta.groups())
            return
        match = SAMPLE.fullmatch(line)
        assert match, f"not a sample, or one with a time: {line!r}"
        name, labels, value = match[1], read_labels(match[2]), float(match[3])
        assert name == self.current and name in self.typed, f"out of place: {line!r}"
        key = name, frozenset(labels.items())
        assert key not in self.series, f"twice: {line!r}"
        self.series[key] = value

    def _read_meta(self, word, name, text):
        if word == "HELP":
            assert name not in self.help, f"in two places: {name}"
            assert "\\" not in text and '"' not in text
            self.current, self.help[name] = name, text
        assert name == self.current and not any(key[0] == name for key in self.series)
        if word == "TYPE":
            assert text == "gauge" and name not in self.typed
            self.typed.add(name)
        if word == "UNIT":
            assert text in BASE_UNITS and name not in self.unit
            self.unit[name] = text

    def all(self, name):
        """[(labels, value)] without the labels that every series has."""
        return [({label: value for label, value in labels if label not in ("check", "service")}, value)
                for (found, labels), value in self.series.items() if found == name]

    def get(self, name, **labels):
        """The value of one series; None when it is not there."""
        values = [value for have, value in self.all(name) if have == labels]
        assert len(values) <= 1
        return values[0] if values else None

    @property
    def names(self):
        return set(self.help)
