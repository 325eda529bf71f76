"""Worker processes use one instruction set, whatever their processor has."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from fabeye import processor
from fabeye.engine import run
from fabeye.settings import EngineSettings

OPENCV_AVX512_SKX = 256  # CV_CPU_AVX512_SKX of OpenCV's cvdef.h, which its Python names leave out
ENGINE = EngineSettings(engine="processes", workers=1, seconds=60, mib=4096)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    held: dict[str, str] = {}
    with monkeypatch.context() as patch:
        patch.setattr(processor, "os", SimpleNamespace(environ=held))
        yield held


def used(_: int) -> tuple[bool, bool, str]:
    """What numpy, OpenCV and Intel's primitives have chosen: AVX-512 twice, and the third one's own words."""
    import cv2
    import numpy as np

    features = np._core._multiarray_umath.__cpu_features__
    return features["AVX512F"], cv2.checkHardwareSupport(OPENCV_AVX512_SKX), cv2.ipp.getIppVersion()


def test_libraries_of_a_worker_leave_avx512_alone() -> None:
    (outcome,) = run(used, [0], ENGINE)
    assert outcome.value is not None, outcome
    numpy_has_it, opencv_has_it, primitives = outcome.value
    assert not numpy_has_it
    assert not opencv_has_it
    assert "512" not in primitives


@pytest.mark.parametrize(
    ("flags", "names"),
    [("flags : fpu avx2 avx512f avx512dq", set(processor.HELD)), ("flags : fpu avx2 fma", set()), (None, set())],
)
def test_only_a_processor_that_has_more_is_held(
    flags: str | None, names: set[str], environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processor, "CPU_INFO", tmp_path / "cpuinfo")
    if flags:
        (tmp_path / "cpuinfo").write_text(flags)
    processor.hold_to_avx2()
    assert set(environment) == names
