# SPDX-License-Identifier: GPL-2.0-or-later
#
# What every message must be, as far as a machine can tell: each rule yields (literal, what is wrong with it).
from collections import defaultdict
import re

from catalogue import LINES, SINGLE, catalogue

# ---- the catalogue of findings ----

def has_three_lines(found, _):
    """What is wrong, what it means for phones, what to do: each a clause, none said twice, none a shrug."""
    for name, row in catalogue(found).items():
        texts = [row[line].text for line in LINES.values() if line in row]
        if len(texts) < len(LINES) or len(set(texts)) < len(LINES):
            yield next(iter(row.values())), f"{name} lacks a line, or has one twice"
        for line, one in row.items():
            if len(one.text.split()) < 3 or re.fullmatch(r"(Unknown|None|Nothing)\W*", one.text):
                yield one, f"{name}: the line \"{line}\" says nothing: what is not known, and why not?"
            if not one.text[0].isupper() and one.text[0] != "`" and not one.text.startswith("ipsec"):
                yield one, f"{name}: the line \"{line}\" begins without a capital"
            if "the message says" in one.text:
                yield one, f"{name}: the line \"{line}\" leaves to another text what to do"


# ---- every message ----

def ends_without_full_stop(_, messages):
    for _, one in messages:
        if re.search(r"[a-z)]\.\n?$", one.text) and "/openmetrics" not in one.path and not is_page(one):
            yield one, "ends with a full stop, as no other does"


def is_page(one):
    """HTML, and a note in a file of its own, are whole sentences."""
    return one.path == "nagios/page.c" or one.function == "LIMIT_NOTE"


FAILED = re.compile(r"\b(failed|(?:can|could) ?not be (?:opened|used|written|read|made|set up)|could not \w+)\b")
CAUSE = re.compile(r"[:,;(]|\bbecause\b|\bfor a reason\b|%s|\bno \w+ left\b")


def gives_a_cause(found, messages):
    """Outside of the catalogue, whose findings carry the cause in brackets."""
    rows = {one for row in catalogue(found).values() for one in row.values()}
    for _, one in messages:
        match = FAILED.search(one.text)
        if match and one not in rows and one.function not in CAUSE_FOLLOWS and not CAUSE.search(one.text[match.end():]):
            yield one, f"\"{match.group()}\" without a cause"


# What stands there is the cause of something, or an outcome that the source itself does not explain.
CAUSE_FOLLOWS = {
    "UCM_STEPS",  # a reason why a phone accepts or not
    "add_found",  # a trace: what phones wrote, no more
    "plan_obstacle_text",  # why no plan was tried, followed by the finding of each list
    "words_for",  # a word about each TVS node; its finding has the cause
    "add_certificate", "take_bags", "open_container",  # why a PKCS#12 file could not be read
    "add_time",  # of a date, after the name of its certificate
    "state_open",  # errno follows
    "add_clusters", "add_numbers",  # what a metric is
}
SHRUGS = {"error", "failed", "failure", "invalid", "bad", "wrong", "broken", "unexpected", "unable", "cannot", "denied",
          "unavailable", "timeout", "abort", "aborted", "problem", "fault", "unknown", "unknown error",
          "internal error", "unknown reason", "no reason"}


def is_more_than_a_shrug(_, messages):
    for _, one in messages:
        bare = SINGLE.sub("", one.text).strip(" .:,!").lower()
        if bare in SHRUGS and not re.search(r"(name|word|status|detail)$", one.function):
            yield one, "says that something is wrong, and not what"


def names_a_stage_in_words(found, _):
    for one in found:
        if one.call == "plugin_stage" and len(one.text.split()) < 2:
            yield one, "a stage of a check is what it does with what: two words at least"


OPTION = re.compile(r"(^|[ (])--?[a-zA-Z]")


def usage_names_the_option(found, _):
    """Or the caller hands it over, or the line of a file."""
    for one in found:
        if one.call == "plugin_usage" and one.calls[-1][1] == 0:
            text = one.text
            known = text.startswith(("inventory: ", "axl-", "expected options only"))
            if not (known or OPTION.search(text) or re.match(r"%s(: |$)", text)):
                yield one, "a usage message that names neither option nor file"
            if not re.search(r"expected|cannot|%s$|: %s|: (this|every|a|no) |did not", text):
                yield one, "a usage message that does not say what is expected"


PLURAL = re.compile(r"%[0-9l]*[udi] (?:more )?(?!bytes|bits)([a-z]+s)\b")
NOT_COUNTED = {"as", "has", "is", "ms", "names", "was", "rounds", "characters"}  # no nouns, or always many


def counts_one_as_one(_, messages):
    """"1 days": a number before a noun in the plural. Totals ("1 of 4 nodes") and bytes are left alone."""
    for _, one in messages:
        for match in PLURAL.finditer(one.text):
            total = re.search(r"(%\w+ of|at most) $", one.text[:match.start()])
            if match.group(1) not in NOT_COUNTED and not total:
                yield one, f"\"{match.group(1)}\" after a number that can be 1"


# ---- the same words for the same thing ----

def plain(text):
    """Words without ends, marks and articles, to find two wordings of one thing."""
    words = re.findall(r"[A-Z]{2,}|[a-z]+", SINGLE.sub(" ", text).replace("--", "%"))
    return tuple(re.sub(r"(es|s|ed|ing|e)$", "", word) for word in words if word not in SMALL)


SMALL = {"a", "an", "the", "of", "is", "was", "it", "its", "to", "in", "that", "and"}


def is_said_once(_, messages):
    """What the dissector and the checks both say comes from common/."""
    where = defaultdict(list)
    for _, one in messages:
        text = one.text.strip(" ,;:()[]\n").lower()
        if len(text.split()) >= 2:
            where[text].append(one)
    for text, ones in where.items():
        if {one.path.split("/")[0] for one in ones} >= {"dissector", "nagios"}:
            yield ones[0], f"\"{text}\" is also in {ones[-1].path}:{ones[-1].line}: it belongs to common/"


def has_one_wording(_, messages):
    """Two texts of the same five words or more are one thing that is said in two ways."""
    where = defaultdict(dict)
    for _, one in messages:
        words = plain(one.text)
        if len(words) >= 5 and "/openmetrics" not in one.path:
            where[words].setdefault(re.sub(r"\W+", " ", SINGLE.sub("", one.text)).strip().lower(), one)
    for ones in where.values():
        if len(ones) > 1:
            first, second = list(ones.values())[:2]
            yield first, f"another wording of the same is in {second.path}:{second.line}: \"{second.text}\""


# One word for one thing, in both plugins; the other was used before.
RETIRED = {
    r"nothing in time": "no answer in time",
    r"^(only )?%[a-z]+ bytes in time": "not complete in time, N bytes came",
    r"unknown (date|time)\b": "unreadable date",
    r"(broke|breaks) the .*off": "broke off the TLS handshake",
    r"good for %": "TTL",
    r"no known role|unknown role$|roles none": "no role, or role N",
    r"what it answers is": "it answers something else than was asked",
    r"stage: %s, ": "the stage stands last",
    r"longer --timeout": "a longer -t",
    r"unknown reason": "who gives no reason",
    r"EXPIRED today|expired today|within a day": "less than a day",
}


def has_the_word_of_all(_, messages):
    for _, one in messages:
        for pattern, word in RETIRED.items():
            if re.search(pattern, one.text):
                yield one, f"say \"{word}\", as the others do"


RULES = (has_three_lines, ends_without_full_stop, gives_a_cause, is_more_than_a_shrug, names_a_stage_in_words,
         usage_names_the_option, counts_one_as_one, is_said_once, has_one_wording,
         has_the_word_of_all)
