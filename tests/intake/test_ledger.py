"""The ledger keeps what it was given, for one run at a time, and says what is wrong with it."""

import errno
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from fabeye.intake.file_pages import BadPage, GoodPage
from fabeye.intake.ledger import FILE, Ledger
from fabeye.intake.worker import METADATA, Metadata
from fabeye.ledger import LedgerError

GOOD = GoodPage(3, 10, 20, 150.0, b"\x89PNG" * 99, "文字\n𝑡", "[[0,0,1,1]]")


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    bad, metadata = BadPage(4, "torn"), Metadata('{"info": {"Author": "王"}}')
    with Ledger(tmp_path) as ledger:
        for number, part in ((3, GOOD), (4, bad), (METADATA, metadata)):
            ledger.add("file", number, part)
    with Ledger(tmp_path) as ledger:
        assert [ledger.get("file", number) for number in (3, 4, METADATA)] == [GOOD, bad, metadata]
        assert ledger.get("file", 5) is ledger.get("other", 3) is None
        assert ledger.numbers("file") == {3, 4, METADATA}
        ledger.keep_only(["other"])
        assert ledger.numbers("file") == set()


def test_nothing_is_lost_when_the_run_is_killed(tmp_path: Path) -> None:
    code = textwrap.dedent(f"""
        import os
        from pathlib import Path
        from fabeye.intake.ledger import Ledger
        from fabeye.intake.file_pages import BadPage
        ledger = Ledger(Path({str(tmp_path)!r}))
        for number in range(50):
            ledger.add("file", number, BadPage(number, "torn"))
        os.kill(os.getpid(), 9)
    """)
    assert subprocess.run([sys.executable, "-c", code]).returncode == -9
    with Ledger(tmp_path) as ledger:
        assert ledger.numbers("file") == set(range(50))


def test_one_run_at_a_time(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add("file", 3, GOOD)
        with pytest.raises(LedgerError, match="another run is using"):
            Ledger(tmp_path).add("file", 4, GOOD)


def test_damage_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database" * 99)
    with pytest.raises(LedgerError, match=r"damaged .*; delete it and run again"):
        Ledger(tmp_path)


def test_a_full_disk_is_an_os_error(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger._database.execute("PRAGMA max_page_count = 3")
        large = replace(GOOD, image=bytes(2**20))
        with pytest.raises(OSError, match="No space") as caught:
            ledger.add("file", 3, large)
        assert caught.value.errno == errno.ENOSPC
