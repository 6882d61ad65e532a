# SPDX-License-Identifier: GPL-2.0-or-later
# What a phone was offered and what it made of it, for programs: FOLDER/story.json and the files it names.
# One entry a file: the lists that were held, the file, what each TVS node answered, accepted or refused, step and why.
# It must not decide anything, and does not know who may be believed.
import json
from pathlib import Path


class Untold:
    """For a phone of which nobody wants the story."""

    def offer(self, *_):
        pass

    answer = cached = end = offer


class Story:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.entries = []
        self.open = False           # questions outside an offer, as about HTTPS, are no part of the story

    def _file(self, what, data):
        if data is None:
            return None
        name = f"{len(self.entries):02}-{what}"
        (self.folder / name).write_bytes(data)
        return name

    def _certificate(self, data):
        return self._file(f"said-{len(self.entries[-1]['nodes'])}.der", data)

    def offer(self, what, data, ctl, itl, now, no_tvs):
        self.entries.append({"what": what, "offered": self._file(f"offered-{what}", data),
                             "ctl": self._file("held-CTL", ctl), "itl": self._file("held-ITL", itl), "now": int(now),
                             "no_tvs": no_tvs, "nodes": []})
        self.open = True

    def answer(self, node, answer):
        """answer: a tvswire.Message; None: none came. The identity is what only the network's side knows."""
        if self.open:
            said = {} if answer is None else {"status": answer.status, "roles": answer.roles,
                                              "certificate": self._certificate(next(iter(answer.certificates), None))}
            self.entries[-1]["nodes"].append({"node": node, "answered": answer is not None, "identity": None} | said)

    def cached(self, known):
        if self.open:
            self.entries[-1]["nodes"].append({"node": "cache", "answered": True, "identity": None, "status": 0,
                                              "roles": known["roles"], "until": known["until"],
                                              "certificate": self._certificate(known["certificate"])})

    def end(self, accepted, step, why):
        self.entries[-1].update(accepted=accepted, step=step, why=why)
        self.open = False
        self.write()

    def write(self):
        (self.folder / "story.json").write_text(json.dumps(self.entries, indent=1) + "\n")


def judge_arguments(folder, entry):
    """The same as words for ucmtrust-phone-judge."""
    words = ["--file", folder / entry["offered"], "--now", entry["now"]] + ["--no-tvs"] * entry["no_tvs"]
    for kind in ("ctl", "itl"):
        if entry[kind]:
            words += [f"--{kind}", folder / entry[kind]]
    for node in entry["nodes"]:
        parts = [node["node"]] + ["answered"] * node["answered"]
        parts += [f"identity={folder / node['identity']}"] if node["identity"] else []
        parts += [f"status={node['status']}", "roles=" + "+".join(map(str, node["roles"]))] if node["answered"] else []
        parts += [f"certificate={folder / node['certificate']}"] if node.get("certificate") else []
        parts += [f"until={node['until']}"] if "until" in node else []
        words += ["--node", ",".join(parts)]
    return [str(word) for word in words]
