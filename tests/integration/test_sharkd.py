# SPDX-License-Identifier: GPL-2.0-or-later
# A thousand files opened and closed in one sharkd: what the plugin takes for a file, it gives back.
# sharkd itself loses memory with each file, without any plugin: what it loses then is what is allowed.
from concurrent.futures import ThreadPoolExecutor
import itertools
from pathlib import Path

import pytest

from sharkd import Sharkd
from tshark import BUILD, TOP

PCAPS = TOP / "pcaps"
CAPTURES = [PCAPS / f"{name}.pcapng" for name in ("tvs-plain", "tvs-tls12", "itl-tftp", "ctl-http", "migration-fails")]
LISTS = [PCAPS / "itl-destination.tlv", PCAPS / "ctl-source.tlv"]
FILES, SETTLED = 1000, 200      # loaded in all; from then on memory shall be flat
ALLOWED = 2                     # kilobytes a file, for what is not the same in two runs of sharkd itself

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="a chroot without /proc tells no memory")


@pytest.fixture
def no_names(tmp_path, monkeypatch):
    """Without its table of manufacturers, which it reads again for each file and never frees: 12 MB each."""
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    monkeypatch.setenv("WIRESHARK_DATA_DIR", str(tmp_path))


@pytest.fixture
def without_plugin(tmp_path):
    (tmp_path / "none" / "dissector" / "plugins").mkdir(parents=True)
    return tmp_path / "none"


def growth(build, files):
    """Kilobytes that sharkd grows by with each file, once it has settled."""
    with Sharkd(build) as sharkd:
        sharkd.result("setconf", name="tftp.defragment", value="TRUE")     # what the plugin sets
        for number, path in enumerate(itertools.islice(itertools.cycle(files), FILES), 1):
            assert sharkd.opens(path) and sharkd.columns()
            if number == SETTLED:
                settled = sharkd.memory()
        return (sharkd.memory() - settled) / (FILES - SETTLED)


def test_memory_is_flat(no_names, without_plugin):
    with ThreadPoolExecutor(2) as pool:
        alone, captures = pool.map(growth, (without_plugin, BUILD), (CAPTURES, CAPTURES))
        lists = growth(BUILD, LISTS)
    print(f"kB a file: {alone:.1f} without the plugin, {captures:.1f} with it, {lists:.1f} for lists as files")
    assert captures <= alone + ALLOWED
    assert lists <= alone + ALLOWED
