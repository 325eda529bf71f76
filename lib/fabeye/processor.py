"""One instruction set for all processors, so that the same seed gives the same bytes on each of them.

Notable:
- numpy, OpenCV, Intel's primitives inside OpenCV and OpenBLAS choose their code by the processor, and the last bit of a
  sine or of a blurred pixel differs between the choices. Drawn pictures, and all that is drawn after them, follow.
- AVX2 with FMA is what every server of the last ten years has; only processors with AVX-512 need holding back. What is
  lost in speed cannot be measured in making documents.
- The libraries look once, as they are loaded, so this comes before their first import: first thing in a worker.
"""

import os
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
MORE = "avx512f"  # as the kernel calls the least that AVX-512 is
HELD = {
    "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR",
    "OPENCV_CPU_DISABLE": "AVX512-SKX",
    "OPENCV_IPP": "avx2",
    "OPENBLAS_CORETYPE": "Haswell",
}


def hold_to_avx2() -> None:
    """Let libraries that this process has not loaded yet use AVX2 at most; does nothing where there is no more."""
    if CPU_INFO.is_file() and MORE in CPU_INFO.read_text(errors="replace").split():
        os.environ.update(HELD)
