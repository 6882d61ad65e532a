# SPDX-License-Identifier: GPL-2.0-or-later
# What TVS (trace level detailed) and a phone's console write about a request, from messages of the lab.
# It must not decide what is found; and it has no line that no public document prints.
# Facts: documents 213407 (query: A), 118699 (verify, not found: B), 118893 (two caches: B), 214535 (console: B).
from .tvswire import QUERY_REQUEST, QUERY_RESPONSE, VERIFY_REQUEST, VERIFY_RESPONSE, parse

SHOWN = 50      # bytes of a message that a trace prints
TYPES = {VERIFY_REQUEST: "TVS_MSG_CERT_VERIFICATION_REQ", VERIFY_RESPONSE: "TVS_MSG_CERT_VERIFICATION_RES",
         QUERY_REQUEST: "TVS_MSG_QUERY_CERT_REQ", QUERY_RESPONSE: "TVS_MSG_QUERY_CERT_RES"}


class Clock:
    """Milliseconds of a day, one more for each line."""

    def __init__(self, start=18 * 3600 * 1000):
        self.now = start

    def __str__(self):
        seconds, rest = divmod(self.now, 1000)
        self.now += 1
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


class TvsTrace:
    def __init__(self, clock=None, shown=SHOWN, marks=False):
        """`marks`: with the lines that mark where a function begins and ends."""
        self.clock, self.shown, self.marks, self.lines = clock or Clock(), shown, marks, []

    def say(self, text):
        if self.marks:
            self.lines.append(f"{self.clock} |-->debug ")
        self.lines.append(f"{self.clock} |   debug {text}" if self.marks else f"{self.clock} | debug {text}")
        if self.marks:
            self.lines.append(f"{self.clock} |<--debug ")

    def dump(self, data):
        if self.marks:
            self.say(f"HEX_DUMP: Len = {len(data)}:")
        else:
            self.lines.append(f"HEX_DUMP: Len = {len(data)}:")
        for at in range(0, min(len(data), self.shown), 8):
            self.say(" ".join(f"{byte:02x}" for byte in data[at:min(at + 8, self.shown)]))

    def connected(self, address, number, cipher="AES256-SHA"):
        self.say(f"ipAddrStr (Phone) {address}")
        self.say(f"{number}:UNKNOWN:Got a new ph conn {address} on {number}, Total Acc = {number - 1}..")
        self.say("tvsSSLHandShakeNotify")
        self.say(f"{address}: tvsSSLHandShake Session ciphers - {cipher}")
        self.say("TLS HS Done for ph_conn")

    def decoded(self, kind, length):
        self.say("tvsPhoneDecodeMsg -")
        self.lines.append("Decoded Phone Msg:")
        self.say("Protocol Discriminator: 57")
        self.say(f"MsgType : {TYPES[kind]}")
        self.say("Session Id : 0")      # whatever the bytes say
        self.say(f"Length : {length}")

    def incoming(self, number, request):
        self.say(f"{number}:UNKNOWN:Incoming Phone Msg:")
        self.dump(request)
        self.decoded(request[2], len(request) - 10)

    def wanted(self, kind, certificate):
        if kind == QUERY_REQUEST:
            self.say("tvsHandleQueryCertReq")
            self.say(f"tvsHandleQueryCertReq : Subject Name is: {certificate.subject_text}")
            self.say(f"tvsHandleQueryCertReq : Issuer Name is: {certificate.issuer_text}")
            self.say(f"tvsHandleQueryCertReq : Serial Number is: {certificate.serial_hex}")
        else:
            issuer = certificate.issuer_text
            self.say(f"tvsGetIssuerNameFromX509 - issuerName : {issuer} and Length: {len(issuer)}")
            self.say(f"tvsGetSerialNumberFromX509 - serialNumber : {certificate.serial_hex} and Length: "
                     f"{len(certificate.serial_hex) // 2}")

    def lookup(self, kind, certificate, found, roles):
        key = f"{certificate.serial_hex}{certificate.issuer_text}"
        for cache in ("CertificateDBCache",) if found else ("CertificateDBCache", "CertificateCTLCache"):
            self.say(f"{cache}::getCertificateInformation - Looking up the certificate cache using Unique MAP ID : "
                     f"{key}")
            if not found:
                self.say(f"ERROR:{cache}::getCertificateInformation - Cannot find the certificate in the cache")
        if not found and kind == VERIFY_REQUEST:
            self.say("getCertificateInformation(cert) : certificate not found")
        if found and kind == VERIFY_REQUEST:
            self.say("CertificateDBCache::getCertificateInformation - Certificate compare return =0")
            self.say("CertificateDBCache::getCertificateInformation - Certificate found and equal")
        elif found:
            self.say(f"CertificateDBCache::getCertificateInformation - Found entry {{rolecount : {len(roles)}}}")
            for role in roles:
                self.say(f"CertificateDBCache::getCertificateInformation - {{role : {role}}}")

    def answer(self, number, response):
        name = "QUERY_CERT_RES" if response[2] == QUERY_RESPONSE else "CERT_VERIF_RES"
        self.say(f"{number}:UNKNOWN:Sending {name} msg")
        self.decoded(response[2], len(response) - 10)
        certificates = parse(response).certificates
        self.say(f"Number of Certs : {len(certificates)}")
        for at, certificate in enumerate(certificates):
            self.say(f"Cert[{at}] :")
            self.say("Cert Type : 0")
            self.dump(certificate)
        self.say("Sending TLS Msg ..")
        self.dump(response)

    def exchange(self, number, address, request, response, certificate, found, roles=(), cipher="AES256-SHA"):
        """A phone's whole request about a certificate."""
        self.connected(address, number, cipher)
        self.incoming(number, request)
        self.wanted(request[2], certificate)
        self.lookup(request[2], certificate, found, roles)
        self.answer(number, response)

    def __str__(self):
        return "\n".join(self.lines) + "\n"


class Console:
    """A phone of the 88xx series; others write "SECD:" and no date (118699)."""

    def __init__(self, mac, start=3200):
        self.mac, self.number, self.micro, self.lines = mac, start, 0, []

    def say(self, level, text):
        self.lines.append(f"{self.number} {level} Jun 03 09:12:{self.micro // 10 % 60:02}.{self.micro:06} {text}")
        self.number += 1
        self.micro += 1

    def fetches(self, kind):
        self.say("NOT", f"dgetfile({self.number})-GETXXTP [GT870][src={kind}SEP{self.mac}.tlv]"
                        f"[dest=/tmp/{kind}File.tlv][serv=][serv6=][sec=0]")

    def asks(self, server, request, received, cached=True):
        self.say("INF", f"SECUREAPP-Attempting connect to TVS server addr [{server}], mode [IPv4]")
        self.say("NOT", "SECUREAPP-Sec SSL Connection - Handshake successful.")
        self.say("NOT", "SECUREAPP-TVS process request - Successfully sent the TVS request to TVS server, "
                        f"bytes written : {len(request)}")
        self.say("DEB", f"SECUREAPP-TVS Service receives {len(received)} bytes of data")
        if cached:
            self.say("INF", "SECUREAPP-TVS added cert to TVS cache - expires in 24 hours")
            self.say("NOT", "SECUREAPP-Hashes match... authentication successful.")
            self.say("INF", "SECUREAPP-TL file updated.")

    def old_verify(self, status):
        """As the 79xx series writes it, about an HTTPS server."""
        stamp = f"06:40:{self.micro % 60:02}.{self.micro:06}"
        for text in ("-Successfully obtained a TLS connection to the TVS server",
                     "-Successfully sent the certificate Authentication request to TVS server, bytes written : 962",
                     f"-Authentication Response received, status : {status}"):
            self.lines.append(f"{self.number} NOT {stamp}  SECD: {text}")
            self.number += 1

    def refused(self, server):
        for text in (f"clpSetupSsl: Trying to connect to IPV4, IP: {server}, Port : 2445",
                     f"EROR:clpSetupSsl: ** SSL handshake failed, <{server}> c:14 s:15",
                     f"EROR:clpSetupSsl: SSL/TLS handshake failed, <{server}> c:14 s:15"):
            self.lines.append(f"{self.number}: ERR 06:45:{self.micro % 60:02}.{self.micro:06} SECD: {text}")
            self.number += 1

    def __str__(self):
        return "\n".join(self.lines) + "\n"
