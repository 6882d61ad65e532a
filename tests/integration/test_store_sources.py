# SPDX-License-Identifier: GPL-2.0-or-later
# All sources of check_ucm_truststore read the same lab cluster to the same model: one golden JSON holds what there is,
# and of each source the part that it can know; what it cannot know is null. No two sources have an option in common.
import json
import os
from pathlib import Path
import re

import pytest

from outcome import run
from trustlab import exports, showtext
from trustlab.axl import AxlServer, Database
from trustlab.cluster import make_pair

CHECK = "check_ucm_truststore"
GOLDEN = Path(__file__).parent / "golden/stores-source.json"
TOP = Path(__file__).resolve().parents[2]
FIELDS = ("node", "store", "subject", "issuer", "serial", "not_before", "not_after", "sha1", "sha256", "key")
OWN = ("CallManager", "tomcat", "ipsec", "CAPF", "TVS", "ITLRecovery")
NOW = 1_790_000_000


@pytest.fixture(scope="module")
def pair(lab_cache):
    return make_pair(lab_cache, NOW)


@pytest.fixture(scope="module")
def stores(pair, tmp_path_factory):
    """The stores as folders: NODE/STORE/NAME.pem."""
    root = tmp_path_factory.mktemp("stores")
    for node in pair.source.nodes:
        for store, held in pair.source.stores(node).items():
            (root / node.name / store).mkdir(parents=True)
            for name, made in held.items():
                (root / node.name / store / f"{name}.pem").write_bytes(made.pem)
    return root


def rows(*words):
    out = run(CHECK, *words, "--now", NOW, "--output", "json")
    assert out.state == "OK", out.text
    return [{field: one[field] for field in FIELDS} for one in out.json["stores"][0]["certificates"]]


def lasting(found):
    """Without what a new key of the lab changes."""
    return [{key: value for key, value in one.items() if not key.startswith("sha")} for one in found]


def test_folders_are_golden(stores):
    found = lasting(rows("--dir", stores))
    if os.environ.get("UCMTRUST_GOLDEN") == "rewrite":
        GOLDEN.write_text("[\n" + ",\n".join(json.dumps(one) for one in found) + "\n]\n")
    assert found == json.loads(GOLDEN.read_text())


def test_axl_knows_all_of_it(stores, pair, tmp_path):
    key = pair.source.certificates["tomcat-pub"]
    key.write(tmp_path)
    secret = tmp_path / "secret"
    secret.write_text("user\npassword\n")
    secret.chmod(0o600)
    database = Database(stores, "mixed", ())
    with AxlServer(database, tmp_path / "tomcat-pub.pem", tmp_path / "tomcat-pub.key", "user", "password") as server:
        found = rows("--axl", f"https://127.0.0.1:{server.port}", "--axl-credentials", secret,
                     "--axl-pin", tmp_path / "tomcat-pub.pem")
    assert found == rows("--dir", stores) and lasting(found) == json.loads(GOLDEN.read_text())


def test_exports_know_what_services_use(stores, pair, tmp_path):
    """Nodes have the names of hosts there; a certificate that lies on every node is in one export."""
    exports.write(tmp_path / "export", pair.source)
    host = {node.name: node.host.partition(".")[0] for node in pair.source.nodes}
    expected = {}
    for one in json.loads(GOLDEN.read_text()):
        if one["store"] in OWN:
            expected[one["store"], one["serial"]] = dict(one, node=host[one["node"]])
    found = {(one["store"], one["serial"]): one for one in lasting(rows("--pkcs12", tmp_path / "export"))}
    assert found.keys() == expected.keys()
    for place, one in found.items():
        if place[0] != "ITLRecovery":    # on every node in the folders; its name says who made it
            assert one == expected[place]


def test_text_knows_where_and_no_more(stores, pair, tmp_path):
    for node in pair.source.nodes:
        held = pair.source.stores(node)
        path = tmp_path / f"{node.name}.txt"
        path.write_text("".join(showtext.show_certificates(held, own, f"{node.name}:admin:") for own in (True, False)))
    words = [word for node in pair.source.nodes for word in ("--text", tmp_path / f"{node.name}.txt")]
    found = run(CHECK, *words, "--text-node", "pub", "--now", NOW, "--output", "json").json["stores"][0]
    golden = json.loads(GOLDEN.read_text())
    assert found["complete"] == []
    assert {one["store"] for one in found["certificates"]} == {one["store"] for one in golden}
    for one in found["certificates"]:
        assert [one[field] for field in ("serial", "sha1", "sha256", "key", "not_before", "not_after")] == [None] * 6


def test_no_option_is_there_twice():
    """GOption says nothing, and gives the value to the first alone."""
    seen = {}
    for name in ("check_ucm_truststore.c", "options.c", "plan_option.c", *(
            path.name for path in (TOP / "nagios").glob("store_*.c")), "axl_login.c"):
        for option in re.findall(r'^\s*\{"([a-z0-9-]+)", (?:0|\'.\'), 0,', (TOP / "nagios" / name).read_text(), re.M):
            assert option not in seen, (option, name, seen[option])
            seen[option] = name
    assert len(seen) > 30
