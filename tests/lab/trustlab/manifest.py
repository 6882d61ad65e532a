# SPDX-License-Identifier: GPL-2.0-or-later
# Describes what was written, from the writer's own view, so that tests can compare a decoder with it.
# It must not read the files back: a description made by a reader would only say what the reader thinks.
import hashlib

from .trustlist import DIGEST_NAMES, PADDING_TAG, ROLE_NAMES


def certificate(made):
    return {"name": made.name, "subject": made.subject_text, "issuer": made.issuer_text, "serial": made.serial_hex,
            "sha1": made.sha1, "sha256": made.sha256, "key": made.key_text, "not_before": made.not_before,
            "not_after": made.not_after}


def record(index, made):
    found = {"index": index, "length": len(made.encode()), "role_number": made.role,
             "role": ROLE_NAMES.get(made.role, str(made.role)), "dns": made.dns, "ip": made.address,
             "has_certificate": made.certificate is not None}
    if made.source is not None and made.certificate is not None:
        found.update({key: value for key, value in certificate(made.source).items() if key != "name"})
        found["certificate"] = made.source.name
    if made.certificate is not None:
        found["sha1"] = hashlib.sha1(made.certificate).hexdigest()
    # What the record itself says wins: it may differ from its certificate on purpose.
    found.update({key: value for key, value in (("subject", made.subject), ("issuer", made.issuer))
                  if value is not None})
    if made.serial is not None:
        found["serial"] = made.serial.hex().upper()
    return found


def trust_list(path, made, data, kind, signature="valid", **more):
    """`signature`: what a correct verifier must find (valid, invalid, unverifiable)."""
    signer = made.signer
    index = next((number for number, one in enumerate(made.records, 1)
                  if one.certificate is not None and one.source is signer), None)
    found = {"path": str(path), "kind": kind, "size": len(data), "sha1": hashlib.sha1(data).hexdigest(),
             "md5": hashlib.md5(data).hexdigest(), "filename": made.filename, "version": list(made.version),
             "signer_version": list(made.signer_version) if made.signer_version else None,
             "header_length": header_length(made), "timestamp": made.timestamp, "digest_number": made.digest,
             "digest": DIGEST_NAMES.get(made.digest, str(made.digest)),
             "padding": padding_length(made), "signature": signature, "signature_record": index,
             "signer": {"name": made.signer_name or signer.subject_text,
                        "issuer": made.signer_issuer or signer.issuer_text,
                        "serial": (made.signer_serial or signer.serial_bytes).hex().upper(),
                        "certificate": signer.name, "sha1": signer.sha1},
             "records": [record(number, one) for number, one in enumerate(made.records, 1)]}
    found.update(more)
    return found


def header_length(made):
    pieces, order = made.pieces(bytes(made.signature_length))
    return sum(len(pieces[tag]) for tag in order)


def padding_length(made):
    pieces, _ = made.pieces(bytes(made.signature_length))
    return len(pieces[PADDING_TAG])
