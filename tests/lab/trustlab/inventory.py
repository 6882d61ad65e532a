# SPDX-License-Identifier: GPL-2.0-or-later
# Inventories for check_ucm_consistency: which clusters and nodes there are, as its administrators would write them down.
# Entries are plain dicts, so that tests can change a port, an address or a key, or leave a node out, before render().
# It must not know what a check says about them.
PORTS = ("http_port", "tftp_port", "tvs_port", "tomcat_port")


def version_of(cluster):
    return "11.5" if cluster.old else "14.0"


def _cluster(cluster, node_keys):
    """{"keys": of the cluster, "nodes": {name: keys}}."""
    keys = {"version": version_of(cluster), "mode": "mixed" if cluster.mixed else "non-secure",
            "cm_group": ", ".join(node.name for node in cluster.nodes)}
    return {"keys": keys, "nodes": {node.name: node_keys(node) for node in cluster.nodes}}


def live(pair):
    """Addresses alone: everything is fetched and asked."""
    return {cluster.name: _cluster(cluster, lambda node: {"address": node.address}) for cluster in pair.clusters}


def offline(pair):
    """Files alone, relative to the folder that layout.write_pair() wrote: nobody is asked."""
    def keys_in(cluster):
        def keys(node):
            files = f"{cluster.name}/nodes/{node.name}/tftp"
            found = {"itl": f"{files}/ITLFile.tlv"}
            if cluster.mixed:
                found["ctl"] = f"{files}/CTLFile.tlv"
            return found | {"tvs_certificate": f"{cluster.name}/certs/tvs-{node.name}.pem",
                            "tomcat": f"{cluster.name}/certs/tomcat-{node.name}.pem"}
        return keys
    return {cluster.name: _cluster(cluster, keys_in(cluster)) for cluster in pair.clusters}


def _section(head, keys):
    return f"[{head}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items() if value is not None) + "\n"


def render(entries):
    """The file's text. A key whose value is None is left out."""
    text = ""
    for name, cluster in entries.items():
        text += _section(f"cluster {name}", cluster["keys"])
        text += "".join(_section(f"node {name}/{node}", keys) for node, keys in cluster["nodes"].items())
    return text


def write(path, entries, comment=""):
    path.write_text(("# " + comment + "\n\n" if comment else "") + render(entries))
    return path


def write_both(root, pair):
    """inventory.ini for the lab's networks (`lab live`), offline.ini for the files alone."""
    write(root / "inventory.ini", live(pair), "The lab's clusters by address: lists are fetched, TVS is asked.")
    write(root / "offline.ini", offline(pair), "The lab's clusters as files: nobody is asked.")
