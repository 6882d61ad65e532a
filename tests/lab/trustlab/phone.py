# SPDX-License-Identifier: GPL-2.0-or-later
# A phone: boots, fetches lists and configuration, decides by itself whether to believe them, asks TVS, tells a story.
# It must not use the clusters' private knowledge: it has what a phone has, its state folder and the network.
# Facts: how a phone decides, documents 116232, 213407 and 118699; the step numbers in the story are theirs as collected.
# The story is told twice: in words as it happens, and (settings["story"]) in story.py's files, for comparison.
import hashlib
import json
from pathlib import Path
import re
import socket
import ssl
import subprocess
import sys
import time

from . import dhcp, listreader, story, transport, tvsclient, tvswire
from .trustlist import CCM_TFTP, SAST, TFTP, TVS

APP_SERVER = 7
CIPHERS = "ECDHE-RSA-AES256-GCM-SHA384:AES256-SHA"


def label(certificate_or_list):
    serial = certificate_or_list.signer_serial.hex().upper()
    return f"{certificate_or_list.signer_name} serial {serial}"


class Refused(Exception):
    """A file the phone does not believe; `step` is the one that decided, as in the words of common/phone.h."""

    def __init__(self, step, why):
        super().__init__(why)
        self.step = step


class Phone:
    def __init__(self, settings):
        self.settings = settings
        self.mac, self.model = settings["mac"], settings["model"]
        self.state = Path(settings["state"])
        self.state.mkdir(parents=True, exist_ok=True)
        self.cache = {}             # what TVS said: {key: {"certificate", "roles", "until"}}
        self.session = tvswire.FIRST_SESSION
        self.tftp = list(settings.get("tftp", ()))
        self.refusals = []
        self.failure = None         # why the last question to TVS had no answer: NO_TVS_RECORD, IDENTITY, SILENT
        self.clock, self.ask_tvs = time.time, tvsclient.ask     # tests bring their own
        self.story = story.Story(settings["story"]) if settings.get("story") else story.Untold()

    def say(self, text):
        print(text, flush=True)

    # What the phone holds

    def _held(self, name):
        path = self.state / name
        return path.read_bytes() if path.exists() else None

    def _held_list(self, name):
        data = self._held(name)
        return None if data is None else listreader.read(data, body=False)

    @property
    def ctl(self):
        return self._held_list("CTLFile.tlv")

    @property
    def itl(self):
        return self._held_list("ITLFile.tlv")

    def _keep(self, name, data):
        (self.state / name).write_bytes(data)

    def tvs_group(self):
        """TVS servers named by the configuration it runs on."""
        text = (self._held("config.xml") or b"").decode()
        members = re.search(r"<TVS>(.*?)</TVS>", text, re.DOTALL)
        found = re.findall(r"<port>(\d+)</port>\s*<address>([^<]+)</address>", members.group(1)) if members else []
        return [(address, int(port)) for port, address in found][:5]

    def records(self, *roles, lists=None):
        """Records with a certificate of CTL, then ITL (or of these lists), in one of the roles."""
        for found in (self.ctl, self.itl) if lists is None else lists:
            for record in found.records if found else ():
                if record.role in roles and record.certificate is not None:
                    yield record

    def holds_blank_itl(self):
        """Neither TVS nor TFTP servers: as "Prepare cluster for rollback to pre 8.0" leaves it."""
        itl = self.itl
        return itl is not None and not any(one.role in (TVS, TFTP, CCM_TFTP) for one in itl.records)

    # The network

    def boot(self):
        address, router, self.tftp = dhcp.lease("eth0", self.mac, self.model)
        for command in (f"addr add {address}/24 dev eth0", f"route add default via {router}"):
            subprocess.run(["ip", *command.split()], check=True)
        self.say(f"DHCP: address {address}, option 150 names TFTP {', '.join(self.tftp)}")

    def fetch(self, name):
        """The file from the first TFTP server that is there, by HTTP and then by TFTP; None where it has none."""
        for address in self.tftp:
            try:
                found = transport.http_get(address, name, self.model)
                way = "HTTP 6970"
                if isinstance(found, int):
                    self.say(f"{name}: HTTP {found} from {address}")
                    found, way = transport.tftp_get(address, name), "TFTP"
            except transport.Unreachable as error:
                self.say(f"{name}: {address} does not answer ({error})")
                continue
            if isinstance(found, int):
                self.say(f"{name}: TFTP error {found} from {address}: there is none")
                return None
            self.say(f"{name}: {len(found)} bytes by {way} from {address}")
            return found
        return None

    # TVS

    def _context(self, trusted):
        if self.settings.get("plain"):
            return None
        return tvsclient.tls_context(trusted, self.settings.get("client"), CIPHERS, self.settings.get("tls", "1.2"),
                                     "1.0", self.settings.get("keylog"))

    def _next_session(self):
        self.session += 1
        return self.session - 1

    def _ask(self, build, what):
        """The first answer of the group's servers; None when none could be asked."""
        self.failure = "NO_TVS_RECORD"
        trusted = [record.certificate for record in self.records(TVS, lists=[self.itl])]
        if not trusted:
            self.say("  the held ITL has no TVS record: TVS cannot be asked")
            return None
        self.failure = "SILENT"
        for address in self.tvs_group():
            answer = self._ask_one(address, build, what, trusted)
            if answer is not None:
                return answer
        return None

    def _ask_one(self, address, build, what, trusted):
        request = build(self._next_session())
        try:
            data = self.ask_tvs(address, request, self._context(trusted), () if self.settings.get("plain")
                                else trusted, 5)
            answer = tvswire.parse(data)
        except (tvsclient.TvsFailure, tvswire.Malformed) as error:
            self.say(f"  TVS {address[0]}: no answer, {error}")
            # OpenSSL's words for a certificate that is none of those of the ITL; then the phone itself breaks off.
            if "CERTIFICATE_VERIFY_FAILED" in str(error) or getattr(error, "stage", "") == "identity":
                self.failure = "IDENTITY"
            self.story.answer(address[0], None)
            return None
        if answer.session != int.from_bytes(request[4:8], "big") or answer.kind != request[2] + 1:
            self.say(f"  TVS {address[0]}: answers something else")
            self.story.answer(address[0], None)
            return None
        lasting = f", expires in {answer.ttl // 3600} hours" if answer.ttl else ""
        self.say(f"  TVS {address[0]}, {what}: status {answer.status}, roles {answer.roles}{lasting}")
        self.story.answer(address[0], answer)
        self.failure = None
        return answer

    def _cached(self, key):
        known = self.cache.get(key)
        if known and known["until"] > self.clock():
            self.say("  known from TVS, still valid")
            self.story.cached(known)
            return known
        return None

    def _remember(self, key, certificate, answer):
        self.cache[key] = {"certificate": certificate, "roles": answer.roles,
                           "until": int(self.clock()) + (answer.ttl or 0), "old": False}
        shown = {name: {**entry, "certificate": hashlib.sha1(entry["certificate"]).hexdigest()}
                 for name, entry in self.cache.items()}
        (self.state / "tvs-cache.json").write_text(json.dumps(shown, indent=1) + "\n")
        return self.cache[key]

    def query(self, found):
        """The signer of a file, from TVS: {"certificate", "roles"} or None."""
        key = f"{found.signer_serial.hex().upper()}{found.signer_issuer}"
        tags = tuple(self.settings.get("query_tags", (4, 5)))

        def build(session):
            return tvswire.query_request(self._device(), found.signer_name, found.signer_issuer, found.signer_serial,
                                         session, tags)

        known = self._cached(key)
        if known:
            return {**known, "old": True}
        answer = self._ask(build, "query by issuer and serial")
        if answer is None or answer.status != 0 or not answer.certificates:
            return None
        return self._remember(key, answer.certificates[0], answer)

    def verify(self, certificate):
        """Whether TVS trusts a certificate that a TLS peer showed: {"roles"} or None."""
        key = hashlib.sha256(certificate).hexdigest()
        known = self._cached(key)
        if known:
            return known
        answer = self._ask(lambda session: tvswire.verify_request(self._device(), certificate, session),
                           "verify a certificate")
        return self._remember(key, certificate, answer) if answer and answer.status == 0 else None

    def _device(self):
        return f"CP-{self.model}-SEP{self.mac}"

    # Decisions

    def _signed_by(self, found, records):
        return next((record for record in records
                     if listreader.same_signer(found, record) and listreader.verify(found, record.certificate)), None)

    def _by_tvs(self, found, roles, step):
        """Accepts by TVS's word, or raises Refused."""
        if self.settings.get("no_tvs"):
            raise Refused("NO_TVS", "the signer is in no held list, and this device uses no TVS")
        self.say(f"  signer is in no held list in that role: asking TVS (step {step}, then step 6)")
        known = self.query(found)
        if known is None and self.failure is not None:
            raise Refused(self.failure, "no TVS server could be asked")
        if known is None:
            raise Refused("STATUS", "TVS does not vouch for the signer")
        if not set(roles) & set(known["roles"]):
            raise Refused("ROLE", f"TVS knows the signer, but not in a role that suffices: {known['roles']}")
        if not listreader.verify(found, known["certificate"]):
            raise Refused("SIGNATURE", "the signature is not by the certificate that TVS gave")
        return "CACHE" if known["old"] else "TVS", "TVS vouches for the signer (step 6)"

    def _by_list(self, found, lists, roles):
        """(step, record) when one of these lists names the signer in one of the roles."""
        for held in lists:
            record = self._signed_by(found, self.records(*roles, lists=[held]))
            if record:
                return held.kind, record
        return None, None

    def _accept_ctl(self, found):
        if self.ctl is None and self.itl is None:
            return "FIRST", "no list held: the first one is believed (step 1)"
        step, record = self._by_list(found, [self.ctl or self.itl], (SAST,))
        if record:
            return step, f"signer is SAST record {record.index} of the held {step} (step 2)"
        return self._by_tvs(found, (SAST,), 2)

    def _accept_itl(self, found):
        if self.ctl is None and self.itl is None:
            return "FIRST", "no list held: the first one is believed (step 1)"
        if self.ctl is None and self.holds_blank_itl():
            return "BLANK", "the held ITL is blank, and no CTL is held: any ITL is believed (step 8)"
        step, record = self._by_list(found, [self.ctl, self.itl], (SAST,))
        if record:
            return step, f"signer is SAST record {record.index} of the {step} (step 3)"
        return self._by_tvs(found, (SAST,), 3)

    def _accept_configuration(self, found):
        if self.ctl is None and self.itl is None:
            return "FIRST", "no list held: the first file is believed (step 1)"
        step, record = self._by_list(found, [self.ctl, self.itl], (TFTP, CCM_TFTP))
        if record:
            return step, f"signer is {record.subject}, role {record.role} in a held list (step 4)"
        return self._by_tvs(found, (CCM_TFTP, TFTP), 4)

    def _consider(self, what, data, decide, body):
        """The parsed file when it is believed, None when not; says which and why."""
        self.story.offer(what, data, self._held("CTLFile.tlv"), self._held("ITLFile.tlv"), self.clock(),
                         bool(self.settings.get("no_tvs")))
        try:
            found = listreader.read(data, body)
            self.say(f"{what}: signed by {label(found)}")
            if listreader.signature_status(found)[0] == "invalid":
                raise Refused("SIGNATURE", "its own record of the signer does not fit its signature")
            step, why = decide(found)
        except (Refused, listreader.Unreadable) as error:
            self.refusals.append(what)
            self.say(f"{what}: REFUSED, {error}; the old one stays (Trust List Update Failed)")
            self.story.end(False, getattr(error, "step", "UNREADABLE"), str(error))
            return None
        self.say(f"{what}: ACCEPTED, {why}")
        self.story.end(True, step, why)
        return found

    def update_list(self, names, stored, decide):
        for name in names:
            data = self.fetch(name)
            if data is not None:
                break
        else:
            return
        if data == self._held(stored):
            self.say(f"{stored}: as held")
            self.story.offer(stored[:3], data, self._held("CTLFile.tlv"), self._held("ITLFile.tlv"), self.clock(),
                             bool(self.settings.get("no_tvs")))
            self.story.end(True, "SAME", "it is the file that is held")
        elif self._consider(stored[:3], data, decide, body=False):
            self._keep(stored, data)

    def update_configuration(self):
        data = self.fetch(f"SEP{self.mac}.cnf.xml.sgn")
        if data is None:
            return
        found = self._consider("configuration", data, self._accept_configuration, body=True)
        if found:
            self._keep("config.xml", found.body)
            self.say(f"  TVS is now asked at {', '.join(address for address, _ in self.tvs_group())}")

    # What a phone does: the actions that scenarios name

    def migrate(self):
        self.update_list([f"CTLSEP{self.mac}.tlv"], "CTLFile.tlv", self._accept_ctl)
        self.update_list([f"ITLSEP{self.mac}.tlv", "ITLFile.tlv"], "ITLFile.tlv", self._accept_itl)
        self.update_configuration()
        self.say("result: " + ("refused " + ", ".join(self.refusals) if self.refusals else "everything accepted"))

    def _https_context(self):
        """Who the server is, the phone decides after the handshake, by its lists."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(CIPHERS + ":@SECLEVEL=0")
        if self.settings.get("keylog"):
            context.keylog_filename = self.settings["keylog"]
        return context

    def directory(self):
        """An HTTPS service of its CallManager node: a peer that lists do not name is verified by TVS (step 5)."""
        if self.refusals:
            return
        address = self.tvs_group()[0][0]
        with socket.create_connection((address, 8443), 5) as raw, self._https_context().wrap_socket(raw) as peer:
            shown = peer.getpeercert(True)
            self.say(f"HTTPS service at {address}:8443 shows a certificate of {len(shown)} bytes")
            if any(record.certificate == shown for record in self.records(APP_SERVER)):
                self.say("HTTPS service: ACCEPTED, its certificate is in a held list (step 5)")
                return
            known = self.verify(shown)
            good = known is not None and APP_SERVER in known["roles"]
            self.say("HTTPS service: " + ("ACCEPTED, TVS vouches for it (step 5)" if good
                                          else "REFUSED (host not found, says the display)"))
            if good:
                peer.sendall(f"GET /directory HTTP/1.1\r\nHost: {address}:8443\r\nConnection: close\r\n\r\n".encode())
                while peer.recv(4096):
                    pass

    def ask(self):
        """One query and one verification about the destination's signer, and one query that finds nothing."""
        found = listreader.read(Path(self.settings["about"]).read_bytes(), body=False)
        record = self._signed_by(found, found.records)
        self.say(f"asking about {label(found)}")
        self.query(found)
        self.verify(record.certificate)
        found.signer_serial = bytes.fromhex("0BAD0BAD")
        self.query(found)

    def fetch_tftp(self):
        data = transport.tftp_get(self.tftp[0], "ITLFile.tlv")
        self.say(f"ITLFile.tlv: {len(data)} bytes by TFTP from {self.tftp[0]}")
        self._keep("ITLFile.tlv", data)

    def fetch_http(self):
        data = transport.http_get(self.tftp[0], f"CTLSEP{self.mac}.tlv", self.model)
        self.say(f"CTLSEP{self.mac}.tlv: {len(data)} bytes by HTTP 6970 from {self.tftp[0]}")
        self._keep("CTLFile.tlv", data)

    def fetch_https(self):
        """Its configuration, as a phone with a list of signer version 1.1 or later does it: over HTTPS on 6971."""
        address = self.tftp[0]
        self._keep("ITLFile.tlv", transport.http_get(address, "ITLFile.tlv", self.model))
        self.say(f"ITLFile.tlv: signer version {self.itl.signer_version}")
        if (self.itl.signer_version or (1, 0)) < (1, 1):
            return
        servers = [record.certificate for record in self.records(TFTP, CCM_TFTP)]
        data = transport.https_get(address, f"SEP{self.mac}.cnf.xml.sgn", self.model, self._https_context(),
                                   lambda shown: shown in servers)
        found = listreader.read(data, body=True)
        step, why = self._accept_configuration(found)
        self.say(f"configuration: {len(data)} bytes by HTTPS 6971 from {address}: ACCEPTED, {why}")
        self._keep("config.xml", found.body)


def main():
    settings = json.loads(Path(sys.argv[1]).read_text())
    phone = Phone(settings)
    for action in settings["actions"]:
        getattr(phone, action)()


if __name__ == "__main__":
    main()
