# SPDX-License-Identifier: GPL-2.0-or-later
# What must not change a result: locale, time zone, proxies, debugging variables, closed files, the folder it runs in. And
# what must: the OpenSSL configuration, which is never silently ignored. Then --exit-ok, --help and --extra-opts of all.
import os
from pathlib import Path
import re
import subprocess
import time

import pytest

from outcome import STATES, run
from promtext import Metrics
from servers import LOOPBACK, NOBODY, Misbehaving, as_user, build, close_at_once, nginx, public_folder, tvs_server

CHECKS = ("check_ucm_consistency", "check_ucm_trustlist", "check_ucm_truststore", "check_ucm_tvs")
NOW = int(time.time())
CLEAN = {"PATH": os.environ["PATH"]}


def program(check):
    return build() / "nagios" / check


def go(check, *arguments, environment=None, before=(), **options):
    """(exit code, stdout); stderr stays empty. Only these variables are set."""
    process = subprocess.run([*map(str, before), program(check), *map(str, arguments)],
                             env={**CLEAN, **(environment or {})}, stdin=subprocess.DEVNULL, capture_output=True,
                             timeout=60, check=False, **options)
    assert process.stderr == b"", process.stderr
    return process.returncode, process.stdout


def untimed(result):
    """How long an answer took is no fact that could be the same twice."""
    return result[0], re.sub(rb'\d+ ms|: \d+\.\d{3} s|_time=[\d.]+s|_time": [\d.]+|"ms": [\d.]+', b"TIME", result[1])


@pytest.fixture(scope="module")
def served(lab):
    files = {path.name: path.read_bytes() for path in (lab / "source/nodes/pub/tftp").iterdir()}
    with public_folder(files) as folder, nginx(folder) as http, tvs_server(lab) as tvs:
        yield http, tvs


@pytest.fixture(scope="module")
def runs(lab, crafted, served):
    """One run for each thing that a check does, with every kind of text in it."""
    http, tvs = served
    itl = lab / "source/nodes/pub/tftp/ITLFile.tlv"
    return {
        "files": ("check_ucm_trustlist", "-v", "-f", itl, "-f", crafted / "expiring.tlv", "-f", crafted / "expired.tlv"),
        "http": ("check_ucm_trustlist", "-v", "-H", LOOPBACK, "-p", http),
        "missing": ("check_ucm_trustlist", "-v", "-f", "/no/such/file"),
        "tvs": ("check_ucm_tvs", "-v", "-H", LOOPBACK, "-p", tvs, "--trustlist", f"http://{LOOPBACK}:{http}/ITLFile.tlv"),
        "refused": ("check_ucm_tvs", "-v", "-H", LOOPBACK, "-p", 1, "--trustlist", itl),
        "name": ("check_ucm_tvs", "-v", "-H", "no-such-host.invalid", "--trustlist", itl),
        "json": ("check_ucm_tvs", "-H", LOOPBACK, "-p", tvs, "--trustlist", itl, "--output", "json"),
        "moves": ("check_ucm_consistency", "-v", "-i", lab / "offline.ini", "--all-pairs"),
        "stores": ("check_ucm_truststore", "-v", "--dir", lab / "source/stores"),
        "plan": ("check_ucm_truststore", "--plan", "-i", lab / "offline.ini", "--cluster", "source", "--output", "json"),
        "usage": ("check_ucm_trustlist", "-f", "x", "--no-such-option"),
        "value": ("check_ucm_tvs", "-H"),
        "help": ("check_ucm_truststore", "--help"),
    }


def look(runs, name, **options):
    more = () if name in ("usage", "value", "help") else ("--now", NOW)
    return untimed(go(*runs[name], *more, **options))


NAMES = ("files", "http", "missing", "tvs", "refused", "name", "json", "moves", "stores", "plan", "usage", "value", "help")


@pytest.fixture(scope="module")
def plain(runs):
    """What each prints where nothing is set."""
    assert set(runs) == set(NAMES)
    made = {name: look(runs, name) for name in NAMES}
    assert {code for code, _ in made.values()} >= {0, 2, 3}
    return made


# ---- variables ----

PROXIES = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "ftp_proxy")


def locales():
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout.split()
    return sorted({"C", "POSIX", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "nonsense"} |
                  {name for name in known if name.startswith(("de_", "tr_", "fr_", "ja_", "ar_"))})


ENVIRONMENTS = {
    **{f"LC_ALL={name}": {"LC_ALL": name, "LANGUAGE": name.partition(".")[0]} for name in locales()},
    "LANG": {"LANG": "../../nonsense", "LANGUAGE": "tlh:de", "CHARSET": "ISO-8859-15", "G_FILENAME_ENCODING": "ISO-8859-15"},
    "TZ=Pacific/Apia": {"TZ": "Pacific/Apia"},
    "TZ=nonsense": {"TZ": ":/dev/null"},
    "glib": {"G_DEBUG": "fatal-warnings,gc-friendly", "G_MESSAGES_DEBUG": "all", "G_SLICE": "always-malloc",
             "G_ENABLE_DIAGNOSTIC": "1", "DEBUG": "1"},
    "malloc": {"MALLOC_PERTURB_": "165", "MALLOC_CHECK_": "3", "MALLOC_ARENA_MAX": "1"},
    "certificates": {"SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/none", "CURL_CA_BUNDLE": "/dev/null"},
    "no OPENSSL_CONF": {"OPENSSL_CONF": ""},
    "posix": {"POSIXLY_CORRECT": "1", "COLUMNS": "20"},
    "resolver": {"RES_OPTIONS": "ndots:15", "LOCALDOMAIN": "example.invalid"},
    "loader": {"GIO_EXTRA_MODULES": "/none", "XML_CATALOG_FILES": "/none", "XDG_CONFIG_HOME": "/none", "HOME": "/none"},
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_same_bytes(runs, plain, name):
    for one in NAMES:
        assert look(runs, one, environment=ENVIRONMENTS[name]) == plain[one], one


@pytest.fixture
def proxy(tmp_path):
    """Variables and files that name a proxy which nobody may ask."""
    with Misbehaving(close_at_once) as server:
        url = f"http://{LOOPBACK}:{server.port}"
        (tmp_path / ".curlrc").write_text(f"proxy = {url}\nuser-agent = wrong\n")
        yield server, {**dict.fromkeys(PROXIES, url), "no_proxy": "", "CURL_HOME": str(tmp_path), "HOME": str(tmp_path)}


def test_no_proxy_is_asked(runs, plain, proxy):
    server, environment = proxy
    for one in NAMES:
        assert look(runs, one, environment=environment) == plain[one], one
    assert server.connections == []


def test_no_proxy_is_asked_with_a_password(proxy, tmp_path):
    """AXL and SFTP: the connection goes to the host that was named."""
    server, environment = proxy
    secret = tmp_path / "secret"
    secret.write_text("user:password\n")
    secret.chmod(0o600)
    (tmp_path / "known_hosts").write_text("")
    with Misbehaving(close_at_once) as named:
        for words in (("--axl", f"https://{LOOPBACK}:{named.port}", "--axl-credentials", secret),
                      ("--pkcs12", f"sftp://user@{LOOPBACK}:{named.port}/x/", "--known-hosts", tmp_path / "known_hosts",
                       "--ssh-password-file", secret)):
            before = len(named.connections)
            code, _ = go("check_ucm_truststore", *words, environment=environment)
            assert code != 0 and len(named.connections) > before, words
    assert server.connections == []


# ---- what the process is given ----

@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
def test_closed_files(runs, plain, closed):
    for one in ("tvs", "http", "files", "moves", "stores"):
        assert look(runs, one, before=["sh", "-c", f'exec "$@" {closed}', "sh"]) == plain[one], one


@pytest.mark.parametrize("closed", [">&-", "<&- >&-", "<&- >&- 2>&-"])
def test_a_closed_stdout_is_unknown(lab, runs, closed, tmp_path):
    """Nobody hears the result; and it goes into no socket and no file that took the number."""
    path, log = tmp_path / "one.prom", tmp_path / "log"
    with tvs_server(lab, "--log", log) as port:
        code, text = go("check_ucm_tvs", "-v", "-H", LOOPBACK, "-p", port, "--trustlist",
                        lab / "source/nodes/pub/tftp/ITLFile.tlv", "--openmetrics", path, before=["sh", "-c",
                                                                                         f'exec "$@" {closed}', "sh"])
    assert (code, text) == (3, b"")
    assert Metrics(path.read_bytes()).get("ucmtrust_check_state") == 0
    assert ": found, " in log.read_text() and "not a TVS request" not in log.read_text()


def test_a_stdout_that_is_full_is_unknown(runs):
    for one in ("files", "tvs"):
        with open("/dev/full", "w") as full:
            process = subprocess.run([program(runs[one][0]), *map(str, runs[one][1:])], stdout=full, timeout=60, check=False)
        assert process.returncode == 3


def test_a_folder_that_is_gone(runs, plain, tmp_path):
    before = ["sh", "-c", f'mkdir "{tmp_path}/gone"; cd "{tmp_path}/gone"; rmdir "{tmp_path}/gone"; exec "$@"', "sh"]
    for one in NAMES:
        assert look(runs, one, before=before) == plain[one], one


@pytest.mark.parametrize("mask", ["000", "777"])
def test_whatever_the_umask(lab, served, mask):
    """What is kept is private, what is for others is readable, and both are found again."""
    with public_folder() as folder:
        folder.chmod(0o777)
        work = folder / "work"
        user = as_user()
        subprocess.run([*user, "mkdir", "-m", "755", work], check=True)
        before = [*user, "sh", "-c", f'umask {mask}; exec "$@"', "sh"]
        for _ in range(2):
            code, text = go("check_ucm_trustlist", "-H", LOOPBACK, "-p", served[0], "--state", work / "state", "--openmetrics",
                            work / "lists.prom", before=before)
            assert code == 0, text
        (folder / "offline.ini").write_text("[cluster one]\n[node one/pub]\naddress = 127.0.0.1\nhttp_port = 1\n"
                                            "tftp_port = 1\ntvs_port = 1\n")
        go("check_ucm_consistency", "-i", folder / "offline.ini", "--html", work / "page.html", "-t", 3, before=before)
        modes = {path.name: path.stat().st_mode & 0o7777 for path in [*work.iterdir(), *(work / "state").iterdir()]}
        assert modes.pop("state") == 0o700
        assert (modes.pop("lists.prom"), modes.pop("page.html")) == (0o644, 0o644)
        assert len(modes) >= 2 and set(modes.values()) == {0o600}
        assert os.geteuid() != 0 or (work / "state").stat().st_uid == NOBODY.pw_uid


# ---- the OpenSSL configuration ----

POLICY = "openssl_conf = main\n[main]\nssl_conf = ssl\n[ssl]\nsystem_default = policy\n[policy]\n{}\n"
BROKEN = {
    "missing": None,
    "syntax": "openssl_conf = main\n[main\nno equal sign\n",
    "no section": "openssl_conf = none\n",
    "module": "openssl_conf = main\n[main]\nno_such_module = x\n",
}
WITHOUT_TLS = ("files", "moves", "stores", "plan")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_configuration_is_said(runs, name, tmp_path):
    path = tmp_path / "openssl.cnf"
    if BROKEN[name] is not None:
        path.write_text(BROKEN[name])
    for one in ("tvs", "http", "json", *WITHOUT_TLS):
        code, text = look(runs, one, environment={"OPENSSL_CONF": str(path)})
        assert code == 3 and b"OpenSSL configuration" in text and str(path).encode() in text, text


@pytest.mark.parametrize("line", ["MinProtocol = TLSv9", "CipherString = NONSENSE@SECLEVEL=x", "NoSuchCommand = 1"])
def test_a_broken_policy_of_tls_is_said(runs, plain, line, tmp_path):
    path = tmp_path / "openssl.cnf"
    path.write_text(POLICY.format(line))
    code, text = look(runs, "tvs", environment={"OPENSSL_CONF": str(path)})
    assert code == 3 and b"TLS policy of this system cannot be used" in text, text
    for one in WITHOUT_TLS:
        assert look(runs, one, environment={"OPENSSL_CONF": str(path)}) == plain[one], "it does not concern them"


def test_the_policy_counts(runs, plain, lab, tmp_path):
    path = tmp_path / "openssl.cnf"
    itl = lab / "source/nodes/pub/tftp/ITLFile.tlv"
    path.write_text(POLICY.format("MinProtocol = TLSv1.3"))
    with tvs_server(lab, "--tls-max", "1.2") as port:
        words = ("check_ucm_tvs", "-H", LOOPBACK, "-p", port, "--trustlist", itl)
        assert go(*words)[0] == 0
        code, text = go(*words, environment={"OPENSSL_CONF": str(path)})
        assert code == 3 and b"[TVS-TLS-VERSION]" in text
        path.write_text(POLICY.format("MinProtocol = TLSv1.2"))
        assert go(*words, environment={"OPENSSL_CONF": str(path)})[0] == 0
    assert look(runs, "tvs", environment={"OPENSSL_CONF": str(path)}) == plain["tvs"]


@pytest.mark.parametrize("lines", [
    "alg_section = properties\n[properties]\ndefault_properties = fips=yes\n",
    "providers = all\n[all]\nnone = none\n[none]\nmodule = /none.so\nactivate = 1\n"], ids=["fips", "no provider"])
def test_what_cannot_be_computed_is_no_bad_signature(runs, lines, tmp_path):
    """A system where nothing may be computed: UNKNOWN, never OK, and nobody else's fault."""
    path = tmp_path / "openssl.cnf"
    path.write_text(f"openssl_conf = main\n[main]\n{lines}")
    for one in ("http", "tvs", "missing", "json", "moves", "stores", "plan"):
        code, text = look(runs, one, environment={"OPENSSL_CONF": str(path)})
        assert code == 3 and b"SIGNATURE-INVALID" not in text, text
    code, text = look(runs, "files", environment={"OPENSSL_CONF": str(path)})
    assert code == 2 and b"[TL-CERT-EXPIRED]" in text and b"SIGNATURE-INVALID" not in text, text


def test_an_unusable_configuration_is_a_metric(runs, tmp_path):
    path = tmp_path / "one.prom"
    path.write_text("old")
    code, _ = go(*runs["tvs"], "--openmetrics", path, environment={"OPENSSL_CONF": "/none"})
    metrics = Metrics(path.read_bytes())
    assert code == 3 and metrics.get("ucmtrust_check_state") == 3 and not metrics.all("ucmtrust_tvs_answered")


# ---- --exit-ok, --help ----

def test_exit_ok(lab, crafted, served):
    seen = set()
    itl = lab / "source/nodes/pub/tftp/ITLFile.tlv"
    node = ("-H", LOOPBACK, "-p", served[1], "--trustlist", itl)
    for words in (("check_ucm_trustlist", "-f", crafted / "clean.tlv"), ("check_ucm_trustlist", "-f", crafted / "expiring.tlv"),
                  ("check_ucm_trustlist", "-f", crafted / "expired.tlv"), ("check_ucm_trustlist", "-f", "/none"),
                  ("check_ucm_tvs", *node), ("check_ucm_tvs", *node, "-w", "0:0"), ("check_ucm_tvs", *node, "-c", "0:0"),
                  ("check_ucm_tvs", "-H", LOOPBACK, "--trustlist", "/none"),
                  ("check_ucm_consistency", "-i", lab / "offline.ini", "--all-pairs"),
                  ("check_ucm_truststore", "--dir", lab / "source/stores"), ("check_ucm_truststore", "--dir", "/none")):
        for more in ((), ("--output", "json"), ("-v",)):
            code, text = untimed(go(*words, "--now", NOW, *more))
            assert untimed(go(*words, "--now", NOW, *more, "--exit-ok")) == (0, text)
        seen.add((words[0], code))
    assert seen >= {(check, code) for check in ("check_ucm_trustlist", "check_ucm_tvs") for code in STATES.values()}
    assert ("check_ucm_truststore", 3) in seen and any(check == "check_ucm_consistency" for check, _ in seen)
    code, text = go("check_ucm_tvs", "--exit-ok", "--no-such-option")
    assert code == 3 and text.startswith(b"UNKNOWN - usage"), "a mistake is no result"


@pytest.mark.parametrize("check", CHECKS)
def test_help(check):
    for flag in ("-h", "--help"):
        code, text = go(check, flag)
        lines = text.decode().split("\n")
        assert code == 3 and max(map(len, lines)) <= 80
        assert not any(line != line.rstrip() or "\t" in line for line in lines)
        for word in ("Usage: ", "Examples:", "Performance data: ", "--openmetrics FILE", "--extra-opts", "--exit-ok"):
            assert any(word in line for line in lines), word
        at = lines.index("Examples:")
        assert lines[at + 1].startswith(f"  {check} ")


# ---- --extra-opts ----

class Ini:
    def __init__(self, folder, crafted):
        self.path, self.crafted = folder / "plugins.ini", crafted

    def run(self, text, *words, name=None, **options):
        path = name or self.path
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return run("check_ucm_trustlist", *(str(word).replace("INI", str(path)) for word in words), **options)

    def sources(self, text, *words, **options):
        """The files that were looked at."""
        out = self.run(text, *(words or ("--extra-opts=@INI",)), "--output", "json", **options)
        return [Path(source["source"]).stem for source in out.json["sources"]]


@pytest.fixture
def ini(tmp_path, crafted):
    return Ini(tmp_path, crafted)


def test_the_section_is_named_like_the_check(ini):
    text = f"[other]\nf = /none\n[check_ucm_trustlist]\nf = {ini.crafted}/clean.tlv\n[check_ucm_tvs]\nnonsense\n"
    for words in (("--extra-opts=@INI",), ("--extra-opts", "@INI"), ("--extra-opts=check_ucm_trustlist@INI",)):
        assert ini.sources(text, *words) == ["clean"]
    assert ini.run(text.replace("check_ucm_trustlist", "CHECK_UCM_TRUSTLIST"), "--extra-opts=@INI").usage


def test_keys_repeat_and_need_no_value(ini):
    text = f"[check_ucm_trustlist]\nfile={ini.crafted}/clean.tlv\nverbose\nitl =\nfile={ini.crafted}/expiring.tlv\n"
    assert ini.sources(text) == ["clean", "expiring"]
    assert ini.run(text, "--extra-opts=@INI").long


@pytest.mark.parametrize("text", [
    "# a comment = [x]\n; another\n[check_ucm_trustlist]\n#f=/none\n;f=/none\nf={}\n",
    "\n \t\n[ check_ucm_trustlist ]\n\tf \t=\t {} \t\n\n", "  [check_ucm_trustlist]  \r\n  f={}  \r\n",
    "[check_ucm_trustlist]\nf={}", "[check_ucm_trustlist]\n[x]\nf=/none\n[check_ucm_trustlist]\nf={}\n"])
def test_blanks_and_comments(ini, text):
    assert ini.sources(text.format(ini.crafted / "clean.tlv")) == ["clean"]


def test_values_are_taken_as_they_are(ini, tmp_path):
    """Also with '=', '#', blanks and '@' in them; and a section may hold a blank."""
    name = tmp_path / "a = b # c @ d.tlv"
    name.write_bytes((ini.crafted / "clean.tlv").read_bytes())
    assert ini.sources(f"[my list]\nf = {name}\n", "--extra-opts=my list@INI") == ["a = b # c @ d"]


def test_several_and_the_command_line(ini, tmp_path):
    other = tmp_path / "other.ini"
    other.write_text(f"[x]\nf = {ini.crafted}/expiring.tlv\nw = 1:\nc = 0:\n")
    text = f"[check_ucm_trustlist]\nf = {ini.crafted}/clean.tlv\n"
    assert ini.sources(text, "--extra-opts=@INI", f"--extra-opts=x@{other}") == ["clean", "expiring"]
    assert ini.run(text, f"--extra-opts=x@{other}").state == "OK"
    assert ini.run(text, "-w", "300:", f"--extra-opts=x@{other}").state == "WARNING", "the command line counts"


def test_where_the_file_is(ini, tmp_path):
    text = f"[check_ucm_trustlist]\nf = {ini.crafted}/clean.tlv\n"
    assert ini.sources(text, "--extra-opts", environment={"MP_CONFIG_FILE": str(ini.path)}) == ["clean"]
    for name in ("monitoring-plugins.ini", "plugins.ini", "nagios-plugins.ini"):
        folder = tmp_path / name.partition(".")[0]
        folder.mkdir()
        where = {"NAGIOS_CONFIG_PATH": f":/none:{folder}:", "MP_CONFIG_FILE": ""}
        assert ini.sources(text, "--extra-opts", name=folder / name, environment=where) == ["clean"]
    out = ini.run(text, "--extra-opts", environment={"MP_CONFIG_FILE": "/none.ini"})
    assert out.usage and "/none.ini" in out.summary
    assert ini.sources(text, "--extra-opts=@-", stdin=text.encode()) == ["clean"]


@pytest.mark.parametrize("text,says", [
    ("[other]\nf=x\n", "no section [check_ucm_trustlist]"), ("", "no section"), ("f = x\n[check_ucm_trustlist]\n", "line 1"),
    ("[check_ucm_trustlist]\n\n= x\n", "line 3"), ("[check_ucm_trustlist\nf = x\n", "line 1"),
    (b"[check_ucm_trustlist]\nf = x\0y\n", "expected a text"), (b"#" * (1 << 20), "less than"),
    ("[check_ucm_trustlist]\nno-such-option = secret\n", "no-such-option")], ids=range(8))
def test_mistakes(ini, text, says):
    out = ini.run(text, "--extra-opts=@INI")
    assert out.usage and says in out.summary and "secret" not in out.summary, out.text


def test_a_file_that_cannot_be_read(tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        out = run("check_ucm_tvs", f"--extra-opts=@{path}")
        assert out.usage and f"cannot read {path}" in out.summary


def test_who_may_read_a_password(ini):
    """A file with a password must not be open to others, whatever section it is in; one without may be."""
    clean = f"[check_ucm_trustlist]\nf = {ini.crafted}/clean.tlv\n"
    for text, secret in ((clean, False), (clean + "[x]\n#axl-password = secret\n", False),
                         (clean + "[x]\naxl-passwords = x\n", False), (clean + "[x]\naxl-password = secret\n", True),
                         (clean + "[x]\n axl-password=secret", True)):
        for mode, is_open in ((0o600, False), (0o640, False), (0o644, True), (0o604, True), (0o602, True)):
            ini.path.touch()
            ini.path.chmod(mode)
            out = ini.run(text, "--extra-opts=@INI")
            assert out.usage == (secret and is_open), out.text
            assert not out.usage or "every user of this machine may use" in out.summary
            assert "secret" not in out.text
