# SPDX-License-Identifier: GPL-2.0-or-later
# What the checks do while something fails: a handful of quick runs of each, from files where that is possible, else
# against the lab's servers on loopback. Must not know what fails.
import contextlib
import os
from pathlib import Path
import shutil
import subprocess
import sys

from servers import LOOPBACK, atftpd, nginx, public_folder, tvs_server

LAB = Path(__file__).resolve().parent.parent / "lab" / "lab"
NOW = 1_790_000_000
DAY = 86400
SECONDS = 8     # the deadline of each run
SECRET = "geheim-wie-nie"


class Scene:
    """words: a function of the folder of this run to the arguments. prepare: fills that folder. keeps: names in it
    that must be whole at any time: as before, as after without a fault, or what is_whole() says of the bytes."""

    def __init__(self, name, check, words, code=0, prepare=None, keeps=(), now=NOW,
                 is_whole=lambda content: False):
        self.name, self.check, self.code, self.keeps = name, f"check_ucm_{check}", code, keeps
        self._words, self._prepare, self.now = words, prepare, now
        self.is_whole = is_whole
        self.json = "json" in words(Path("/nowhere"))

    def prepare(self, folder):
        if self._prepare:
            self._prepare(folder)

    def words(self, folder):
        return [*self._words(folder), "--now", self.now, "-t", SECONDS]

    def kept(self, folder):
        """{name: bytes} of everything in what is kept, temporary files as well."""
        found = {}
        for name in self.keeps:
            path = folder / name
            for one in path.iterdir() if path.is_dir() else [path] if path.exists() else []:
                if one.name != "lock":
                    found[str(one.relative_to(folder))] = one.read_bytes()
        return found


class Stage:
    """The lab's clusters, what is made from them, and servers."""

    def __init__(self, stack):
        from trustlab import exports, plans, showtext
        from trustlab.cluster import make_pair
        self.lab = stack.enter_context(public_folder())
        subprocess.run([sys.executable, LAB, "make", self.lab, "--now", str(NOW)], check=True,
                       stdout=subprocess.DEVNULL)
        pair = make_pair(os.environ["UCMTRUST_LAB_CACHE"], NOW)
        self.extra = stack.enter_context(public_folder())
        exports.write(self.extra / "export", pair.source, password=SECRET)
        plans.write(self.extra, os.environ["UCMTRUST_LAB_CACHE"], NOW)
        self.put("password", SECRET + "\n", 0o600)
        self.put("axl", f"axluser\n{SECRET}\n", 0o600)
        stores = pair.source.stores(pair.source.nodes[0])
        self.put("own.txt", "".join(showtext.show_certificates(stores, own, "admin:") for own in (True, False)))
        self.put("trace.txt", subprocess.run([sys.executable, LAB, "trace", self.lab, "--now", str(NOW)], check=True,
                                             capture_output=True, text=True).stdout)
        certs = self.lab / "source/certs"
        self.tftp = self.lab / "source/nodes/pub/tftp"
        self.itl, self.ctl = self.tftp / "ITLFile.tlv", self.tftp / "CTLFile.tlv"
        self.certs = certs
        self.http = stack.enter_context(nginx(self.tftp))
        self.tftp_port = stack.enter_context(atftpd(self.tftp))
        self.tvs = stack.enter_context(tvs_server(self.lab))
        from trustlab.axl import AxlServer, Database
        self.axl = stack.enter_context(AxlServer(Database(self.lab / "source/stores", "mixed", ()),
                                                 certs / "tomcat-pub.pem", certs / "tomcat-pub.key", "axluser", SECRET))
        self.state = self.extra / "state"
        subprocess.run([os.environ["UCMTRUST_BUILD"] + "/nagios/check_ucm_trustlist", *self.with_state(self.state),
                        "--now", str(NOW - DAY)], check=True, stdout=subprocess.DEVNULL)

    def put(self, name, text, mode=0o644):
        (self.extra / name).write_text(text)
        (self.extra / name).chmod(mode)

    def with_state(self, folder):
        return ["-H", LOOPBACK, "-p", str(self.http), "--tftp-port", str(self.tftp_port), "--state", str(folder)]

    def copy_state(self, folder):
        shutil.copytree(self.state, folder / "state")


def page(folder):
    (folder / "pages").mkdir()
    (folder / "pages/trust.html").write_text("<!DOCTYPE html>the old page</html>\n")


def is_page(content):
    """What a fault left out is another page, but a whole one."""
    return content.lower().startswith(b"<!doctype html") and content.endswith(b"</html>\n")


def all_scenes(stage):
    lab, extra = stage.lab, stage.extra
    itl, ctl, stores = stage.itl, stage.ctl, lab / "source/stores/pub"
    axl = ["--axl", f"https://{LOOPBACK}:{stage.axl.port}", "--axl-credentials", extra / "axl", "--axl-pin",
           stage.certs / "tomcat-pub.pem"]
    tvs = ["-H", LOOPBACK, "-p", stage.tvs, "--trustlist", itl]
    return [
        Scene("files", "trustlist", lambda work: ["-f", itl, "-f", ctl, "-v"]),
        Scene("files-json", "trustlist", lambda work: ["-f", itl, "--output", "json"]),
        Scene("expired", "trustlist", lambda work: ["-f", itl], code=2, now=NOW + 10000 * DAY),
        Scene("url", "trustlist", lambda work: ["-u", f"http://{LOOPBACK}:{stage.http}/ITLFile.tlv"]),
        Scene("tftp", "trustlist", lambda work: ["-u", f"tftp://{LOOPBACK}:{stage.tftp_port}/ITLFile.tlv"]),
        Scene("state-first", "trustlist", lambda work: stage.with_state(work / "state"), keeps=("state",)),
        Scene("state", "trustlist", lambda work: stage.with_state(work / "state"), prepare=stage.copy_state,
              keeps=("state",)),
        Scene("trace", "tvs", lambda work: ["--trace", extra / "trace.txt", "-v", "--ignore",
                                            "TVS-STATUS"]),
        Scene("verify", "tvs", lambda work: [*tvs, "--certificate", stage.certs / "callmanager-pub.pem", "-v"]),
        Scene("signer-json", "tvs", lambda work: [*tvs, "--signer-of", itl, "--output", "json"]),
        Scene("offline", "consistency", lambda work: ["-i", lab / "offline.ini", "--cluster", "source", "-v"]),
        Scene("moves", "consistency", lambda work: ["-i", lab / "offline.ini", "--from", "source", "--to", "destination",
                                                    "--output", "json"], code=3),
        Scene("html", "consistency", lambda work: ["-i", lab / "offline.ini", "--cluster", "source", "--html",
                                                   work / "pages/trust.html"],
              prepare=page, keeps=("pages",), is_whole=is_page),
        Scene("dir", "truststore", lambda work: ["--dir", stores]),
        Scene("dir-other-json", "truststore", lambda work: ["--dir", stores, "--expect-from",
                                                            f"dir:{lab / 'destination/stores/pub'}", "--output",
                                                            "json"]),
        Scene("pkcs12", "truststore", lambda work: ["--pkcs12", extra / "export", "--password-file",
                                                    extra / "password"]),
        Scene("text", "truststore", lambda work: ["--text", extra / "own.txt", "--text-node", "pub", "--ignore",
                                                  "ST-DATES-UNSEEN"]),
        Scene("plan", "truststore", lambda work: ["--plan", "-i", extra / "plans.ini", "--cluster", "cairns", "--dir",
                                                  extra / "cairns/stores"]),
        Scene("axl", "truststore", lambda work: axl),
    ]


@contextlib.contextmanager
def stage():
    with contextlib.ExitStack() as stack:
        yield all_scenes(Stage(stack))
