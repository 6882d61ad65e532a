# SPDX-License-Identifier: GPL-2.0-or-later
# Lists of many records for the benchmarks: each record has a certificate of its own, the last one signed the list.
import time

from trustlab.certs import Maker
from trustlab.trustlist import CCM_TFTP, SAST, TVS, Record, TrustList

SUBJECT = "CN=node{:04}.bench.example,OU=Voice,O=Example,C=NL"


class Lists:
    SIZES = (5, 39, 100, 1000)

    def __init__(self, folder, cache):
        self.folder, now = folder, int(time.time())
        maker = Maker(cache, now)
        # One key for all: making keys takes long, and a certificate costs the same whoever's key is in it.
        self.made = [maker.make(f"bench-{at}", SUBJECT.format(at), key_name="bench") for at in range(max(self.SIZES))]
        for size in self.SIZES:
            self.path(size).write_bytes(self._encode(self.made[:size], now))
            self.certificates(size).write_bytes(b"".join(one.der for one in self.made[:size]))
        self.one = folder / "one.pem"
        self.one.write_bytes(self.made[0].pem)

    def path(self, size):
        return self.folder / f"ITL-{size}.tlv"

    def certificates(self, size):
        """Those of the list alone, one after the other."""
        return self.folder / f"certificates-{size}.der"

    @staticmethod
    def _encode(made, now):
        records = [Record.of(one, TVS if at else CCM_TFTP, dns=f"node{at:04}.bench.example") for at, one in enumerate(made[:-1])]
        return TrustList(signer=made[-1], records=[*records, Record.of(made[-1], SAST)], timestamp=now - 86400,
                         signer_version=(1, 1)).encode()
