# SPDX-License-Identifier: GPL-2.0-or-later
# An AXL server over a real SQL engine: the lab's stores as the tables of a cluster's database, TLS, basic
# authentication, and AXL's ways to say no; or it fails on demand. It must not know what a client makes of it.
# Facts: Cisco's AXL Developer Guide (fault texts, 8 MB, 503, HTTP 599); document 210541 (tables, a certificate's row
# and its maps); Informix messages -201, -206, -217. Numbers of stores above 15 are ours: nobody has published them.
import base64
import contextlib
import gzip
import hashlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
import re
import socket
import sqlite3
import ssl
import struct
import threading
import time
import uuid
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from .certs import LIST_ORDER, SHORT

STORES = {"Phone-trust": 1, "Phone-VPN-trust": 2, "CallManager": 3, "CallManager-trust": 4, "tomcat": 5,
          "tomcat-trust": 6, "ipsec": 7, "ipsec-trust": 8, "CAPF": 9, "CAPF-trust": 10, "TVS": 11, "TVS-trust": 12,
          "directory-trust": 13, "Phone-SAST-trust": 14, "Phone-CTL-trust": 15, "ITLRecovery": 20,
          "CallManager-ECDSA": 21, "tomcat-ECDSA": 22}
OWN = {"CallManager", "tomcat", "ipsec", "CAPF", "TVS", "ITLRecovery", "CallManager-ECDSA", "tomcat-ECDSA"}
ROLES = {"CallManager": (2, 0), "Phone-SAST-trust": (0, 3), "CAPF": (4,), "TVS": (21,), "tomcat": (7,),
         "tomcat-trust": (7,), "ipsec": (7,), "Phone-trust": (7,), "Phone-CTL-trust": (7,), "Phone-VPN-trust": (26,)}
TABLES = {
    "certificate": "pkid subjectname issuername serialnumber certificate servername ipv4address timetolive",
    "certificateservicecertificatemap": "pkid fkcertificate tkcertificateservice",
    "certificatetrustrolemap": "pkid fkcertificate tktrustrole",
    "certificateprocessnodemap": "pkid fkcertificate fkprocessnode servername",
    "processnode": "pkid name tknodeusage tkprocessnoderole",
    "processconfig": "pkid paramname paramvalue",
    "typecertificateservice": "enum name moniker",
}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
ANSWER_MAX = 8_000_000
NOT_A_NODE = "00000000-1111-0000-0000-000000000000"


def key_of(*parts):
    """A key like those of the database, the same for the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, parts))))


def dn(name):
    """As the database writes a name: commas, no spaces."""
    found = {SHORT.get(part.oid, part.oid.dotted_string): part.value for part in name}
    return ",".join(f"{short}={found[short]}" for short in LIST_ORDER if short in found)


# ---- the database ----

class Database:
    """The tables of one cluster. stores: its folder of stores, NODE/STORE/*.pem. without: tables and columns
    ("certificate.servername") that this release does not have."""

    def __init__(self, stores, mode=None, without=()):
        self.connection = sqlite3.connect(":memory:", check_same_thread=False)
        self.lock = threading.Lock()
        for table, columns in TABLES.items():
            kept = [column for column in columns.split() if f"{table}.{column}" not in without]
            if table not in without:
                self.connection.execute(f"create table {table} ({', '.join(kept)})")
        self.without = set(without)
        nodes = sorted(path.name for path in Path(stores).iterdir())
        self.publisher = "pub" if "pub" in nodes else nodes[0]
        self.nodes = {name: key_of("node", name) for name in nodes}
        self.add_cluster(mode)
        for found in self.read(stores, nodes).values():
            self.add_certificate(*found)
        self.connection.set_authorizer(
            lambda action, *_: sqlite3.SQLITE_OK if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ,
                                                               sqlite3.SQLITE_FUNCTION) else sqlite3.SQLITE_DENY)

    def add(self, table, **row):
        row = {column: value for column, value in row.items() if f"{table}.{column}" not in self.without}
        if table not in self.without:
            self.connection.execute(f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})",
                                    list(row.values()))

    def add_cluster(self, mode):
        self.add("processnode", pkid=NOT_A_NODE, name="EnterpriseWideData", tknodeusage=1, tkprocessnoderole=1)
        self.add("processnode", pkid=key_of("node", "imp"), name="imp", tknodeusage=1, tkprocessnoderole=2)
        for name, pkid in self.nodes.items():
            self.add("processnode", pkid=pkid, name=name, tknodeusage=int(name != self.publisher), tkprocessnoderole=1)
        for name, number in STORES.items():
            self.add("typecertificateservice", enum=number, name=name, moniker=name.upper())
        self.add("processconfig", pkid=key_of("config", "other"), paramname="ClusterID", paramvalue="StandAlone")
        if mode is not None:
            self.add("processconfig", pkid=key_of("config", "mode"), paramname="ClusterSecurityMode",
                     paramvalue={"nonsecure": "0", "mixed": "1"}.get(mode, mode))

    @staticmethod
    def read(stores, nodes):
        """{digest: (certificate, [(node, store)])}"""
        found = {}
        for node in nodes:
            for path in sorted((Path(stores) / node).glob("*/*.pem")):
                made = x509.load_pem_x509_certificate(path.read_bytes())
                digest = hashlib.sha256(made.public_bytes(Encoding.DER)).hexdigest()
                found.setdefault(digest, (made, []))[1].append((node, path.parent.name))
        return found

    def add_certificate(self, made, places, **row):
        """row: columns that say something else than the certificate."""
        stores = sorted({store for _, store in places})
        owners = {node for node, store in places if store in OWN}
        server = owners.pop() if len(owners) == 1 else self.publisher
        pkid = key_of("certificate", made.public_bytes(Encoding.DER).hex())
        self.add("certificate", **{
            "pkid": pkid, "subjectname": dn(made.subject), "issuername": dn(made.issuer),
            "serialnumber": f"{made.serial_number:x}", "certificate": made.public_bytes(Encoding.PEM).decode(),
            "servername": server, "ipv4address": "", "timetolive": 86400, **row})
        for store in stores:
            self.add("certificateservicecertificatemap", pkid=key_of(pkid, "store", store), fkcertificate=pkid,
                     tkcertificateservice=STORES[store])
        for role in sorted({role for store in stores for role in ROLES.get(store, ())}):
            self.add("certificatetrustrolemap", pkid=key_of(pkid, "role", role), fkcertificate=pkid, tktrustrole=role)
        for node in sorted({node for node, _ in places}):
            self.add("certificateprocessnodemap", pkid=key_of(pkid, "node", node), fkcertificate=pkid,
                     fkprocessnode=self.nodes[node], servername=node)

    def change(self, statement, *values):
        """For tests: something that no client can do."""
        self.connection.set_authorizer(None)
        self.connection.execute(statement, values)

    def select(self, sql):
        """(column names, rows); SqlError as Informix says it."""
        limited = re.match(r"(?is)\s*select\s+(?:skip\s+(\d+)\s+)?(?:first\s+(\d+)\s+)?(.*)", sql)
        if not limited:
            raise SqlError(-201, "A syntax error has occurred.")
        skip, first, rest = limited.groups()
        try:
            with self.lock:
                cursor = self.connection.execute(f"select {rest} limit {first or -1} offset {skip or 0}")
                return [column[0].lower() for column in cursor.description], cursor.fetchall()
        except sqlite3.Error as error:
            raise SqlError.of(str(error)) from error


class SqlError(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code

    @classmethod
    def of(cls, text):
        what, _, name = text.partition(": ")
        if what == "no such table":
            return cls(-206, f"The specified table ({name}) is not in the database.")
        if what == "no such column":
            return cls(-217, f"Column ({name}) not found in any table in the query (or SLV is undefined).")
        return cls(-201, "A syntax error has occurred.")


# ---- what goes over the wire ----

def envelope(body):
    return (f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{SOAP}"><soapenv:Body>{body}'
            "</soapenv:Body></soapenv:Envelope>").encode()


def rows_answer(version, columns, rows):
    lines = ("<row>" + "".join(f"<{column}>{escape(str(value))}</{column}>" if value is not None else f"<{column}/>"
                               for column, value in zip(columns, row)) + "</row>" for row in rows)
    return envelope(f'<ns:executeSQLQueryResponse xmlns:ns="http://www.cisco.com/AXL/API/{version}"><return>'
                    f'{"".join(lines)}</return></ns:executeSQLQueryResponse>')


def fault_answer(code, text):
    text = escape(text)
    return envelope(f"<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>{text}</faultstring><detail>"
                    f"<axlError><axlcode>{code}</axlcode><axlmessage>{text}</axlmessage>"
                    "<request>executeSQLQuery</request></axlError></detail></soapenv:Fault>")


def version_page(supported):
    text = f"Incorrect axl version. Supported axl versions are {supported}"
    return f"<!-- custom Cisco error page --><html><body>\nHTTP Status 599 - {text}\n</body></html>".encode()


BEGIN = (f'<soapenv:Envelope xmlns:soapenv="{SOAP}"><soapenv:Body><ns:executeSQLQueryResponse '
         'xmlns:ns="http://www.cisco.com/AXL/API/12.5"><return>').encode()
BOMB = ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "0123456789">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>").encode() \
    + BEGIN + b"<row><pkid>&a9;</pkid></row>"
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + BEGIN \
    + b"<row><pkid>&f;</pkid></row>"
TAIL = b"</return></ns:executeSQLQueryResponse></soapenv:Body></soapenv:Envelope>"


def endless(begin, piece):
    def pieces():
        yield begin
        while True:
            yield piece
    return pieces


def endless_rows():
    yield BEGIN
    number = 0
    while True:
        yield b"".join(b"<row><pkid>%d</pkid></row>" % at for at in range(number, number + 1000))
        number += 1000


def huge_certificate():
    """500 MB, if anyone takes them."""
    yield BEGIN + b"<row><pkid>1</pkid><certificate>-----BEGIN CERTIFICATE-----\n"
    for _ in range(500):
        yield (b"A" * 63 + b"\n") * 15625
    yield b"</certificate></row>" + TAIL


# What would do harm in a terminal, an engine, a page or a status line, and tells a lie.
HOSTILE = "\x1b[2J<script>alert(1)</script> OK - all is well | x=1 $(id) `id` %s%n \x9b31m "
OTHER_SOAP = f'<soapenv:Envelope xmlns:soapenv="{SOAP}"><soapenv:Body>'


def wrong_soap(body):
    return lambda: [(OTHER_SOAP + body + "</soapenv:Body></soapenv:Envelope>").encode()]


def long_certificates():
    """Rows without end, each of another certificate that is none."""
    yield BEGIN
    number = 0
    while True:
        yield b"".join(b"<row><pkid>%d</pkid><certificate>%08d%b</certificate></row>" % (at, at, b"A" * 30000)
                       for at in range(number, number + 10))
        number += 10


# {fault: pieces of an answer that is sent with status 200}
PIECES = {
    "bomb": lambda: [BOMB + TAIL],
    "outside": lambda: [OUTSIDE + TAIL],
    "html": lambda: [b"<html><head><title>Sign in</title></head><body/></html>"],
    "nonsense": lambda: [b"no XML at all"],
    "empty": lambda: [],
    "deep": lambda: [BEGIN + b"<row><pkid>" + b"<a>" * 100_000],
    "wide": lambda: [BEGIN + b"<row>" + b"".join(b"<c%d>1</c%d>" % (at, at) for at in range(1000)) + b"</row>" + TAIL],
    "nested": lambda: [BEGIN + b"<row><pkid><b>1</b></pkid></row>" + TAIL],
    "endless-rows": endless_rows,
    "endless-text": endless(BEGIN, b" " * 65536),
    "endless-tag": endless(BEGIN + b"<row ", b"a" * 65536),
    "endless-comment": endless(BEGIN + b"<!--", b"a" * 65536),
    "huge-certificate": huge_certificate,
    "long-certificates": long_certificates,
    "other-response": wrong_soap("<ns:getUserResponse xmlns:ns='x'><return/></ns:getUserResponse>"),
    "two-bodies": wrong_soap("<a/></soapenv:Body><soapenv:Body>"),
    "no-return": wrong_soap("<ns:executeSQLQueryResponse xmlns:ns='x'/>"),
    "latin-1": lambda: [b'<?xml version="1.0" encoding="UTF-8"?>' + BEGIN + b"<row><pkid>\xe9\xff</pkid></row>" + TAIL],
    "utf-16": lambda: [(BEGIN + TAIL).decode().encode("utf-16")],
    "NUL": lambda: [BEGIN + b"<row><pkid>a\0b</pkid></row>" + TAIL],
    "external-subset": lambda: [b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd">' + BEGIN + TAIL],
    "quadratic": lambda: [b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 100_000 + b'">]>' + BEGIN + b"<row><pkid>",
                          b"&b;" * 100_000],
    "deep-endless": endless(BEGIN, b"<a>" * 20_000),
    "attributes-endless": endless(BEGIN, b"<row " + b" ".join(b'a%d="x"' % at for at in range(400)) + b"/>"),
    "attributes-6000": endless(BEGIN, b"<row " + b" ".join(b'a%d="x"' % at for at in range(6000)) + b"/>"),
    "attributes-in-comment": endless(BEGIN, b"<!--" + b" ".join(b'a%d="x"' % at for at in range(6000)) + b"-->"),
    "attributes": lambda: [BEGIN + b"<row " + b" ".join(b'a%d="x"' % at for at in range(200_000)) + b"/>" + TAIL],
}
FAULTS = sorted([*PIECES, "silent-accept", "silent-answer", "silent-middle", "drip", "truncated", "cut", "reset",
                 "denied", "redirect", "huge-header", "error-page", "more-rows", "missing-page", "hostile-401",
                 "hostile-500", "hostile-fault", "endless-500", "redirect-file", "gzip", "wrong-type", "pieces-endless",
                 "new-versions", "retry-after"])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True      # header and body are two pieces: each answer would wait 40 ms
    axl = None      # the AxlServer

    def log_message(self, *_):
        pass

    def answer(self, status, body, content="text/xml;charset=UTF-8", **headers):
        self.send_response(status)
        self.send_header("Content-Type", content)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def chunks(self, pieces, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "text/xml;charset=UTF-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            if self.axl.closing.is_set():
                return
            if piece:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def do_GET(self):
        self.answer(200, b"<html><body>The AXL Web Service is working</body></html>", "text/html")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/axl/":
            return self.answer(404, b"<html>no such page</html>", "text/html")
        wanted = "Basic " + base64.b64encode(f"{self.axl.user}:{self.axl.password}".encode()).decode()
        if self.headers.get("Authorization") != wanted:
            return self.answer(401, b"<html>HTTP Status 401</html>", "text/html",
                               WWW_Authenticate='Basic realm="Cisco Web Services Realm"')
        return self.question(body)

    def question(self, body):
        try:
            root = ElementTree.fromstring(body)
            asked = root.find(f"{{{SOAP}}}Body")[0]
            version, name = re.fullmatch(r"\{http://www\.cisco\.com/AXL/API/([\d.]+)\}(\w+)", asked.tag).groups()
            sql = asked.find("sql").text
            action = re.fullmatch(r'"?CUCM:DB ver=([\d.]+) (\w+)"?', self.headers.get("SOAPAction", "")).groups()
        except (ElementTree.ParseError, AttributeError, IndexError, TypeError):
            return self.answer(500, fault_answer(-1, "The request could not be read"))
        self.axl.requests.append((version, sql))
        if name != "executeSQLQuery" or action != (version, name):
            return self.answer(500, fault_answer(-1, "SOAPAction and request disagree"))
        if not self.axl.takes(version):
            return self.answer(599, version_page(self.axl.supported), "text/html")
        if self.axl.fault and (self.axl.at is None or re.search(rf"\bfrom {self.axl.at}\b", sql)):
            return getattr(self, "fault_" + self.axl.fault.replace("-", "_"), self.fault_pieces)(version, sql)
        return self.select(version, sql)

    def select(self, version, sql):
        if self.axl.count("unavailable"):
            return self.answer(503, b"<html>Service Unavailable</html>", "text/html", **self.axl.unavailable_headers)
        if self.axl.count("memory"):
            return self.answer(500, fault_answer(-1, "Maximum AXL Memory Allocation Consumed. Please retry once "
                                                 "requests in progress have completed"))
        try:
            columns, rows = self.axl.database.select(sql)
        except SqlError as error:
            return self.answer(500, fault_answer(error.code, str(error)))
        answer = rows_answer(version, columns, rows)
        if len(answer) > self.axl.answer_max:
            few = max(1, len(rows) * self.axl.answer_max // len(answer))
            return self.answer(500, fault_answer(-1, f"Query request too large. Total rows matched: {len(rows)} rows. "
                                                 f"Suggestive Row Fetch: less than {few} rows"))
        return self.answer(200, answer)

    # ---- faults ----

    def fault_pieces(self, version, sql):
        self.chunks(PIECES[self.axl.fault]())

    def whole(self, version, sql):
        return rows_answer(version, *self.axl.database.select(sql))

    def fault_silent_answer(self, version, sql):
        self.axl.closing.wait(60)

    def fault_silent_middle(self, version, sql):
        whole = self.whole(version, sql)
        self.send_response(200)
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole[:len(whole) // 2])
        self.axl.closing.wait(60)

    def fault_drip(self, version, sql):
        whole = self.whole(version, sql)
        self.send_response(200)
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        for at in range(len(whole)):
            self.wfile.write(whole[at:at + 1])
            if self.axl.closing.wait(0.05):
                return

    def fault_truncated(self, version, sql):
        whole = self.whole(version, sql)
        self.answer(200, whole[:len(whole) * 2 // 3])

    def fault_cut(self, version, sql):
        whole = self.whole(version, sql)
        self.send_response(200)
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole[:len(whole) // 2])
        self.close_connection = True

    def fault_reset(self, version, sql):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def fault_denied(self, version, sql):
        self.answer(500, fault_answer(-272, "No SELECT permission for certificate."))

    def fault_redirect(self, version, sql):
        self.answer(302, b"", Location=f"https://{self.headers['Host']}/elsewhere/")

    def fault_error_page(self, version, sql):
        self.answer(500, b"<html>java.lang.NullPointerException</html>", "text/html")

    def fault_missing_page(self, version, sql):
        self.answer(404, b"<html>not here</html>", "text/html")

    def fault_huge_header(self, version, sql):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.axl.closing.is_set():
            self.wfile.write(b"X-More: " + b"h" * 1000 + b"\r\n")

    def fault_hostile_401(self, version, sql):
        self.answer(401, HOSTILE.encode(), "text/html", WWW_Authenticate=f'Basic realm="{HOSTILE}"')

    def fault_hostile_500(self, version, sql):
        self.answer(500, HOSTILE.encode("latin-1"), HOSTILE)

    def fault_hostile_fault(self, version, sql):
        self.answer(500, fault_answer(5003, "\n".join((HOSTILE.replace("\x1b", "\u009b"), "OK - | y=2"))))

    def fault_endless_500(self, version, sql):
        self.chunks(endless(b"<html>", b"x" * 65536)(), 500)

    def fault_redirect_file(self, version, sql):
        self.answer(302, b"", Location="file:///etc/passwd")

    def fault_gzip(self, version, sql):
        """A gigabyte of rows in one megabyte, for whoever unpacks it."""
        self.answer(200, BEGIN + gzip.compress(b" " * (1 << 24)) * 64, Content_Encoding="gzip")

    def fault_wrong_type(self, version, sql):
        self.answer(200, self.whole(version, sql), "image/png")

    def fault_pieces_endless(self, version, sql):
        """Each piece is as long as was asked for, and there is always one more."""
        limited = re.search(r"\bskip (\d+) first (\d+) ", sql)
        if not limited:
            return self.answer(500, fault_answer(-1, "Query request too large. Total rows matched: 5000 rows. "
                                                 "Suggestive Row Fetch: less than 1000 rows"))
        skip, first = map(int, limited.groups())
        columns = [one.strip() for one in re.search(r"first \d+ (.*?) from", sql)[1].split(",")]
        rows = [[f"{at:08d}" + "A" * 2000] * len(columns) for at in range(skip, skip + first)]
        return self.answer(200, rows_answer(version, columns, rows))

    def fault_new_versions(self, version, sql):
        """It takes each version but the one that is used."""
        major = int(version.partition(".")[0])
        self.answer(599, version_page(f"{major % 90 + 1}.0"), "text/html")

    def fault_retry_after(self, version, sql):
        self.answer(503, b"", "text/html", Retry_After="99999999999999999999")

    def fault_more_rows(self, version, sql):
        """Promises more than it gives."""
        if "first" not in sql:
            return self.answer(500, fault_answer(-1, "Query request too large. Total rows matched: 5000 rows. "
                                                 "Suggestive Row Fetch: less than 1000 rows"))
        return self.select(version, sql)


class AxlServer(ThreadingHTTPServer):
    """`supported`: as the refusal of another version lists them. `unavailable`, `memory`: so many questions are refused
    first. `fault`: one of FAULTS, at every question or at those for the table `at`. `requests`: what was asked."""
    daemon_threads = True

    def __init__(self, database, certificate, key, user="axluser", password="", port=0, address="127.0.0.1",
                 supported="12.x, 14.0 and 15.0", unavailable=0, memory=0, retry_after=None, answer_max=ANSWER_MAX,
                 fault=None, at=None):
        super().__init__((address, port), type("AxlHandler", (Handler,), {"axl": self}))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.database, self.user, self.password, self.supported = database, user, password, supported
        self.left = {"unavailable": unavailable, "memory": memory}
        self.unavailable_headers = {} if retry_after is None else {"Retry_After": str(retry_after)}
        self.answer_max, self.fault, self.at = answer_max, fault, at
        self.requests, self.connections = [], 0
        self.closing = threading.Event()
        self.counting = threading.Lock()

    @property
    def port(self):
        return self.server_address[1]

    def takes(self, version):
        """12.x is every 12."""
        return any(re.fullmatch(one.replace(".x", r"\.\d+").replace(" ", ""), version)
                   for one in re.findall(r"\d+\.(?:\d+|x)", self.supported))

    def count(self, what):
        """Is this one of those that are refused?"""
        with self.counting:
            self.left[what] -= 1
            return self.left[what] >= 0

    def finish_request(self, request, client_address):
        self.connections += 1
        if self.fault == "silent-accept":
            self.closing.wait(60)
            return
        with contextlib.suppress(OSError):
            request.settimeout(60)
            with self.context.wrap_socket(request, server_side=True) as secure:
                super().finish_request(secure, client_address)

    def handle_error(self, request, client_address):
        pass        # clients leave in the middle: that is what the faults are for

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self.shutdown()
        self.server_close()


# ---- the command ----

def run(options):
    """Serve until it is interrupted."""
    import json
    import sys
    folder = Path(options.dir) / options.cluster
    found = json.loads((Path(options.dir) / "manifest.json").read_text())["clusters"][options.cluster]
    password = Path(options.password_file).read_text().splitlines()[0]
    database = Database(folder / "stores", "mixed" if found["mixed"] else "nonsecure", options.without)
    certs = folder / "certs"
    with AxlServer(database, certs / "tomcat-pub.pem", certs / "tomcat-pub.key", options.user, password, options.port,
                   supported=options.supported, unavailable=options.unavailable, memory=options.memory,
                   answer_max=options.answer_max, fault=options.fault, at=options.at) as server:
        print(f"listening 127.0.0.1:{server.port}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)
    sys.stdout.flush()
    return 0
