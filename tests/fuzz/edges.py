# SPDX-License-Identifier: GPL-2.0-or-later
# Inputs at the edges of what the decoders of common/ tell apart, which neither the lab nor pcaps/ hold. With them the
# first inputs take every branch, so that coverage does not depend on how long a fuzzer has run.
import base64
import re


# ---- trust lists ----

def element(tag, value):
    return bytes((tag,)) + len(value).to_bytes(2, "big") + value


def header(*elements, version=b"\1\2"):
    body = b"".join(elements)
    return element(1, version) + element(2, (10 + len(body)).to_bytes(2, "big")) + body


def record(*elements):
    body = b"".join(elements)
    return element(1, (5 + len(body)).to_bytes(2, "big")) + body


def trustlists():
    named = element(14, b"ITLFile.tlv\0")
    other = element(14, b"SEP.cnf.xml.sgn\0")
    one = record(element(4, b"\0\2"))
    yield header(other, version=b"\2\0") + b"encrypted"
    yield header(named, version=b"\2\0") + one
    yield header(named, version=b"\3\0") + one
    yield header(other)                                  # nothing follows
    yield header(other) + element(1, b"\5")              # the first record has another size
    yield header(other) + one
    yield header(named) + one + b"\1"                    # a record that has only begun
    yield header(named) + one + b"\1\0"
    yield header(named) + one + b"\1\0\2\0"
    yield header(named) + one + b"\1\0\2\0\4"
    yield header(named) + one + b"\1\0\2\0\x40"
    yield header(named) + one + b"\7\0\1\0"
    yield header(named) + one * 4097
    yield header(named) + one * 4096
    yield b"\1\0\1\1\2\0\2\0\x0a"                        # a version of one byte
    yield b"\1\0\2\1\2"
    yield b"\1\0\2\1\2\3\0\2\0\x0a"                      # no header length where it belongs
    yield b"\1\0\2\1\2\2\0\1\0\x0a"
    yield b"\1\0\2\1\2\2\1\2\0\x0a"
    yield b"\2\0\2\0\x0a\1\0\2\1\2"                      # the length first
    yield header(named, element(3, element(4, b"N\0") + b"\xff"))      # bytes to spare in a container at the end


# ---- messages of TVS ----

def messages():
    yield b"V\0\0\x17CP-8861-SEP00005E005300" + b"\0" * 65600
    yield b"V\0\0\x17CP-8861-SEP00005E005300" + b"\0" * 65530
    for device in (b"CP-8861-SEP00005E00530g", b"CP-8861_SEP00005E005300", b"CP-886x-SEP00005E005300", b"CP-1"):
        yield b"V\0\0" + bytes((len(device),)) + device
    for room in (3, 10, 12, 20, 40, 60):
        yield b"V" + room.to_bytes(2, "big") + b"\x17CP-8861-SEP00005E005300" + b"\0" * 20
    yield b"Q\0\4CP-1\0\0" + b"\1" * 65600


# ---- saved output ----

SHOW = """the user admin: was here
pub:admin:show itl
pub@admin:show ctl
pub admin:show itl
admin:show version
Host Name : pub
Host Name pub
Host Name :
Press <enter> for 1 line
-- rule
BYTEPOS TAG
Length of ITL file: 5
Length of ITL file:
Length of ITL file
HeaderLength: 5
HeaderLength:x
Version: 1.2
Version: x
Version: 1
Version: 1.x
Version: 300.1
Version: 1.300
ITL Record #:1
CTL Record 1
CTL Record #1
ITL Record #:x
ITL Record #:0
CTL File not found
a_b-C9/x.pem: Own certificate
a+b/x.pem
/x.pem
a/x
The checksum value of the ITL file
4 FUNCTION 2 CAPF
Length of ITL file: 5
Parse ITL File
Parse ITL File
The ITL file was last modified on Thu Jan 05 10:00:00 UTC 2023
The ITL file was last modified on Thu Mar 05 10:00:00 UTC 2023
The ITL file was last modified on Thu Jan 05 24:00:00 UTC 2023
The ITL file was last modified on Thu Jan 05 10:60:00 UTC 2023
The ITL file was last modified on Thu Jan 05 10:00:61 UTC 2023
The ITL file was last modified on Thu Jan 05 10:00:00x UTC 2023
The ITL file was last modified on Thu Jan 05 10-00 UTC 2023
The ITL file was last modified on Thu Jan 05 UTC 2023
The ITL file was last modified on Thu Jan 00 10:00:00 UTC 2023
The ITL file was last modified on Thu Jan 32 10:00:00 UTC 2023
The ITL file was last modified on Thu Jan 05 10:00:00 UTC 1969
The ITL file was last modified on Thu 05 10:00:00 UTC 2023
00112233445566778899AABBCCDDEEFG(MD5)
"""


def shows():
    yield SHOW
    yield "Parse ITL File\nHost Name : pub\nParse ITL File\n"
    yield "00112233445566778899AABBCCDDEEFF\nG0112233445566778899AABBCCDDEEFF(MD5)\n4 FUNCTION CAPF\na{b/x.pem\n"
    yield "4 FUNCTION 2 CAPF\n" + "x\n" * 300
    yield "4\n4 \n4 x\n4 FUNCTION\n4 FUNCTION x\n256 FUNCTION 2\n"    # rows that end early
    yield "4 FUNCTION 2 CAPF\nPress <enter>\n4 FUNCTION 2 CAPF\n\x7f x\nThe checksum value of the ITL file\n" * 2
    for first in ("Parse ITL File", "HeaderLength: 5", "ITL Record #:2", "The checksum value of the ITL file",
                  "Length of ITL file: 5", "4 FUNCTION 2 CAPF"):
        for second in ("tomcat/x.pem: Own", "Parse ITL File", "Parse CTL File", "ITL Record #:1", "ITL Record #:3",
                       "The checksum value of the ITL file", "Length of ITL file: 5"):
            yield f"{first}\n{second}\n"
    yield b"\xff\xfea\0b\1c\0\n\0"
    yield b"\xff\xfda\n\x1bx\x1b[\n" + b"\r" * 100 + b"a\r\rb\r"
    yield b"\xfe\xfda\n"
    yield "4 FUNCTION 2 CAPF\n" + "x" * 3000 + "\n" + "y" * 3000 + "\n"
    yield "tomcat-trust/" + "x" * 5000 + "\nrest.pem: Trust Certificate\n"
    yield "\x1b[0mParse ITL File\x1b[1;2"                # sequences that are cut off
    yield "\x1b[" + "1" * 20 + "mParse ITL File\n\x1b[1\nParse\n\x1b[\x7fm\n"
    yield "Parse ITL File\n".encode("utf-16-be").join((b"\xfe\xff", b""))
    yield b"\xef\xbb\xbfParse ITL File\n\xef\xbb \xef\xbbx\xef \xc2\xa0 \xc2x\r\r\nParse CTL File\r"


def odd_digits(shown):
    """Hex that lacks its last digit."""
    return re.sub(rb"((?:SERIALNUMBER|HASH|CERTIFICATE)\S*\s+\d+\s+[0-9A-F: ]*)[0-9A-F](\s)", rb"\1\2", shown)


# ---- traces ----

TVS = "12:00:00.001 | debug "
PHONE = "3287 INF Jun 03 09:12:41.395199 "
TVS_LINES = ["ipAddrStr (Phone) ,.,", "ipAddrStr (Phone)", "Certificate compare return = -1",
             "Certificate compare return = x",
             "Got a new ph conn", "Got a new ph conn 192.0.2.1", "Got a new ph conn 192.0.2.1 on x",
             "Got a new ph conn 192.0.2.1 on 5", "Session ciphers -", "Session ciphers - AES", "SAST Issuer Name CN=a",
             "MsgType : TVS_MSG_OTHER", "8:UNKNOWN:Incoming Phone Msg", "x Incoming Phone Msg", "8 Incoming Phone Msg",
             "HEX_DUMP:", "HEX_DUMP: Len", "HEX_DUMP: Len = x"]
PHONE_LINES = ["SSL/TLS handshake failed <192.0.2.1>", "SSL/TLS handshake failed [192.0.2.1]",
               "SSL/TLS handshake failed", "Certificate subject name = /CN=SEP00005E005300/O=x",
               "Certificate subject name = /O=x",
               "[src=ITLSEP00005E005300.tlv", "[src=SEP00005E00530Gx", "[src=SEP00", "[src=x", "TL file updated",
               "sent the certificate Authentication request to TVS server, bytes written : 5",
               "sent the TVS request to TVS server, bytes written : 5"]


def dump(*lines):
    return TVS + "HEX_DUMP: Len = 4:\n" + "".join(line + "\n" for line in lines)


def traces():
    yield "".join(TVS + line + "\n" for line in TVS_LINES) + "".join(PHONE + line + "\n" for line in PHONE_LINES)
    yield "12:00:00.001 | -->debug Incoming Phone Msg\n12:00:00.001 |<--debug x\n12:00:00.001| debug x\n"
    yield "12:00:00.001 debug\n12:00:00. | x\n12:00:00.x | y\n12-00:00.001 | z\n1x:00:00.001| z\n|\n"
    yield "3287: INF 09:12:41.395199 x\n3287 XXX y\n3287 INF\n3287 INF a b c d\n3287\n"
    yield dump("01 02", "12:00:00.001 | debug", "03 04", "12:00:00.001 | debug 05", "end") + TVS + "MsgType"
    yield dump(" ".join(["00"] * 40))
    yield dump("01 0", "02") + dump("01 xx") + dump("01 0x")
    yield dump(*["00 01"] * 8300)
    yield dump()


# ---- findings as text ----

UTF8 = [b"\xe0\x80\x80", b"\xe0\xa0\x80", b"\xed\xa0\x80", b"\xed\x80\x80",
        b"\xf0\x80\x80\x80", b"\xf0\x90\x80\x80",
        b"\xf4\x90\x80\x80",
        b"\xf4\x80\x80\x80", b"\xf1\x80\x80\x80", b"\xc2\x80", b"\xc2\xa0", b"\xc3\x80", b"\xd8\x9c",
        b"\xd8\xa7", b"\xe2\x80\x8d", b"\xe2\x80\x8e", b"\xe2\x80\x8f", b"\xe2\x80\xa7",
        b"\xe2\x80\xa8", b"\xe2\x80\xaf", b"\xe2\x81\xa5", b"\xe2\x81\xa6", b"\xe2\x81\xaa", b"\xe2\x82\xac", b"\xe2",
        b"\xe3\x80\x80", b"\xc3x", b"\xff", b"|\x7f\n"]


def texts(ids):
    """Each finding with dates, numbers and names that are there, are missing, and are none."""
    numbers = [b"N", b"\1" + b"\0" * 7, b"\1" + b"\0" * 6 + b"\x20", b"\1" + b"\xff" * 7, b"\1\0\0\0\x68\0\0\0",
               b"\1\x7f" + b"\xff" * 6]
    for number in range(ids):
        for record in (0, 1):
            expected, found = numbers[(number + record) % 6], numbers[(number // 6 + record) % 6]
            yield number.to_bytes(2, "big") + bytes((2, 0, record, 0, 4)) + expected + found + b"\1\1a|\x80b"
        one_day = b"\1\0\0\0\0\0\x0a\x8c"                    # 86400 s: each counts 32
        yield number.to_bytes(2, "big") + bytes((2, 0, 0, 0, 4)) + numbers[1] + one_day + b"\1\1a"
    for text in UTF8:                                        # the first byte is how much room there is
        yield b"\xc8" + text
    for moment in numbers:                                   # the front is also a moment and another
        yield moment + numbers[1]
        yield moment + numbers[3]
    yield b"\0\1\0\0"                                     # no room
    yield b"\0\1\0\1\0"


# ---- certificates ----

def der(tag, *content):
    body = b"".join(content)
    size = bytes((len(body),)) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
    return bytes((tag,)) + size + body


RSA = der(0x30, bytes.fromhex("06092a864886f70d010101"), b"\5\0")
UNKNOWN = der(0x30, b"\6\3\x2a\3\4")
RSA_KEY = der(0x30, RSA, der(3, b"\0", der(0x30, der(2, b"\0" + b"\xc1" * 64), b"\2\3\1\0\1")))
COMMON_NAME = b"\6\3\x55\4\3"
DAYS = (b"260101000000Z", b"270101000000Z")


def name(*parts):
    return der(0x30, *(der(0x31, der(0x30, oid, value)) for oid, value in parts))


def common(text):
    return name((COMMON_NAME, der(12, text)))


def certificate(serial=b"\5", issuer=common(b"ca"), subject=common(b"pub"), days=DAYS, key=RSA_KEY, version=True):
    tbs = der(0x30, b"\xa0\3\2\1\2" if version else b"", der(2, serial), RSA, issuer,
              der(0x30, *(der(23, day) for day in days)), subject, key)
    return der(0x30, tbs, RSA, der(3, b"\0\1"))


def certificates():
    yield certificate()
    yield certificate(version=False)
    yield certificate() + b"\0"
    for serial in (b"\0", b"\0\x80", b"\xff\0", b"\x80", b"\x7f" * 80):
        yield certificate(serial)
    for subject in (name(), common(b"a\0b"), common(b"x" * 3000), name((COMMON_NAME, der(30, b"odd"))),
                    name((b"\6\3\x2a\3\4", der(12, b"x")), (b"\6\3\x55\4\4", der(12, b"known"))),
                    name(*[(COMMON_NAME, der(12, b"y" * 200))] * 10)):
        yield certificate(subject=subject)
    yield certificate(days=(b"never", b"261301000000Z"))
    yield certificate(days=(b"500101000000Z", b"491231235959Z"))
    for key in (der(0x30, UNKNOWN, der(3, b"\0\1")), der(0x30, RSA, der(3, b"\0\1")), der(0x30, RSA, der(3, b"\0")),
                der(0x30, der(0x30, b"\6\3\x2b\x65\x70"), der(3, b"\0" + b"\7" * 32))):
        yield certificate(key=key)
    number, exponent = der(2, b"\0" + b"\xc1" * 64), b"\2\3\1\0\1"
    # RSA keys: none, half of one, negative, longer than it says, with zeros before it, without bytes, something behind it,
    # without an end, by the name that X.509 had for RSA, and of another algorithm's parameters.
    for numbers in (b"", number, der(2, b"\xc1" * 64) + exponent, number + exponent + exponent,
                    der(2, b"\0" * 3 + b"\xc1" * 64) + exponent, b"\2\0" + exponent):
        yield certificate(key=der(0x30, RSA, der(3, b"\0", der(0x30, numbers))))
    yield certificate(key=der(0x30, RSA, der(3, b"\0", der(0x30, number, exponent), b"\5\0")))
    yield certificate(key=der(0x30, RSA, der(3, b"\7", der(0x30, number, exponent))))
    yield certificate(key=der(0x30, RSA, der(3, b"\0", b"\x30\x80", number, exponent, b"\0\0")))
    yield certificate(key=b"\x30\x80" + RSA_KEY[2:] + b"\0\0")
    yield certificate(key=der(0x30, der(0x30, b"\6\4\x55\x08\1\1", b"\5\0"), der(3, b"\0", der(0x30, number, exponent))))
    yield certificate(key=der(0x30, der(0x30, RSA[2:13], COMMON_NAME), der(3, b"\0", der(0x30, number, exponent))))
    whole = certificate()
    yield b"\x30\x80" + whole[2 + (whole[1] & 0x7f):] + b"\0\0"
    yield pem("CERTIFICATE", b"none")
    for size in range(0, 60):
        yield whole[:size]
    subject = whole.index(common(b"pub"))
    # Another tag where the issuer, the dates or the subject are looked for.
    for at in (0, 4, 8, 9, 13, 16, 31, subject - 32, subject, subject + 2):
        yield whole[:at] + b"\x04" + whole[at + 1:]
    for length in (b"\x80", b"\x85\0\0\0\0\1", b"\x84\0\0\0\1", b"\x84\0\0", b"\x81"):
        yield b"\x30" + length + whole[4:]


# ---- PKCS#12 ----

PKCS = bytes.fromhex("2a864886f70d01")
DATA, ENCRYPTED = der(6, PKCS + b"\7\1"), der(6, PKCS + b"\7\6")
SHA256 = der(0x30, bytes.fromhex("0609608648016503040201"), b"\5\0")
AES = der(0x30, bytes.fromhex("060960864801650304012a"), der(4, bytes(16)))
KEY, SHROUDED, CERTIFICATE, CRL, BAGS = (der(6, PKCS + b"\x0c\x0a\1" + bytes((kind,))) for kind in (1, 2, 3, 4, 6))
X509_BAG, SDSI_BAG = der(6, PKCS + b"\x09\x16\1"), der(6, PKCS + b"\x09\x16\2")


def integers(*numbers):
    return b"".join(der(2, number.to_bytes(number.bit_length() // 8 + 1, "big")) for number in numbers)


def bag(kind, *value):
    return der(0x30, kind, der(0xa0, *value))


def certificate_bag(body, kind=X509_BAG):
    return bag(CERTIFICATE, der(0x30, kind, der(0xa0, der(4, body))))


def data(*bags):
    return der(0x30, DATA, der(0xa0, der(4, der(0x30, *bags))))


def sealed(kdf, cipher=AES, body=b"\x80" + bytes((16,)) + bytes(16)):
    method = der(0x30, der(6, PKCS + b"\5\x0d"), der(0x30, kdf, cipher))
    return der(0x30, ENCRYPTED, der(0xa0, der(0x30, integers(0), der(0x30, DATA, method, body))))


def scrypt(*numbers):
    return der(0x30, bytes.fromhex("06092b06010401da47040b"), der(0x30, der(4, b"salt"), integers(*numbers)))


def pbkdf2(*numbers):
    return der(0x30, der(6, PKCS + b"\5\x0c"), der(0x30, der(4, b"salt"), integers(*numbers)))


def container(*parts, mac=b""):
    return b"\0" + der(0x30, integers(3), der(0x30, DATA, der(0xa0, der(4, der(0x30, *parts)))), mac)


def mac(algorithm=SHA256, count=integers(100)):
    return der(0x30, der(0x30, algorithm, der(4, bytes(32))), der(4, b"salt"), count)


def containers():
    one = certificate_bag(certificate())
    yield container(data(one))
    yield container(data(one, bag(KEY, b"\5\0"), bag(SHROUDED, b"\5\0"), bag(CRL, b"\5\0"), certificate_bag(b"x"),
                         certificate_bag(b"x", SDSI_BAG)))
    nest = one
    for depth in range(40):
        nest = bag(BAGS, der(0x30, nest))
        if depth in (0, 5, 8, 16, 39):
            yield container(data(nest))
    yield container(data(*[one] * 40))
    yield container(data(certificate_bag(b"x"), *[one] * 2))
    yield container(der(0x30, DATA)) + b"x"
    yield container(der(0x30, DATA), der(0x30, ENCRYPTED), der(0x30, der(6, PKCS + b"\7\3")))
    for kdf in (scrypt(16, 1, 1), scrypt(16, 0, 1), scrypt(1 << 30, 8, 1), scrypt(1 << 62, 1 << 20, 1 << 20),
                pbkdf2(100), pbkdf2(100, 16), pbkdf2(100, 65), pbkdf2(0), pbkdf2(5000), pbkdf2(1 << 60),
                pbkdf2(1 << 70),
                UNKNOWN, der(0x30, bytes.fromhex("06092b06010401da47040b"), b"\5\0"),
                der(0x30, der(6, PKCS + b"\5\x0c"), b"\5\0")):
        yield container(sealed(kdf))
        yield container(data(one), mac=mac(der(0x30, der(6, PKCS + b"\5\x0e"), der(0x30, kdf, SHA256))))
    yield container(*[sealed(pbkdf2(4000))] * 3)
    yield container(sealed(pbkdf2(100), UNKNOWN))
    yield container(sealed(pbkdf2(100), body=b""))
    yield container(data(one), mac=mac())
    yield container(data(one), mac=mac(count=b""))
    yield container(data(one), mac=mac(UNKNOWN))
    yield container(data(one), mac=mac(count=integers(1 << 70)))
    yield container(data(one), mac=mac(der(0x30, der(6, PKCS + b"\5\x0e"), b"\5\0")))
    for method in (b"\x0c\1\3", b"\x0c\1\6", b"\5\3", b"\x0c\1\1", b"\5\x0d"):
        for params in (der(0x30, der(4, bytes(8)), integers(100)), b"\5\0"):
            cipher = der(0x30, der(6, PKCS + method), params)
            content = der(0x30, DATA, cipher, b"\x80\x08" + bytes(8))
            yield container(der(0x30, ENCRYPTED, der(0xa0, der(0x30, integers(0), content))))
    yield b"\0\x30\3\2\1\4"
    yield b"\0\x30\x80\2\1\3"
    yield b"\0\x31\3\2\1\3"
    yield b"\0\x30"


# ---- PEM ----

def pem(name, body=b"0\0", head=""):
    text = base64.b64encode(body).decode()
    lines = "".join(text[at:at + 64] + "\n" for at in range(0, len(text), 64))
    return f"-----BEGIN {name}-----\n{head}{lines}-----END {name}-----\n"


def pems():
    names = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PKCS7", "PKCS #7 SIGNED DATA", "CMS",
             "PRIVATE KEY", "RSA PRIVATE KEY", "KEY", "CERTIFICATE REQUEST", "X509 CRL"]
    yield "".join(pem(name) for name in names)
    yield "text\n" + pem("CERTIFICATE") + "-----BEGIN CERTIFICATE-----\n" + pem("PKCS7")
    yield b"\x30\x82\0\0"
    yield b"\x30"
    yield b"\x30\x01\0"
    yield b""


def encrypted(der):
    """A certificate in a block that says that it is encrypted: nobody is to be asked for a password."""
    head = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
    return pem("CERTIFICATE", der + b"\0" * (16 - len(der) % 16), head)
