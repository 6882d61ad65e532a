# SPDX-License-Identifier: GPL-2.0-or-later
# What `show itl`, `show ctl` and `show cert list own|trust` print of a lab cluster, in the shape of the product.
# It must not look into the product's code, nor change what it prints: tests spoil the text by themselves.
# Facts: documents 118893 and 118892 (whole outputs of `show ctl`: A); `show cert list` by programs that read it (B).
import hashlib
import time

from .listreader import elements, read

IDENTITY_STORES = ("CallManager", "TVS", "CAPF", "tomcat", "ipsec", "ITLRecovery")
ROLES = {0: "System Administrator Security Token", 2: "CCM+TFTP", 3: "TFTP", 4: "CAPF", 21: "TVS"}
# The product's own spelling.
HEADER_NAMES = {3: "SIGNERID", 4: "SIGNERNAME", 5: "SERIALNUMBER", 6: "CANAME", 7: "SIGNATUREINFO",
                8: "DIGESTALGORTITHM", 9: "SIGNATUREALGOINFO", 10: "SIGNATUREALGORTITHM", 11: "SIGNATUREMODULUS",
                12: "SIGNATURE", 14: "FILENAME", 15: "TIMESTAMP"}
RECORD_NAMES = {1: "RECORDLENGTH", 2: "DNSNAME", 3: "SUBJECTNAME", 4: "FUNCTION", 5: "ISSUERNAME", 6: "SERIALNUMBER",
                7: "PUBLICKEY", 8: "SIGNATURE", 9: "CERTIFICATE", 10: "IPADDRESS"}
CONTAINERS = (3, 7, 9)
TABLE_HEAD = ["BYTEPOS\tTAG\t\tLENGTH\tVALUE", "-------\t---\t\t------\t-----"]


def row(tag, name, length, value=""):
    return f"{tag}\t{name}\t{length}\t{value}".rstrip()


def colons(data):
    return ":".join(f"{byte:02X}" for byte in data)


def text_of(value):
    return value.rstrip(b"\0").decode("latin-1")


def signature_rows(value):
    """Sixteen bytes a line, without leading zeros."""
    return ["\t\t" + "  ".join(f"{byte:x}".ljust(2) for byte in value[at:at + 16]).rstrip()
            for at in range(0, len(value), 16)]


def header_rows(tag, value):
    """The row of one element, and those of what is inside it."""
    name = HEADER_NAMES.get(tag)
    if name is None:
        return []
    if tag in CONTAINERS:
        lines = [row(tag, name, 2, len(value))]
        for _, inner, deep in elements(value, 0, len(value)):
            lines += header_rows(inner, deep)
        return lines
    if tag in (4, 6):
        return [row(tag, name, len(value), text_of(value))]
    if tag == 5:
        return [row(tag, name, len(value), colons(value))]
    return [row(tag, name, len(value))] + (signature_rows(value) if tag == 12 else [])


def record_row(tag, value):
    shown = {1: lambda: int.from_bytes(value, "big"), 2: lambda: text_of(value), 3: lambda: text_of(value),
             4: lambda: ROLES.get(int.from_bytes(value, "big"), int.from_bytes(value, "big")),
             5: lambda: text_of(value), 6: lambda: colons(value),
             9: lambda: " ".join(f"{byte:02X}" for byte in hashlib.sha1(value).digest()) + " (SHA1 Hash HEX)"}
    return row(tag, RECORD_NAMES.get(tag, "UNKNOWN"), len(value), shown.get(tag, str)())


def record_lines(kind, found, record):
    lines = [f"{kind} Record #:{record.index}", "\t\t----"] + TABLE_HEAD
    lines += [record_row(tag, value)
              for _, tag, value in elements(found.data, record.offset, record.offset + record.length)]
    if record.role == 0:
        signed = (record.serial, record.issuer) == (found.signer_serial, found.signer_issuer)
        lines.append(f"This etoken was {'' if signed else 'not '}used to sign the {kind} file.")
    return lines + [""]


def show_list(data, kind, zone="UTC", prompt="admin:"):
    """What the node prints of a file with these bytes; `kind` is ITL or CTL."""
    found = read(data)
    written = time.strftime(f"%a %b %d %H:%M:%S {zone} %Y", time.gmtime(found.timestamp or 0))
    lines = [f"{prompt}show {kind.lower()}", f"The checksum value of the {kind} file:",
             f"{hashlib.md5(data).hexdigest()}(MD5)", f"{hashlib.sha1(data).hexdigest()}(SHA1)", "",
             f"Length of {kind} file: {len(data)}", f"The {kind} File was last modified on {written}", "",
             f"Parse {kind} File", "----------------", "", f"Version:\t{found.version[0]}.{found.version[1]}",
             f"HeaderLength:\t{found.header_length} (BYTES)", ""] + TABLE_HEAD
    for _, tag, value in elements(data, 0, found.header_length, bare=13):
        lines += header_rows(tag, value)
    lines.append("")
    for record in found.records:
        lines += record_lines(kind, found, record)
    lines += [f"The {kind} file was verified successfully.", "", prompt]
    return "\n".join(lines).expandtabs(8) + "\n"


def show_none(kind, prompt="admin:"):
    return (f"{prompt}show {kind.lower()}\nLength of {kind} file: 0\n{kind} File not found. Please run CTLClient plugin "
            f"or run the CLI - utils ctl.. to generate the {kind} file.\nError parsing the {kind} File.\n{prompt}\n")


def common_name(subject):
    return next((part[3:] for part in subject.split(";") if part.startswith("CN=")), subject)


def description(made, own):
    if made.issuer_text != made.subject_text:
        return f"Certificate Signed by {common_name(made.issuer_text)}"
    return "Self-signed certificate generated by system" if own else "Trust Certificate"


def show_certificates(stores, own, prompt="admin:"):
    """`stores` as Cluster.stores() gives them. A store of the node's own holds one, under the store's name."""
    lines = [f"{prompt}show cert list {'own' if own else 'trust'}", ""]
    for store, certificates in stores.items():
        for name, made in certificates.items():
            if (store in IDENTITY_STORES) == own:
                lines.append(f"{store}/{store if own else name}.pem: {description(made, own)}")
    return "\n".join(lines + [prompt]) + "\n"


def wrapped(text, width=80):
    """As a terminal of this width breaks it."""
    return "".join("\n".join(line[at:at + width] for at in range(0, max(len(line), 1), width)) + "\n"
                   for line in text.splitlines())
