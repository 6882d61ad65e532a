# SPDX-License-Identifier: GPL-2.0-or-later
# Passwords and private keys of the checks: they are in no argument, output, file or core, no other process of the same
# user can look for them, and no memory that we free still holds them. Each run has a marker for a secret. Must not know
# how a check keeps it.
import base64
import contextlib
import os
from pathlib import Path
import re
import signal
import subprocess
import time

import pytest

from servers import as_user, build, public_folder, tls_server, tvs_server
import sshserver
from trustlab import exports
from trustlab.axl import AxlServer, Database
from trustlab.cluster import make_pair

HERE = Path(__file__).resolve().parent
CHECK = "check_ucm_truststore"
USER, MARK = "axluser", "Ma5ke-Geheim-f6e1"
PASSPHRASE = "Schl0ss-Geheim-77a0"
SANITIZED = "sanitize" in os.environ.get("UCMTRUST_BUILD", "")
VERBOSITY = ([], ["-v"], ["-vvv"], ["-v", "--output", "json"])
THEIRS = ("libcurl", "libssh2", "libssl", "libcrypto", "libgnutls", "libxml2", "libgcrypt", "libnettle", "libgssapi")


@pytest.fixture
def work():
    """A folder for everything that a run may leave."""
    with public_folder() as folder:
        folder.chmod(0o777)
        yield folder


def secret_file(path, text):
    path.write_text(text)
    path.chmod(0o600)
    return path


@contextlib.contextmanager
def axl(lab, **options):
    certs = lab / "source/certs"
    with AxlServer(Database(lab / "source/stores"), certs / "tomcat-pub.pem", certs / "tomcat-pub.key", USER, MARK,
                   **options) as server:
        server.words = ["--axl", f"https://127.0.0.1:{server.port}", "--axl-pin", certs / "tomcat-pub.pem"]
        yield server


INI = "[other]\nx = y\n[check_ucm_truststore]\n# {0}\naxl-user = axluser\n axl-password \t= \t{0}  \n"
WAYS = {
    "two lines": lambda path: ["--axl-credentials", secret_file(path, f"{USER}\n{MARK}\n")],
    "one line": lambda path: ["--axl-credentials", secret_file(path, f"{USER}:{MARK}")],
    "ini": lambda path: [f"--extra-opts=@{secret_file(path, INI.format(MARK))}"],
}


@pytest.fixture(scope="module")
def own(lab_cache, manifest):
    """A certificate of the lab, with its key."""
    return make_pair(lab_cache, manifest["now"]).source.certificates["callmanager-pub"]


@pytest.fixture(scope="module")
def export(own):
    """A PKCS#12 file with a private key in it, behind the marker."""
    return exports.seal([own], password=MARK, key=own.private_key)


def key_marks(pem):
    """What would show if any of a private key were printed: its lines, and its bytes."""
    lines = re.findall(rb"^[A-Za-z0-9+/=]{40,}$", pem, re.M)
    text = b"".join(lines)
    der = base64.b64decode(text[:len(text) // 4 * 4])
    return [lines[1], lines[-2], der[len(der) // 2:len(der) // 2 + 16],
            der[len(der) // 2:len(der) // 2 + 16].hex().encode()]


def marks_of(secret):
    """A password, as it is and as protocols write it."""
    return [secret.encode(), base64.b64encode(f"{USER}:{secret}".encode()),
            base64.b64encode(secret.encode()).rstrip(b"="),
            secret.encode("utf-16-be"), secret.encode().hex().encode()]


def left_by(folder, *given):
    """The bytes of every file in a folder, but for the secrets that were put there."""
    return b"".join(path.name.encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file()
                    and path not in given)


def go(folder, *words, environment=None, stdin=None):
    """(exit code, everything that was printed)"""
    home = {"HOME": str(folder), "TMPDIR": str(folder), **(environment or {})}
    done = subprocess.run([build() / "nagios" / words[0], *map(str, words[1:])], capture_output=True, timeout=60,
                          check=False,
                          cwd=folder, env={**os.environ, **home},
                          **({"input": stdin} if stdin else {"stdin": subprocess.DEVNULL}))
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def shim():
    """Where nobody may load it as well."""
    if SANITIZED:
        pytest.skip("AddressSanitizer has an allocator of its own")
    with public_folder() as folder:
        path = folder / "freed.so"
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-g", "-o", path, HERE / "freed.c", "-ldl"], check=True)
        yield path


# ---- what is printed and written ----

def says_nothing(folder, words, marks, given=(), codes=(0, 1, 2, 3)):
    for more in VERBOSITY:
        metrics = folder / "out.prom"
        code, said = go(folder, *words, *more, "--openmetrics", metrics)
        assert code in codes and said and b"usage:" not in said, said
        assert metrics.exists() or code == 3
        for mark in marks:
            assert mark not in said and mark not in left_by(folder, *given), more


@pytest.mark.parametrize("way", WAYS)
def test_axl_in_no_output(lab, work, way):
    words = WAYS[way](work / "secret")
    with axl(lab) as server:
        says_nothing(work, [CHECK, *server.words, *words], marks_of(MARK), [work / "secret"], (0, 1))
        server.password = "another"
        says_nothing(work, [CHECK, *server.words, *words], marks_of(MARK), [work / "secret"], (3,))


def test_a_server_that_repeats_the_password(lab, work):
    """It proved who it is, was told the password, and answers with it."""
    seen = []

    def behave(one, closing):
        request = b""
        while b"\r\n\r\n" not in request:
            request += one.recv(65536)
        found = base64.b64decode(re.search(rb"Basic (\S+)", request)[1])
        seen.append(found)
        fault = (b"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><e:Fault><faultcode>e:Server"
                 b"</faultcode><faultstring>wrong: %b %b</faultstring></e:Fault></e:Body></e:Envelope>"
                 % (found, base64.b64encode(found)))
        one.sendall(b"HTTP/1.1 500 %b\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
                    % (found, len(fault), fault))
    certs = lab / "source/certs"
    words = WAYS["two lines"](work / "secret")
    with tls_server(certs / "tomcat-pub.pem", certs / "tomcat-pub.key", behave) as port:
        says_nothing(work, [CHECK, "--axl", f"https://127.0.0.1:{port}", "--axl-pin", certs / "tomcat-pub.pem", *words],
                     marks_of(MARK), [work / "secret"], (3,))
    assert f"{USER}:{MARK}".encode() in seen


@pytest.mark.parametrize("text", ["axl-password {}", "axl-passwrd = {}", "axl-passwrd\t{}", "axl_password={}",
                                  "password = {}", "axl-password = {}\naxl-version = x", "axl-password = {}"])
def test_mistakes_in_an_ini_file(work, text):
    path = secret_file(work / "x.ini", "[check_ucm_truststore]\n" + text.format(MARK) + "\n")
    code, said = go(work, CHECK, "--axl", "https://127.0.0.1:9", f"--extra-opts=@{path}")
    assert code == 3 and said.startswith(b"UNKNOWN - usage: ") and MARK.encode() not in said


@pytest.mark.parametrize("text", ["{0}\n{0}\n{0}\n", "{}", ":{}\n", "{}\n\n", "{0}:{0}\n{0}"])
def test_mistakes_in_a_file_of_credentials(work, text):
    path = secret_file(work / "secret", text.format(MARK))
    code, said = go(work, CHECK, "--axl", "https://127.0.0.1:9", "--axl-credentials", path)
    assert code == 3 and said.startswith(b"UNKNOWN - usage: ") and MARK.encode() not in said


def test_pkcs12_in_no_output(work, own, export):
    secret, path = secret_file(work / "secret", MARK + "\n"), work / "export.p12"
    path.write_bytes(export)
    marks = marks_of(MARK) + key_marks(subprocess.run(["openssl", "pkey"], input=exports.key_pem(own.private_key),
                                                      capture_output=True, check=True).stdout)
    says_nothing(work, [CHECK, "--pkcs12", path, "--password-file", secret], marks, [secret, path], (1,))
    secret_file(secret, MARK[:-1] + "\n")
    says_nothing(work, [CHECK, "--pkcs12", path, "--password-file", secret], marks_of(MARK[:-1]), [secret, path], (3,))


def test_sftp_in_no_output(work, export):
    secret, login = secret_file(work / "secret", MARK), secret_file(work / "login", PASSPHRASE)
    given = [secret, login]
    with public_folder({"export.p12": export}) as shared, sshserver.sshd(passwords=True) as server:
        words = [CHECK, "--pkcs12", server.url(f"{shared}/"), "--known-hosts", server.known_hosts, "--password-file",
                 secret,
                 "--ssh-password-file", login]
        marks = marks_of(MARK) + marks_of(PASSPHRASE)
        says_nothing(work, words, marks, given, (3,))                       # a login by password, which it turns down
        key = sshserver.make_key(work / "key", passphrase=PASSPHRASE)
        with (server.work / "authorized_keys").open("a") as out:
            out.write(Path(f"{key}.pub").read_text())
        marks += key_marks(key.read_bytes())
        says_nothing(work, [*words, "--ssh-key", key], marks, [*given, key], (1,))


@pytest.mark.parametrize("words", [
    ["check_ucm_trustlist", "-u"], ["check_ucm_tvs", "-H", "x", "--trustlist"], ["check_ucm_tvs", "-H", "x",
                                                                                 "--insecure",
                                                                                "--signer-of"],
    ["check_ucm_truststore", "--dir", "/none", "--ctl"], ["check_ucm_truststore", "--dir", "/none", "--list"],
    ["check_ucm_truststore", "--axl"], ["check_ucm_truststore", "--pkcs12"]], ids=lambda words: words[-1])
def test_a_login_in_a_url_is_refused(work, words):
    for url in (f"http://user:{MARK}@127.0.0.1:9/ITLFile.tlv", f"tftp://{MARK}@127.0.0.1/x", f"sftp://u:{MARK}@h/",
                f"https://u:{MARK}@h", f"HTTP://{MARK}:@[::1]:9?@"):
        code, said = go(work, *words, url)
        assert code == 3 and said.startswith(b"UNKNOWN - usage") and (MARK.encode() not in said
                                                                      or b"expected who" in said), said
    code, said = go(work, "check_ucm_trustlist", "-u", "http://127.0.0.1:9/a@b", "-t", "3")
    assert code == 2 and b"refused" in said


def test_client_key_in_no_output(lab, work):
    itl, both = lab / "source/nodes/pub/tftp/ITLFile.tlv", lab / "phone/lsc-with-key.pem"
    pem = (lab / "phone/lsc.key").read_bytes()
    with tvs_server(lab, "--client-cert", "required", "--client-ca", lab / "source/certs/capf.pem") as port:
        for keys in (["--client-cert", both], ["--client-cert", lab / "phone/lsc.pem", "--client-key",
                                               lab / "phone/lsc.key"]):
            says_nothing(work, ["check_ucm_tvs", "-H", "127.0.0.1", "-p", port, "--trustlist", itl, *keys],
                         key_marks(pem),
                         (), (0,))
        wrong = ["--client-cert", lab / "phone/mic.pem", "--client-key", lab / "phone/lsc.key"]
        says_nothing(work, ["check_ucm_tvs", "-H", "127.0.0.1", "-p", port, "--trustlist", itl, *wrong],
                     key_marks(pem), (),
                     (3,))


# ---- what others can see while it works ----

def as_nobody(*words):
    """Run by root as another user, else by whoever runs the tests."""
    return [*as_user(), *map(str, words)]


@contextlib.contextmanager
def waiting(lab, folder, before=()):
    """A check that knows a password and waits for an answer; the process."""
    secret = secret_file(folder / "secret", f"{USER}\n{MARK}\n")
    pin = folder / "pin.pem"
    pin.write_bytes((lab / "source/certs/tomcat-pub.pem").read_bytes())
    if os.geteuid() == 0:
        os.chown(secret, 65534, 65534)
    with axl(lab, fault="silent-answer") as server:
        words = ["--axl", server.words[1], "--axl-pin", pin, "--axl-credentials", secret, "-t", "60"]
        process = subprocess.Popen([*before, *as_nobody(build() / "nagios" / CHECK, *words)], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder, restore_signals=True)
        try:
            end = time.monotonic() + 20
            while not server.requests and process.poll() is None and time.monotonic() < end:
                time.sleep(0.01)
            assert server.requests, process.communicate()[0] if process.poll() is not None else "it asked nothing"
            yield process
        finally:
            process.kill()
            process.communicate()


@contextlib.contextmanager
def sleeping(folder, before=()):
    """A process that guards itself in no way, run by the same user."""
    process = subprocess.Popen([*before, *as_nobody("sleep", "60")], cwd=folder)
    try:
        end = time.monotonic() + 20
        while Path(f"/proc/{process.pid}/comm").read_text() != "sleep\n" and time.monotonic() < end:
            time.sleep(0.01)
        yield process
    finally:
        process.kill()
        process.wait()


def readable(process, name):
    """By another process of the same user?"""
    return subprocess.run(as_nobody("head", "-c1", f"/proc/{process.pid}/{name}"), capture_output=True,
                          check=False).returncode == 0


PRIVATE = ("environ", "maps", "auxv")


def test_no_other_process_can_look(lab, work):
    with waiting(lab, work) as process:
        assert MARK.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
        assert [name for name in PRIVATE if readable(process, name)] == []
        assert os.stat(f"/proc/{process.pid}/mem").st_uid == 0, "not dumpable: it belongs to root"
        if os.geteuid() == 0:
            assert MARK.encode() not in Path(f"/proc/{process.pid}/environ").read_bytes()
    with sleeping(work) as process:
        assert [name for name in PRIVATE if readable(process, name)] == list(PRIVATE), "the test sees what can be seen"


def dies(process, number):
    """Whether the kernel says that it dumped a core."""
    begin = time.monotonic()
    os.kill(process.pid, number)
    _, status = os.waitpid(process.pid, 0)
    assert time.monotonic() - begin < 30, "it went on until its deadline"
    process.returncode = -number
    return os.WIFSIGNALED(status) and os.WCOREDUMP(status)


def unlimited():
    """For the shell: cores of any size, where that may be had, and no signal ignored, as in the background."""
    return ["sh", "-c", 'ulimit -c unlimited; exec env --default-signal "$@"', "sh"]


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGQUIT, signal.SIGBUS, signal.SIGILL])
def test_no_core(lab, work, number):
    with waiting(lab, work, unlimited()) as process:
        assert not dies(process, number)
    assert [path.name for path in work.iterdir() if "core" in path.name] == []


def test_a_core_would_have_been_seen(work):
    with sleeping(work, unlimited()) as process:
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        dumped = dies(process, signal.SIGSEGV)
    if not dumped:
        pytest.skip("this system dumps no core at all: " + re.search(r"Max core file size.*", limits)[0])


def test_no_core_without_the_limit(lab, work, shim):
    """A kernel that pipes cores to a program does not ask for it."""
    with waiting(lab, work, [*unlimited(), "env", f"LD_PRELOAD={shim}"]) as process:
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        assert not dies(process, signal.SIGSEGV)
    assert not re.search(r"^Max core file size +0 ", limits, re.M)
    assert [path.name for path in work.iterdir() if "core" in path.name] == []


def test_the_limit_is_zero(lab, work):
    with waiting(lab, work, unlimited()) as process:
        limits = Path(f"/proc/{process.pid}/limits").read_text()
    assert re.search(r"^Max core file size +0 +0 ", limits, re.M)


# ---- what is left in memory ----

def ours(log):
    """Lines whose innermost frame, apart from the C library and GLib, is no library that gets the secret from us."""
    found = []
    for line in log.read_text().splitlines() if log.exists() else []:
        frames = [name for name in line.split() if not name.startswith(("libc.so", "libglib", "ld-linux", "freed.so"))]
        if not frames or not frames[0].startswith(THEIRS):
            found.append(line)
    return found


def watch(shim, folder, mark, *words, **options):
    log = folder / "freed.log"
    environment = {"LD_PRELOAD": str(shim), "UCMTRUST_FREED_MARK": mark, "UCMTRUST_FREED_LOG": str(log)}
    code, said = go(folder, *words, environment=environment, **options)
    assert ours(log) == [], log.read_text()
    return code, said


@pytest.mark.parametrize("way", WAYS)
def test_axl_is_wiped(lab, work, shim, way):
    with axl(lab) as server:
        code, said = watch(shim, work, MARK, CHECK, *server.words, *WAYS[way](work / "secret"))
    assert code in (0, 1), said


def test_stdin_is_wiped(lab, work, shim):
    with axl(lab) as server:
        code, said = watch(shim, work, MARK, CHECK, *server.words, "--extra-opts=@-", stdin=INI.format(MARK).encode())
    assert code in (0, 1), said


def test_pkcs12_is_wiped(work, shim, own, export):
    path = work / "export.p12"
    path.write_bytes(export)
    words = [CHECK, "--pkcs12", path, "--password-file", secret_file(work / "secret", MARK)]
    assert watch(shim, work, MARK, *words)[0] == 1


def test_sftp_is_wiped(work, shim, export):
    login = secret_file(work / "login", PASSPHRASE)
    with public_folder({"export.p12": export}) as shared, sshserver.sshd(passwords=True) as server:
        words = [CHECK, "--pkcs12", server.url(f"{shared}/"), "--known-hosts", server.known_hosts,
                 "--ssh-password-file", login]
        assert watch(shim, work, PASSPHRASE, *words)[0] == 3


def test_client_key_is_wiped(lab, work, shim):
    key = lab / "phone/lsc.key"
    words = ["-f", lab / "source/nodes/pub/tftp/ITLFile.tlv", "-H", "127.0.0.1", "-p", "9", "--tftp-port", "9",
             "--state",
             work / "state", "--client-cert", lab / "phone/lsc.pem", "--client-key", key, "-t", "1"]
    assert watch(shim, work, key.read_text().splitlines()[3], "check_ucm_trustlist", *words)[0] == 2


def test_the_shim_sees(work, shim):
    """A path is wiped by nobody."""
    path = work / "Ma5ke-of-a-path"
    log = work / "freed.log"
    go(work, CHECK, "--dir", path, environment={"LD_PRELOAD": str(shim), "UCMTRUST_FREED_MARK": path.name,
                                                "UCMTRUST_FREED_LOG": str(log)})
    assert ours(log)
