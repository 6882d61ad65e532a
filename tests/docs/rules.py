# SPDX-License-Identifier: GPL-2.0-or-later
# What is done with each command of the documents, word for word as a document has it, and with what is no command.
# Whoever adds a command to a document adds it here; what no document says any more must go. See tests/docs/run.
from dataclasses import dataclass


@dataclass
class Rule:
    """A command is run, must end with this code, and its standard output must match this expression somewhere."""
    sees: str = ""
    code: int = 0
    instead: tuple = ()     # these commands are run for a synopsis; they must use every option that it names
    early: bool = False     # before everything else, because a document says further up "see below"
    alone: bool = False     # it changes what others see; others run side by side


GONE_WELL = r"^OK - "
TVS_SERVER = "$UCMTRUST_BUILD/tests/lab/ucmtrust-tvs-server"

# ---- executed here ----

COMMANDS = {
    # README: try it, Wireshark
    "tests/demo": Rule(r"(?s)Signature: valid.*\(exit 0\).*What is due", alone=True),
    "cmake -S . -B build && cmake --build build && sudo cmake --install build --component dissector":
        Rule(r"Installing: \S+/plugins/\S+/ucmtrust\.so", alone=True),
    "tshark -G plugins | grep ucmtrust": Rule(r"^ucmtrust\.so\s.*/ucmtrust\.so$"),
    "man ucmtrust": Rule("tvs.tls.port"),
    "man -l dissector/doc/ucmtrust.7": Rule("tvs.tls.port"),
    'wireshark -C "UCM trust" pcaps/migration-secure.pcapng': Rule("TVS"),
    'wireshark -C "UCM trust" capture.pcapng': Rule("TVS-STATUS|NOT FOUND"),
    "tshark -2 -r capture.pcapng -Y 'tvs || ciscotl'": Rule("NOT FOUND"),
    "tshark -r ITLFile.tlv -V": Rule(r"\[Signature: valid"),
    "tshark -q -z ucmtrust,phones -r capture.pcapng": Rule("SEP00005E005332"),
    'mkdir -p ~/.config/wireshark/profiles && cp -r "dissector/profile/UCM trust" ~/.config/wireshark/profiles/':
        Rule(),
    "check_ucm_tvs -H old-pub --trustlist http://old-pub:6970/ITLFile.tlv --signer-of http://new-pub:6970/ITLFile.tlv":
        Rule(GONE_WELL + "1 TVS node vouches"),
    # README: the checks
    "sudo cmake --install build --component checks --prefix /usr":
        Rule("Installing: /usr/lib/nagios/plugins/check_ucm_tvs", alone=True),
    "check_ucm_trustlist -H cucm-pub -H cucm-sub": Rule(GONE_WELL + "4 lists valid"),
    "check_ucm_tvs -H cucm-pub -H cucm-sub --trustlist http://cucm-pub:6970/ITLFile.tlv":
        Rule(GONE_WELL + "2 TVS nodes vouch"),
    "check_ucm_trustlist -H cucm-pub --state /var/lib/ucmtrust --tvs cucm-pub --tvs cucm-sub -v":
        Rule(GONE_WELL + "2 lists valid", alone=True),
    "check_ucm_truststore --dir /srv/brisbane": Rule(GONE_WELL),
    "check_ucm_truststore --dir /srv/brisbane --expect-from dir:/srv/sydney --emcc": Rule(GONE_WELL),
    "check_ucm_truststore --axl https://cucm-pub --axl-credentials axl.secret --axl-pin tomcat.pem --tvs cucm-pub":
        Rule(GONE_WELL),
    "check_ucm_truststore --pkcs12 sftp://nagios@backup/bulk/ --ssh-key id_ed25519 --known-hosts known_hosts "
    "--password-file bulk.secret": Rule(GONE_WELL),
    "check_ucm_trustlist -v -H cucm-pub --compare-with ticket-1234.txt": Rule(GONE_WELL),
    "check_ucm_truststore --text certs.txt --text-node cucm-pub": Rule(r"^UNKNOWN - .*\[ST-DATES-UNSEEN\]", code=3),
    "check_ucm_tvs -v --trace tvs_00000012.txt --trace console.log": Rule(r"^CRITICAL - .*\[TVS-STATUS\]", code=2),
    "check_ucm_truststore --plan -i clusters.ini --cluster brisbane": Rule(GONE_WELL),
    "check_ucm_truststore --plan -i clusters.ini --cluster brisbane --dir /srv/brisbane": Rule(GONE_WELL),
    "check_ucm_consistency -i clusters.ini": Rule(GONE_WELL + "2 clusters, 3 of 3 nodes seen"),
    "check_ucm_consistency -i clusters.ini --from brisbane --to sydney": Rule(GONE_WELL),
    "check_ucm_consistency -i clusters.ini --all-pairs -t 60 --html /srv/www/trust.html": Rule(GONE_WELL),
    "PATH=$PATH:/usr/lib/nagios/plugins": Rule(alone=True),
    "check_ucm_consistency -i region.ini --all-pairs -v": Rule("^CRITICAL - ", code=2),
    # README: engines and packages
    "apt install ./ucmtrust-nagios_*.deb": Rule("Setting up ucmtrust-nagios", alone=True),
    "/usr/lib/nagios/plugins/check_ucm_consistency -i /etc/ucmtrust/clusters.ini -v": Rule(GONE_WELL),
    "apt install icinga2 monitoring-plugins-basic": Rule(r"(?s)Package: icinga2\b.*Package: monitoring-plugins-basic"),
    "apt install nagios4": Rule("Package: nagios4"),
    "icinga2 daemon -C && systemctl reload icinga2":
        Rule(r"(?s)(?=.*\b18 Services)(?=.*\b3 Hosts)(?=.*\b3 Dependencies)"),
    "cp /etc/ucmtrust/nagios.cfg /etc/nagios4/conf.d/ucmtrust.cfg": Rule(alone=True),
    "editor /etc/nagios4/conf.d/ucmtrust.cfg": Rule(alone=True),
    "nagios4 -v /etc/nagios4/nagios.cfg && systemctl restart nagios4": Rule("Total Errors: +0"),
    "apt install icinga2 monitoring-plugins-basic ./ucmtrust-nagios_*.deb":
        Rule("ucmtrust-nagios", alone=True),
    "cmake -S . -B build && cmake --build build && (cd build && cpack -G DEB)":
        Rule("ucmtrust-nagios_.*deb generated", early=True, alone=True),
    "sudo apt install ./build/ucmtrust-nagios_*.deb": Rule("Setting up ucmtrust-nagios", alone=True),
    "man check_ucm_tvs": Rule("--signer-of"),
    "man ucmtrust-findings": Rule("TVS-ROLE"),
    "dpkg -s ucmtrust-nagios": Rule("^Maintainer: .+@"),
    "tests/hardened FILE": Rule(instead=("tests/hardened $UCMTRUST_BUILD/nagios/check_ucm_tvs",)),
    "tests/bench/run programs": Rule(instead=("tests/bench/run --help | grep programs",)),
}

# pcaps/README.md, where the outputs are shown
COMMANDS |= {
    "tshark -2 -r pcaps/tvs-tls12.pcapng -Y tvs -T fields -e frame.number -e tvs.type -e tvs.session -e tvs.device "
    "-e tvs.subject -e tvs.serial -e tvs.status -e tvs.role -e tvs.ttl -e tvs.response_to": Rule(),
    "tshark -2 -r pcaps/tvs-plain.pcapng -Y tvs -V": Rule(),
    "tshark -2 -o tftp.defragment:TRUE -r pcaps/itl-tftp.pcapng -Y ciscotl -T fields -e ciscotl.kind -e ciscotl.digest "
    "-e ciscotl.signature.status -e ciscotl.signature.record -e ciscotl.record.role -e ciscotl.record.subject": Rule(),
    "tshark -r pcaps/ctl-http.pcapng -Y ciscotl -T fields -e ciscotl.kind -e ciscotl.signature.status "
    "-e ciscotl.record.role": Rule(),
    "tshark -r pcaps/itl-destination.tlv -T fields -e ciscotl.kind -e ciscotl.signature.status -e ciscotl.record.role":
        Rule(),
    "tshark -2 -r pcaps/config-https.pcapng -Y ciscotl -T fields -e frame.number -e tcp.srcport -e ciscotl.kind "
    "-e ciscotl.fetched_as -e ciscotl.signature.status -e ciscotl.signature.anchor": Rule(),
    "tshark -2 -o tftp.defragment:TRUE -r pcaps/migration-secure.pcapng -Y "
    '"dhcp || http || tftp || tvs || tls.alert_message"': Rule(),
    'tshark -r pcaps/migration-fails.pcapng -Y "tvs.status != 0" -T fields -e frame.number -e ip.src -e tvs.session':
        Rule(),
    'tshark -r pcaps/tvs-refused.pcapng -Y "tcp.port == 2445 && tls.alert_message" -T fields -e frame.number -e ip.dst '
    "-e tls.alert_message.desc -e ucmtrust.finding -e tvs.server.subject": Rule(),
    "tshark -q -r pcaps/migration-fails.pcapng -z ucmtrust,phones": Rule(),
    'tshark -r pcaps/tvs-tls13.pcapng -d tls.port==2445,data -Y "tcp.port == 2445 && data" -T fields -e data.data':
        Rule("(?m)^5701"),
}

# Manual pages
COMMANDS |= {
    'tshark -2 -r migration.pcapng -Y "tvs || ciscotl"': Rule("NOT FOUND"),
    "tshark -2 -r migration.pcapng -T fields -e frame.number -e ip.src -e ucmtrust.finding -e ucmtrust.finding.remedy "
    "-Y 'ucmtrust.finding.severity == \"error\"'": Rule(r"^\d+\t192\.0\.2\.11\tTVS-STATUS\t\w"),
    "tshark -r ITLFile.tlv -T fields -e ciscotl.signer.name -e ciscotl.signature.status -e ciscotl.record.subject "
    "-e ciscotl.record.not_after": Rule(r"\tvalid\tCN=.*\t.*20\d\d"),
    "tshark -r decrypted.pcapng -d tcp.port==12445,tvs -Y tvs": Rule("TVS"),
    "check_ucm_consistency -i clusters.ini --cluster brisbane": Rule(GONE_WELL + "1 cluster, 2 of 2 nodes seen"),
    "check_ucm_consistency -i clusters.ini --from brisbane --to sydney -v": Rule(GONE_WELL),
    "check_ucm_consistency -i clusters.ini --all-pairs -t 60 --html /srv/trust.html": Rule(GONE_WELL),
    "check_ucm_trustlist -H cucm-pub -H cucm-sub --mixed-mode": Rule(GONE_WELL + "4 lists valid"),
    "check_ucm_trustlist -H cucm-pub -H cucm-sub --state /var/lib/ucmtrust --tvs cucm-pub --tvs cucm-sub":
        Rule(GONE_WELL + "4 lists valid"),
    "check_ucm_trustlist -H cucm-pub --itl -w 90: -c 30: --ignore TL-DIGEST-SHA1": Rule("1 list valid.*ignored"),
    "check_ucm_trustlist -v -f ITLFile.tlv -f CTLFile.tlv": Rule(GONE_WELL + "2 lists valid"),
    "check_ucm_trustlist -u tftp://192.0.2.11/ITLFile.tlv --output json": Rule('"state": ?"OK"'),
    "check_ucm_truststore --dir /srv/brisbane -v": Rule(GONE_WELL),
    "check_ucm_truststore --dir /srv/brisbane --expect-from dir:/srv/sydney": Rule(GONE_WELL),
    "check_ucm_truststore --pkcs12 sftp://nagios@backup/bulk/ --ssh-key KEY --known-hosts known_hosts "
    "--password-file bulk.password": Rule(GONE_WELL),
    "check_ucm_truststore --axl https://cucm-pub --axl-credentials axl.password --axl-pin tomcat.pem": Rule(GONE_WELL),
    "check_ucm_tvs -H cucm-pub -H cucm-sub --trustlist ITLFile.tlv": Rule(GONE_WELL + "2 TVS nodes vouch"),
    "check_ucm_tvs -H cucm-pub --pin tvs.pem --certificate ccm.pem -w 1 -c 5": Rule("TVS node vouches"),
    "check_ucm_tvs -v --trace SDL_tvs_00000012.txt --trace console.log": Rule(r"^CRITICAL - .*\[TVS-STATUS\]", code=2),
    "check_ucm_consistency --help": Rule("cm_group", code=3),
    "openssl x509": Rule(instead=("openssl x509 -in tvs.pem -noout",)),
    "openssl pkcs7 -print_certs": Rule("BEGIN CERTIFICATE", instead=(
        "openssl crl2pkcs7 -nocrl -certfile tvs.pem | openssl pkcs7 -print_certs",)),
}

# tests/lab/README.md: synopses
COMMANDS |= {
    "tests/lab/lab make DIR [--now EPOCH] [--nonsecure] [--no-import] [--not-before E] [--not-after E] "
    "[--renew source/callmanager-pub]… [--dates source/tvs-pub=-400:+30]…": Rule("lists", instead=(
        "tests/lab/lab make $SCRATCH/one --now 1767225600 --nonsecure --no-import --not-before 1577836800 "
        "--not-after 2524607999",
        "tests/lab/lab make $SCRATCH/two --renew source/callmanager-pub --dates source/tvs-pub=-400:+30")),
    "tests/lab/lab craft --list | NAME OUT | all DIR": Rule(instead=(
        "tests/lab/lab craft --list", "tests/lab/lab craft forty-small-records $SCRATCH/crafted.tlv")),
    "tests/lab/lab stores --list | NAME DIR": Rule("^check_ucm_truststore ", instead=(
        "tests/lab/lab stores --list", "tests/lab/lab stores clean $SCRATCH/stores")),
    "tests/lab/lab migrate [SCENARIO] [--dir DIR] [--server PROGRAM] [--capture FILE.pcapng]": Rule(
        "as expected", instead=(
            "tests/lab/lab migrate",
            "tests/lab/lab migrate migration-secure --dir $SCRATCH/migrated --server "
            "$UCMTRUST_BUILD/tests/lab/ucmtrust-tvs-server --capture $SCRATCH/migrated.pcapng")),
    "tests/lab/lab show DIR source|destination NODE itl|ctl|certs": Rule("Number of entries|records|CN=", instead=(
        "tests/lab/lab show $LAB destination sub2 itl",)),
    "tests/lab/lab trace DIR [--console]": Rule(instead=(
        "tests/lab/lab trace $LAB", "tests/lab/lab trace $LAB --console")),
    "tests/lab/lab live [--dir DIR] [--server PROGRAM] [--axl-password-file FILE] COMMAND…": Rule("ITLFile", instead=(
        f"tests/lab/lab live --dir $SCRATCH/live --server {TVS_SERVER} --axl-password-file axl.secret "
        "find $SCRATCH/live/source -name ITLFile.tlv",)),
    "tests/lab/lab plans DIR": Rule(instead=("tests/lab/lab plans $SCRATCH/plans",)),
    "tests/lab/record [OUTDIR] [--server PROGRAM] [--keep DIR] [--check]": Rule(instead=(
        "tests/lab/record --check",
        "tests/lab/record --help | grep -e --server",
        "tests/lab/record --help | grep -e --keep")),
    "tests/lab/lab axl DIR [CLUSTER] --password-file FILE [--without TABLE[.COLUMN]]… [--fault NAME [--at TABLE]]":
        Rule("^listening 127.0.0.1:", code=124, instead=(
            "timeout 5 tests/lab/lab axl $LAB destination --password-file axl.secret --without certificate.servername "
            "--fault silent-answer --at certificate",)),
    "tests/lab/selftest PROGRAM [-v] [TEST…]": Rule(instead=(
        "tests/lab/selftest $UCMTRUST_BUILD/tests/lab/ucmtrust-tvs-server Lists.test_published_sums -v",)),
    "cmake -S tests/lab -B BUILD && cmake --build BUILD": Rule("ucmtrust-tvs-server", instead=(
        "cmake -S tests/lab -B $SCRATCH/server && cmake --build $SCRATCH/server",)),
    "ucmtrust-tvs-server --listen 127.0.0.1:0 --store DIR/source/stores/pub --cert DIR/source/certs/tvs-pub.pem "
    "--key DIR/source/certs/tvs-pub.key [--fault NAME]": Rule("^listening 127.0.0.1:", code=124, instead=(
        f"timeout 2 {TVS_SERVER} --listen 127.0.0.1:0 --store $LAB/source/stores/pub "
        "--cert $LAB/source/certs/tvs-pub.pem --key $LAB/source/certs/tvs-pub.key --fault drip",)),
}

# common/doc/send-us-this.md and facts.md
COMMANDS |= {
    "check_ucm_trustlist -v -f pcaps/itl-destination.tlv": Rule(r"^(OK|WARNING|CRITICAL) - 1 list|ITLRECOVERY"),
    "strings -n 6 pcaps/itl-destination.tlv | sort -u": Rule("cucm-dst-pub"),
    "tshark -r pcaps/tvs-tls12.pcapng -q -z io,phs": Rule(r"tls +frames:"),
    "capinfos pcaps/tvs-tls12.pcapng": Rule("(?i)decryption secrets"),
    'tshark -r pcaps/tvs-tls12.pcapng -U "OSI layer 7" -w layer7.pcapng': Rule(alone=True),
    "tshark -r layer7.pcapng -Y tvs -w tvs.pcapng": Rule(alone=True),
    "editcap --discard-all-secrets --discard-capture-comment tvs.pcapng send-this.pcapng": Rule(alone=True),
    "tshark -r send-this.pcapng": Rule("TVS"),
    "tshark -r pcaps/itl-destination.tlv -T fields -e ciscotl.version -e ciscotl.signer_version -e ciscotl.header_length "
    "-e ciscotl.digest -e ciscotl.modulus -e ciscotl.padding -e ciscotl.signature.status -e ciscotl.signature.record "
    "-e ciscotl.element.tag -e ciscotl.element.length -e ciscotl.record.role -E separator=/t":
        Rule(r"^[^A-Za-z]*valid[^A-Za-z]*$"),
    "tshark -r pcaps/tvs-tls12.pcapng -Y tvs -T fields -e tvs.version -e tvs.type -e tvs.reserved -e tvs.status "
    "-e tvs.role -e tvs.ttl -e tvs.element.tag -e tvs.element.length -E separator=/t": Rule(r"^1\t3\t0"),
    r"printf '%s\n' 'CN=cucm-dst-pub.example' '10.1.2.3 cucm-dst-pub' >saved.txt": Rule(alone=True),
    r"sed -e 's/cucm-dst-pub\.example/node1.example.com/g' -e 's/cucm-dst-pub/node1/g' -e 's/10\.1\.2\.3/192.0.2.1/g' "
    "saved.txt": Rule(r"\A[^\n]*=node1\.example\.com\n192\.0\.2\.1 node1\n\Z"),
    "check_ucm_tvs -H cucm-pub --trustlist http://cucm-pub:6970/ITLFile.tlv --signer-of "
    "http://cucm-pub:6970/ITLFile.tlv --query --output json": Rule('"state": ?"OK"'),
    "check_ucm_tvs -v --trace tvs_00000012.txt": Rule(r"^CRITICAL - .*\[TVS-STATUS\]", code=2),
    "curl -sS -D itl.headers -o ITLFile.tlv http://cucm-pub:6970/ITLFile.tlv": Rule(alone=True),
    "curl -sS -D ctl.headers -o CTLFile.tlv http://cucm-pub:6970/CTLFile.tlv": Rule(alone=True),
    "curl -sS -o ITLFile.tftp.tlv tftp://cucm-pub/ITLFile.tlv": Rule(alone=True),
    "check_ucm_trustlist -v -f ITLFile.tlv -f CTLFile.tlv --compare-with ticket-1234.txt": Rule(GONE_WELL),
    'tshark -r pcaps/migration-nonsecure.pcapng -Y "dhcp || tftp || http || tcp.port == 2445" -w without-calls.pcapng':
        Rule(alone=True),
    "tshark -r without-calls.pcapng -q -z ucmtrust,phones": Rule("SEP00005E005332"),
    "check_ucm_truststore -v --pkcs12 /srv/bulk --password-file bulk.secret": Rule("^[A-Z]+ - "),
    "check_ucm_trustlist -H cucm-pub -H cucm-sub --state /var/lib/ucmtrust --tvs cucm-pub --tvs cucm-sub -v":
        Rule(GONE_WELL + "4 lists valid"),
    "grep -rn 'Fact tvs-port' common": Rule(r"^common/\S+:\d+:.*2445"),
}

# Display filters in sentences: each finds something in this file, which may have to be made.
FILTERS = {
    "tvs.status != 0": ("pcaps/migration-fails.pcapng",),
    'ucmtrust.finding == "TVS-ROLE"': ("$SCRATCH/role.pcapng", "tests/lab/lab migrate migration-fails-no-role --server "
                                       f"{TVS_SERVER} --capture $SCRATCH/role.pcapng"),
    'ciscotl.signature.status != "valid"': ("$SCRATCH/bad.tlv",
                                            "tests/lab/lab craft invalid-signature $SCRATCH/bad.tlv"),
    "tvs.device.mac == 00:00:5e:00:53:32": ("pcaps/migration-secure.pcapng",),
    'ucmtrust.finding == "TVS-IDENTITY"': ("pcaps/tvs-refused.pcapng",),
}
for _filter, (_file, *_makes) in FILTERS.items():
    COMMANDS[_filter] = Rule(r"^ *\d+ ", instead=(*_makes, f"tshark -2 -r {_file} -Y '{_filter}'"))

# Options in sentences: the program has them.
OPTIONS = {
    "--output json": "check_ucm_tvs",
    "--ignore TL-CERT-EXPIRING": "check_ucm_trustlist",
    "--openmetrics FILE": "check_ucm_tvs",
    "check_ucm_trustlist --state": "check_ucm_trustlist",
    "--delay MS": TVS_SERVER,
    "--together N": TVS_SERVER,
    "--listen 0.0.0.0:0": TVS_SERVER,
    "--silent 10": TVS_SERVER,
    "--tls-max 1.2": TVS_SERVER,
    "--tls-min 1.3": TVS_SERVER,
    "--unavailable N": "tests/lab/lab axl",
    "--memory N": "tests/lab/lab axl",
    "--without certificate.servername": "tests/lab/lab axl",
}
for _text, _program in OPTIONS.items():
    _option = next(word for word in _text.split() if word.startswith("--"))
    COMMANDS[_text] = Rule(instead=(f"{_program} --help 2>&1 | grep -e {_option}",))

# ---- executed by something else: a file that tests/run or the continuous integration runs, and what stands in it ----

ELSEWHERE = {
    "tests/run": (".ci/run", "tests/run"),
    "tests/layers": ("tests/run", "tests/layers"),
    "tests/map": ("tests/layers", "map"),
    "tests/review": ("tests/run", "step \"What a reviewer looks for\" tests/review"),
    "tests/messages/run": ("tests/run", "tests/messages/run"),
    "tests/examples/run NAME": ("tests/run", "tests/examples/run"),
    "tests/examples/run --check": ("tests/run", "tests/examples/run --check"),
    "tests/packages": ("tests/run", "tests/packages"),
    "tests/wireshark-matrix": ("tests/run", "tests/wireshark-matrix all"),
    "tests/fuzz/run": ("tests/run", "tests/fuzz/run"),
    "tests/fuzz/coverage": ("tests/fuzz/run", "coverage"),
    "tests/mutation/run": ("tests/run", "tests/mutation/run --seconds"),
    "tests/proofs/run": ("tests/run", "tests/proofs/run"),
    "tests/faults/run": ("tests/run", "tests/faults/run"),
    "tests/hostile-peers": ("tests/run", "plan hostile_peers"),
    "tests/fuzz/long 8": ("tests/fuzz/run", "fuzz"),
    "cmake -DUCMTRUST_DISSECTOR=OFF": ("tests/packages", "-DUCMTRUST_DISSECTOR=OFF"),
    "icinga2 node setup": ("tests/integration/engines.py", "node setup"),
    "check_ucm_consistency --from old --to new": ("tests/docs/rules.py", "--from brisbane --to sydney"),
    "check_tcp --ssl -D": ("tests/bench/programs.py", "--ssl"),
    "lab make DIR": ("tests/integration/conftest.py", '_lab("make", folder)'),
    "lab axl DIR": ("tests/docs/rules.py", "tests/lab/lab axl $LAB"),
}


def faults_of_elsewhere():
    from documents import TOP
    return [f"{command}: nothing like {text!r} in {name}" for command, (name, text) in ELSEWHERE.items()
            if text not in (TOP / name).read_text()]


# ---- cannot be executed here ----

UCM = "command line of a node of Unified CM, of which we have none"
NOT_HERE = {
    "show cert list": UCM,
    "show cert list own": UCM,
    "show cert list trust": UCM,
    "show status": UCM,
    "show version active": UCM,
    "run sql select enum, name from typecertificateservice order by enum": UCM,
    "run sql select tkcertificateservice, count(*) as n from certificateservicecertificatemap "
    "group by tkcertificateservice": UCM,
    "run sql select tktrustrole, count(*) as n from certificatetrustrolemap group by tktrustrole": UCM,
    "show cert own tomcat": UCM,
    "show ctl": UCM,
    "show itl": UCM,
    "utils ctl": UCM,
    "utils ctl reset localkey": UCM,
    "utils ctl set-cluster mixed-mode": UCM,
    "utils ctl set-cluster non-secure-mode": UCM,
    "utils ctl update CTLFile": UCM,
    "utils dbreplication runtimestate": UCM,
    "utils itl reset localkey": UCM,
    "utils network capture": UCM,
    "utils ntp status": UCM,
    "utils service list": UCM,
    "tcprewrite --seed=NUMBER": "its package is not installed here",
    'dumpcap -i eth0 -a duration:600 -w phone.pcapng -f "ether host 00:00:5e:00:53:32 and (port 67 or port 69 or port 2445 '
    'or portrange 6970-6972 or udp portrange 1024-65535)"': "ten minutes at the mirror port of a phone",
    "curl -sS -o phone.enc.sgn http://cucm-pub:6970/SEP00005E005332.cnf.xml.enc.sgn": "the lab encrypts no configuration",
    "head -c $((0x$(od -An -tx1 -j8 -N2 phone.enc.sgn | tr -d ' \\n'))) phone.enc.sgn >header.only":
        "the lab encrypts no configuration",
    "tests/map --update": "writes what tests/map compares",
    "tests/facts --update": "writes what tests/facts compares",
    "dissector/doc/update-manual": "writes what tests/integration/test_manual.py compares",
    "nagios/doc/update-manual": "writes what tests/integration/test_manual_page_checks.py compares",
    "clang-format -i": "writes what tests/lint compares",
    "git apply -3 tests/examples/NAME.patch": "repairs what tests/examples/run --check complains of",
    "git diff HEAD -U1": "a word about how much context a patch has",
    "icinga2 node wizard": "asks its questions on a terminal; tests/integration/test_icinga_zones.py has its result",
    "tests/bench/run": "minutes, fetches what we are compared with, and speed is never a test",
    "tests/bench/engines": "minutes, and speed is never a test",
    "tests/lab/record": "makes the captures of pcaps/ anew; tests/lab/record --check, below, looks at those",
}

# ---- no commands ----

WORDS = {
    "Facts tvs-tag": "a mark in the sources",
    "ls -l": "of a server of somebody else",
    "--records FILE": "an option of the example, not of ours; tests/examples/run tries it",
    "struct store_reader": "C",
    "--expect-from NAME:WHERE": "an option as a pattern; README has one that is run",
    "COMPAT_AT_LEAST(major, minor)": "C",
    "tshark -2": "a word about an option that all commands use",
    "tshark -T fields": "a word about an option that many commands use",
    "signature invalid": "what Wireshark shows",
    "NOT FOUND": "what Wireshark shows",
    "vars.ucm_trustlist_mixed_mode = true": "configuration; tests/integration/test_icinga.py compares all such names",
    'vars.ucm_moves_to = [ "sydney" ]': "configuration; in the example of services.conf",
    'command_endpoint = "satellite-brisbane.example.net"': "configuration; tests/integration/test_icinga_zones.py",
    'import "ucm-satellite"': "configuration; in the example of zones.conf",
    'vars.cluster_zone = "brisbane"': "configuration; in the example of zones.conf",
    "include <plugins-contrib>": "configuration; Debian's icinga2.conf has it",
    "Remote Icinga instance ... is not connected": "what Icinga says; test_icinga_zones.py waits for it",
    "python3-cryptography libssl-dev gcc cmake nginx-light atftpd iproute2 util-linux tshark wireshark-common":
        "packages; all are in tests/setup",
    "pub sub": "names of nodes",
    "pub sub sub2": "names of nodes",
    "listening ADDR:PORT": "what a server prints, and our tests wait for",
    "listening 127.0.0.1:PORT": "what a server prints, and our tests wait for",
    'cluster.make_pair(cache, now, mixed=…, imported=…, dates={"source/tvs-pub": (begin, end)}, '
    'renewed={"source/callmanager-pub"})': "Python; tests/lab/lab does it",
    "layout.write_pair(DIR, pair)": "Python; tests/lab/lab does it",
}

TABLES = (COMMANDS, ELSEWHERE, NOT_HERE, WORDS)


def options_of(synopsis):
    """--options that a synopsis names."""
    import re
    return re.findall(r"(?<!\S)\[?(--[a-z-]+)", synopsis)
