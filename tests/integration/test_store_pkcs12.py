# SPDX-License-Identifier: GPL-2.0-or-later
# check_ucm_truststore --pkcs12: exports of the lab's clusters as files and folders, and everything that can be wrong
# with a file and a password. From a server: test_store_sftp.py.
import os

import pytest

from outcome import build, run, run_measured
from trustlab import exports
from trustlab.certs import Maker
from trustlab.cluster import make_pair

CHECK = "check_ucm_truststore"
PASSWORD = "Sesam-0ffne-D1ch"
MEMORY_MAX = 128 << 20
LOGIN = "geheim-wie-nie"


@pytest.fixture(scope="module")
def pair(lab_cache, manifest):
    """The same clusters as in the folder `lab`."""
    return make_pair(lab_cache, manifest["now"])


@pytest.fixture(scope="module")
def now(manifest):
    return manifest["now"]


@pytest.fixture
def secret(tmp_path):
    """A function that writes a secret to a file for its owner."""
    def write(text, name="secret", mode=0o600):
        path = tmp_path / name
        path.write_text(text)
        path.chmod(mode)
        return path
    return write


@pytest.fixture(scope="module")
def one(pair):
    """The publisher's CallManager certificate."""
    return pair.source.certificates["callmanager-pub"]


def look(*arguments, now=None, secrets=(PASSWORD, LOGIN), **options):
    """The check as JSON; whatever happens, no secret is printed."""
    outcome = run(CHECK, *arguments, *(["--now", now] if now else []), "--output", "json", **options)
    for word in secrets:
        assert word not in outcome.text
    return outcome


def identities(outcome, at=0):
    """{(store, node, SHA-256)} of what services use."""
    return {(item["store"], item["node"], item["sha256"]) for item in outcome.json["stores"][at]["certificates"]
            if item["store"] in exports.OWN}


def texts(outcome):
    return " / ".join(finding["text"] for finding in outcome.json["findings"])


def as_named_by_host(found, cluster):
    """The lab's folders have short names for nodes, certificates the host's."""
    host = {node.name: node.host.partition(".")[0] for node in cluster.nodes}
    return {(store, host[node], digest) for store, node, digest in found}


# ---- the same as from folders ----

def from_dir(lab, now, cluster):
    found = as_named_by_host(identities(look("--dir", lab / "source/stores", now=now)), cluster)
    # In the folders ITLRecovery lies on every node; its subject names the one that made it.
    publisher = cluster.publisher.host.partition(".")[0]
    return {one for one in found if one[0] != "ITLRecovery" or one[1] == publisher}


WAYS = {
    "modern-none": {}, "modern-password": {"password": PASSWORD}, "modern-empty": {"password": ""},
    "legacy-empty": {"cipher": exports.LEGACY, "password": ""},
    "legacy-password": {"cipher": exports.LEGACY, "password": PASSWORD},
    "friendly": {"password": PASSWORD, "friendly": True},
}


@pytest.mark.parametrize("consolidated", [False, True], ids=["per-node", "consolidated"])
@pytest.mark.parametrize("way", WAYS)
def test_same_certificates_as_from_folders(lab, pair, now, tmp_path, secret, way, consolidated):
    how = WAYS[way]
    exports.write(tmp_path / "export", pair.source, consolidated=consolidated, **how)
    options = ["--password-file", secret(PASSWORD + "\n")] if how.get("password") else []
    outcome = look("--pkcs12", tmp_path / "export", *options, now=now)
    expected = from_dir(lab, now, pair.source)
    if consolidated:    # nothing says on which node CAPF is
        expected = {(store, None if store == "CAPF" else node, digest) for store, node, digest in expected}
    assert identities(outcome) == expected
    assert outcome.state == "OK"
    assert set(outcome.findings) == ({"ST-PKCS12-OLD-CIPHER"} if how.get("cipher") == exports.LEGACY else set())


def test_what_it_cannot_know_is_null(pair, now, tmp_path):
    """Names of files that say nothing: of most certificates the store is absent, not guessed."""
    exports.write(tmp_path / "export", pair.source, name=exports.Opaque())
    outcome = look("--pkcs12", tmp_path / "export", now=now)
    (stores,) = outcome.json["stores"]
    assert stores["complete"] == []
    by_subject = {}
    for item in stores["certificates"]:
        assert item["roles"] is None
        by_subject.setdefault(item["subject"].partition(";")[0], set()).add((item["store"], item["node"]))
    capf = pair.source.certificates["capf"].subject_text.partition(";")[0]
    assert by_subject == {"CN=cucm-src-pub.example": {(None, "cucm-src-pub")},
                          "CN=cucm-src-sub.example": {(None, "cucm-src-sub")},
                          "CN=ITLRECOVERY_cucm-src-pub.example": {("ITLRecovery", "cucm-src-pub")},
                          capf: {("CAPF", None)}}
    assert sorted(item["sha256"] for item in stores["certificates"]) == sorted(
        {certificate.sha256 for _, _, certificate in exports.own_certificates(pair.source)})


def test_friendly_name_says_the_store(pair, now, tmp_path):
    exports.write(tmp_path / "export", pair.source, name=exports.Opaque(), friendly=True)
    outcome = look("--pkcs12", tmp_path / "export", now=now)
    assert {store for store, _, _ in identities(outcome)} == set(exports.OWN)


def test_type_and_node_from_options(pair, now, tmp_path):
    (tmp_path / "x").write_bytes(exports.seal([pair.source.certificates[name] for name in ("tvs-pub", "capf")]))
    outcome = look("--pkcs12", tmp_path / "x", "--type", "tvs", "--node", "pub", now=now)
    assert {(store, node) for store, node, _ in identities(outcome)} == {("TVS", "pub"), ("CAPF", "pub")}


def test_authorities_in_a_file_are_nobodys_identity(pair, now, tmp_path):
    """A signed certificate comes with those that signed it; no service uses these."""
    chain = [pair.phone["mic"], pair.manufacturing]
    (tmp_path / "CallManager.p12").write_bytes(exports.seal(chain))
    outcome = look("--pkcs12", tmp_path / "CallManager.p12", now=now)
    found = {item["subject"].partition(";")[0]: (item["store"], item["node"])
             for item in outcome.json["stores"][0]["certificates"]}
    assert found.pop("CN=Example Manufacturing CA") == (None, None)
    assert [store for store, _ in found.values()] == ["CallManager"]


def test_as_another_cluster(lab, pair, now, tmp_path):
    exports.write(tmp_path / "export", pair.destination, consolidated=True)
    outcome = look("--dir", lab / "source/stores", "--expect-from", f"pkcs12:{tmp_path}/export", now=now)
    own = {digest for _, _, digest in identities(look("--dir", lab / "destination/stores", now=now))}
    assert {digest for _, _, digest in identities(outcome, 1)} == own


# ---- passwords and ciphers ----

def test_unknown_password(one, now, tmp_path, secret):
    path = tmp_path / "x.p12"
    path.write_bytes(exports.seal([one], password=PASSWORD))
    outcome = look("--pkcs12", path, now=now)
    assert outcome.state == "UNKNOWN" and "ST-PKCS12-PASSWORD" in outcome.findings
    outcome = look("--pkcs12", path, "--password-file", secret("wrong"), now=now)
    assert outcome.state == "UNKNOWN" and "ST-PKCS12-PASSWORD" in outcome.findings
    assert "--password-file" in texts(outcome)


@pytest.mark.parametrize("text", [PASSWORD, PASSWORD + "\n", PASSWORD + "\r\n"], ids=["bare", "lf", "crlf"])
def test_password_file_is_one_line(one, now, tmp_path, secret, text):
    (tmp_path / "x.p12").write_bytes(exports.seal([one], password=PASSWORD))
    assert look("--pkcs12", tmp_path / "x.p12", "--password-file", secret(text), now=now).state == "OK"


@pytest.mark.parametrize("option", ["--password-file", "--ssh-password-file", "--ssh-key"])
def test_secrets_that_others_may_read_are_refused(tmp_path, secret, option):
    for mode in (0o604, 0o606, 0o602, 0o601):
        outcome = run(CHECK, "--pkcs12", tmp_path, option, secret(PASSWORD, mode=mode))
        assert outcome.usage and outcome.state == "UNKNOWN" and "chmod o=" in outcome.text
        assert PASSWORD not in outcome.text
    outcome = run(CHECK, "--pkcs12", tmp_path, option, tmp_path / "none")
    assert outcome.usage and "No such file" in outcome.text


def test_a_group_may_read_secrets(one, now, tmp_path, secret):
    (tmp_path / "x.p12").write_bytes(exports.seal([one], password=PASSWORD))
    assert look("--pkcs12", tmp_path / "x.p12", "--password-file", secret(PASSWORD, mode=0o640), now=now).state == "OK"


@pytest.mark.parametrize("text", [f"{PASSWORD}\nmore", f"{PASSWORD}\n\n\nmore\n", "x" * 2000, f"{PASSWORD}\0"],
                         ids=["two-lines", "later", "long", "nul"])
def test_password_files_with_more_than_a_line(tmp_path, secret, text):
    outcome = run(CHECK, "--pkcs12", tmp_path, "--password-file", secret(text))
    assert outcome.usage and "one line" in outcome.text and PASSWORD not in outcome.text


def test_legacy_provider_is_not_installed(one, now, tmp_path):
    (tmp_path / "x.p12").write_bytes(exports.seal([one], password="", cipher=exports.LEGACY))
    outcome = look("--pkcs12", tmp_path / "x.p12", now=now, environment={"OPENSSL_MODULES": str(tmp_path)})
    assert outcome.state == "UNKNOWN" and "ST-PKCS12-LEGACY" in outcome.findings and "RC2" in texts(outcome)
    # A modern one beside it needs none.
    (tmp_path / "x.p12").write_bytes(exports.seal([one], password=""))
    assert look("--pkcs12", tmp_path / "x.p12", now=now, environment={"OPENSSL_MODULES": str(tmp_path)}).state == "OK"


def test_triple_des_needs_no_provider(one, now, tmp_path):
    data = exports.seal([one], password="", options=["-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"])
    (tmp_path / "x.p12").write_bytes(data)
    outcome = look("--pkcs12", tmp_path / "x.p12", now=now, environment={"OPENSSL_MODULES": str(tmp_path)})
    assert outcome.state == "OK" and outcome.findings == ["ST-PKCS12-OLD-CIPHER"]


@pytest.mark.parametrize("mac", [True, False], ids=["mac", "no-mac"])
@pytest.mark.parametrize("cipher", ["NONE", "AES-256-CBC", "PBE-SHA1-RC2-40"])
def test_sealed_in_part(one, now, tmp_path, secret, cipher, mac):
    options = ["-certpbe", cipher] + (["-legacy"] if "RC2" in cipher else [])
    data = exports.seal([one], password=PASSWORD, options=options)
    (tmp_path / "x.p12").write_bytes(data if mac else exports.without_mac(data))
    password = secret(PASSWORD)
    outcome = look("--pkcs12", tmp_path / "x.p12", "--password-file", password, now=now)
    assert outcome.state == "OK" and len(outcome.json["stores"][0]["certificates"]) == 1
    outcome = look("--pkcs12", tmp_path / "x.p12", now=now)
    if mac or cipher != "NONE":
        assert outcome.state == "UNKNOWN" and "ST-PKCS12-PASSWORD" in outcome.findings
    else:
        assert outcome.state == "OK"


@pytest.mark.parametrize("cipher", [exports.MODERN, exports.LEGACY])
def test_private_key_inside(one, now, tmp_path, secret, cipher):
    (tmp_path / "x.p12").write_bytes(exports.seal([one], password=PASSWORD, key=one.private_key, cipher=cipher))
    outcome = look("--pkcs12", tmp_path / "x.p12", "--password-file", secret(PASSWORD), now=now)
    assert outcome.state == "WARNING" and "ST-PRIVATE-KEY" in outcome.findings
    assert len(outcome.json["stores"][0]["certificates"]) == 1


# ---- files that are wrong ----

def test_ten_million_rounds(one, now, tmp_path):
    """Neither the MAC's nor a cipher's are tried: that would take many seconds."""
    sealed = exports.seal([one], password="")
    (tmp_path / "x.p12").write_bytes(exports.with_mac_rounds(sealed, 10**7))
    outcome = look("--pkcs12", tmp_path / "x.p12", now=now)
    assert outcome.state == "UNKNOWN" and "ST-PKCS12-ROUNDS" in outcome.findings and "10000000" in texts(outcome)
    # The cipher's count stands before the MAC's.
    cipher = exports.seal([one], password="", options=["-iter", str(10**6)])
    many = cipher.replace(b"\x02\x03\x0f\x42\x40", b"\x02\x03\x7f\xff\xff", 1)
    assert many != cipher
    (tmp_path / "x.p12").write_bytes(many)
    outcome = look("--pkcs12", tmp_path / "x.p12", now=now)
    assert outcome.state == "UNKNOWN" and "8388607 rounds" in texts(outcome)


@pytest.mark.parametrize("rounds", [10**6 + 1, 2**31, 2**32 + 1, 2**63, 2**64 + 1, 2**200], ids=str)
def test_counts_of_every_size(one, now, tmp_path, rounds):
    (tmp_path / "x.p12").write_bytes(exports.with_mac_rounds(exports.seal([one], password=""), rounds))
    outcome = look("--pkcs12", tmp_path / "x.p12", now=now)
    assert outcome.state == "UNKNOWN" and "ST-PKCS12-ROUNDS" in outcome.findings


def test_as_many_rounds_as_are_allowed(one, now, tmp_path):
    (tmp_path / "x.p12").write_bytes(exports.seal([one], password="", options=["-iter", str(10**6)]))
    assert look("--pkcs12", tmp_path / "x.p12", "-t", "60", now=now, limit=60).state == "OK"


def test_truncated_at_every_length(one, now, tmp_path):
    data = exports.seal([one], password="")
    folder = tmp_path / "cut"
    folder.mkdir()
    for size in range(0, len(data), 7):
        (folder / f"{size:05}.p12").write_bytes(data[:size])
    outcome = look("--pkcs12", folder, now=now)
    assert outcome.state == "UNKNOWN"
    assert outcome.findings.count("ST-FILE-UNREADABLE") == len(range(0, len(data), 7))
    assert outcome.json["stores"][0]["certificates"] == []


def test_every_byte_changed(one, now, tmp_path):
    """Never a crash; and no certificate that is not the one."""
    data = exports.seal([one], password="")
    folder = tmp_path / "changed"
    folder.mkdir()
    for at in range(0, len(data), 3):
        for value in (data[at] ^ 0xff, data[at] ^ 0x01):
            (folder / f"{at:05}-{value:02x}.p12").write_bytes(data[:at] + bytes([value]) + data[at + 1:])
    outcome = look("--pkcs12", folder, "-t", "120", now=now, limit=120)
    assert outcome.state == "UNKNOWN"
    assert {item["sha256"] for item in outcome.json["stores"][0]["certificates"]} <= {one.sha256}


JUNK = {
    "empty.p12": (b"", "ST-FILE-UNREADABLE"), "garbage.pfx": (b"\x30\x82" + b"\xff" * 3000, "ST-FILE-UNREADABLE"),
    "text.P12": (b"not really", "ST-FILE-UNREADABLE"), "readme.txt": (b"read me", "ST-FILE-FOREIGN"),
    "zeros": (bytes(5000), "ST-FILE-FOREIGN"), "a|b\nc.p12": (b"?", "ST-FILE-UNREADABLE"),
    "follows.p12": (None, "ST-FILE-UNREADABLE"), "certificate.pem": ("pem", "ST-FILE-FOREIGN"),
}


def write_junk(folder, one):
    folder.mkdir()
    for name, (data, _) in JUNK.items():
        data = exports.seal([one], password="") + b"\0" if data is None else one.pem if data == "pem" else data
        (folder / name).write_bytes(data)
    (folder / "good.p12").write_bytes(exports.seal([one], password=""))
    (folder / "deeper").mkdir()
    (folder / ".hidden").write_bytes(b"?")
    return folder


def test_folder_of_junk(one, now, tmp_path):
    folder = write_junk(tmp_path / "junk", one)
    os.mkfifo(folder / "fifo.p12")
    (folder / "gone.p12").symlink_to(folder / "nowhere")
    outcome = look("--pkcs12", folder, now=now)
    found = sorted(finding["id"] for finding in outcome.json["findings"])
    assert found == sorted([rule for _, rule in JUNK.values()] + ["ST-FILE-UNREADABLE"] * 2 + ["ST-FILE-FOREIGN"])
    assert outcome.state == "UNKNOWN" and len(outcome.json["stores"][0]["certificates"]) == 1


def peak_memory(*arguments):
    """(Outcome as text, bytes) of a run by itself."""
    process, peak = run_measured(CHECK, *arguments)
    return process.stdout.decode(), peak


def is_sanitized():
    return b"__asan_init" in (build() / "nagios" / CHECK).read_bytes()


def assert_small(peak):
    assert is_sanitized() or peak < MEMORY_MAX


def test_huge_file(one, now, tmp_path):
    """500 MB that begin like a good file."""
    path = tmp_path / "huge.p12"
    path.write_bytes(exports.seal([one], password=""))
    os.truncate(path, 500 << 20)
    text, peak = peak_memory("--pkcs12", path, "--now", now)
    assert text.startswith("UNKNOWN") and "more than 2 MiB" in text
    assert_small(peak)


def nested(depth):
    """Bags in bags: SafeContents without end."""
    oid = bytes.fromhex("060b2a864886f70d010c0a0106")
    bags = exports.element(0x30, b"")
    for _ in range(depth):
        bags = exports.element(0x30, exports.element(0x30, oid + exports.element(0xa0, bags)))
    return pfx(bags)


def pfx(bags):
    """A file without MAC and encryption around SafeContents."""
    data = bytes.fromhex("06092a864886f70d010701")

    def content(inner):
        return exports.element(0x30, data + exports.element(0xa0, exports.element(0x04, inner)))
    return exports.element(0x30, b"\x02\x01\x03" + content(exports.element(0x30, content(bags))))


def test_bags_in_bags(now, tmp_path):
    for depth, good in ((3, True), (8, False), (200, False)):
        (tmp_path / "x.p12").write_bytes(nested(depth))
        outcome = look("--pkcs12", tmp_path / "x.p12", now=now)
        assert outcome.state == "UNKNOWN"
        assert ("ST-FILE-UNREADABLE" in outcome.findings) != good, depth


def test_two_megabytes_of_tiny_bags(now, tmp_path):
    key = exports.element(0x30, bytes.fromhex("060b2a864886f70d010c0a0104") + exports.element(0xa0, exports.element(
        0x30, bytes.fromhex("060a2a864886f70d01091601") + exports.element(0xa0, b"\x04\0"))))
    (tmp_path / "x.p12").write_bytes(pfx(exports.element(0x30, key * 40000)))
    text, peak = peak_memory("--pkcs12", tmp_path / "x.p12", "--now", now)
    assert text.startswith("UNKNOWN")
    assert_small(peak)


def test_more_certificates_than_a_file_may_hold(one, now, tmp_path):
    tiny = Maker(tmp_path / "keys", now).make("tiny", "CN=t", key="ec256", usage=False, serial=1)
    bag = exports.element(0x30, bytes.fromhex("060b2a864886f70d010c0a0103") + exports.element(0xa0, exports.element(
        0x30, bytes.fromhex("060a2a864886f70d01091601") + exports.element(0xa0, exports.element(0x04, tiny.der)))))
    assert 4097 * len(bag) < 2 << 20
    (tmp_path / "x.p12").write_bytes(pfx(exports.element(0x30, bag * 4097)))
    outcome = look("--pkcs12", tmp_path / "x.p12", "-t", "100", now=now, limit=120)
    assert outcome.state == "UNKNOWN" and "more than 4096 certificates" in texts(outcome)
    (tmp_path / "x.p12").write_bytes(pfx(exports.element(0x30, bag * 4096)))
    assert look("--pkcs12", tmp_path / "x.p12", "-t", "100", now=now, limit=120).state == "OK"
