# SPDX-License-Identifier: GPL-2.0-or-later
# Writes a pair of clusters into a folder: what each node serves, certificates, stores, the phone, inventories, manifest.json.
# It must not decide what a file holds (cluster.py, shapes.py); only where it goes.
import json
from pathlib import Path
import shutil

from . import inventory, manifest, tvswire
from .certs import key_pem
from .cluster import PHONE_ADDRESS, PHONE_MODEL
from .shapes import write_shapes


def kind_of(name):
    if name.endswith(".sgn"):
        return "signed file"
    return "CTL" if name.startswith("CTL") else "ITL"


def write_served(folder, cluster, node, root, mac):
    """One node's TFTP folder; returns manifest entries."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for name, made in cluster.tftp_files(node, mac).items():
        data = made.encode()
        (folder / name).write_bytes(data)
        kind = kind_of(name)
        # A signed file has no records: its signer stands in the lists, not in the file.
        status = "unverifiable" if kind == "signed file" else "valid"
        entries.append(manifest.trust_list((folder / name).relative_to(root), made, data, kind, status,
                                           cluster=cluster.name, node=node.name, address=node.address))
    return entries


def write_stores(folder, cluster, node):
    entries = []
    for store, certificates in cluster.stores(node).items():
        (folder / store).mkdir(parents=True, exist_ok=True)
        for name, made in certificates.items():
            (folder / store / f"{name}.pem").write_bytes(made.pem)
            entries.append({"cluster": cluster.name, "node": node.name, "store": store, "file": f"{name}.pem",
                            "sha1": made.sha1})
    return entries


def write_cluster(folder, cluster, root, mac):
    lists, stores = [], []
    for made in cluster.certificates.values():
        made.write(folder / "certs")
    for node in cluster.nodes:
        lists += write_served(folder / "nodes" / node.name / "tftp", cluster, node, root, mac)
        stores += write_stores(folder / "stores" / node.name, cluster, node)
    return lists, stores


def write_phone(folder, pair):
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in pair.phone.items():
        made.write(folder)
        (folder / f"{name}-with-key.pem").write_bytes(made.pem + key_pem(made.private_key))
    pair.manufacturing.write(folder)
    (folder / "mac").write_text(pair.mac + "\n")
    (folder / "device").write_text(f"CP-{PHONE_MODEL}-SEP{pair.mac}\n")


def write_messages(folder, pair):
    """TVS messages as files: the published exchange in every numbering, and one of each type between our clusters."""
    folder.mkdir(parents=True, exist_ok=True)
    signer = pair.destination.certificates["itlrecovery"]
    device = f"CP-{PHONE_MODEL}-SEP{pair.mac}"
    made = {f"published-request-{issuer}{serial}.bin": tvswire.published_request((issuer, serial))
            for issuer, serial in tvswire.ISSUER_SERIAL_TAGS}
    made["published-response.bin"] = tvswire.published_response(pair.source.maker)
    made["verify-request.bin"] = tvswire.verify_request(device, signer.der)
    made["verify-response.bin"] = tvswire.response(tvswire.VERIFY_RESPONSE, 1001, 0, roles=(0, 3))
    made["query-request.bin"] = tvswire.query_request(device, signer.subject_text, signer.issuer_text,
                                                      signer.serial_bytes)
    made["query-response.bin"] = tvswire.response(tvswire.QUERY_RESPONSE, 1001, 0, (signer.der,), (0, 3))
    made["query-response-two.bin"] = tvswire.response(tvswire.QUERY_RESPONSE, 1001, 0,
                                                      (signer.der, pair.phone["lsc"].der), (0, 3))
    made["query-not-found.bin"] = tvswire.response(tvswire.QUERY_RESPONSE, 1001, 1, ttl=None)
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [{"path": f"{folder.name}/{name}", "size": len(data), "type": data[2]} for name, data in made.items()]


def describe(pair):
    found = {"now": pair.source.maker.now, "phone": {"mac": pair.mac, "address": PHONE_ADDRESS,
             "device": f"CP-{PHONE_MODEL}-SEP{pair.mac}"}, "clusters": {}, "certificates": {}}
    for cluster in pair.clusters:
        found["clusters"][cluster.name] = {
            "mixed": cluster.mixed, "like": "11.5" if cluster.old else "14",
            "nodes": [{"name": node.name, "host": node.host, "address": node.address} for node in cluster.nodes]}
        found["certificates"][cluster.name] = {name: manifest.certificate(made)
                                               for name, made in cluster.certificates.items()}
    found["certificates"]["phone"] = {name: manifest.certificate(made) for name, made in pair.phone.items()}
    return found


def write_pair(root, pair, shapes=True):
    """Everything under `root`; what an earlier run left there is removed first."""
    root = Path(root)
    for name in ("source", "destination", "phone", "shapes", "tvs"):
        shutil.rmtree(root / name, ignore_errors=True)
    found = describe(pair)
    found["lists"], found["stores"] = [], []
    for cluster in pair.clusters:
        lists, stores = write_cluster(root / cluster.name, cluster, root, pair.mac)
        found["lists"] += lists
        found["stores"] += stores
    write_phone(root / "phone", pair)
    inventory.write_both(root, pair)
    if shapes:
        found["messages"] = write_messages(root / "tvs", pair)
        found["lists"] += write_shapes(root / "shapes", root, pair.source.maker)
    (root / "manifest.json").write_text(json.dumps(found, indent=1) + "\n")
    return found
