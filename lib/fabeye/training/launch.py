"""The training stages as a launcher starts them: many processes, on one machine or on many.

`composer -n 8 -m fabeye.training.launch --profile cluster base highres native`

Notable:
- The same stages as the notebook's, with the same folders: what one process began, eight may finish.
- data/work and data/checkpoints must lie where every machine sees them; shards may come from S3 (pretrain.data.remote).
"""

import argparse
import sys

from composer.utils import dist

from fabeye.errors import FabeyeError
from fabeye.paths import Paths
from fabeye.settings import STAGES, load_settings

from .fit import quiet
from .stages import start_of, train_stage


def launch(stages: list[str], profile: str, cache: str = "") -> None:
    """Train stages one after the other, each from the one before it; `cache` in place of pretrain.data.cache.

    Raises as train_stage() does.
    """
    quiet()
    paths = Paths.here()
    settings = load_settings(paths.root, {"profile": profile} if profile else {}).pretrain
    if cache:
        settings = settings.model_copy(update={"data": settings.data.model_copy(update={"cache": cache})})
    dist.initialize_dist("gpu" if settings.device == "cuda" else "cpu")
    for stage in stages:
        start, out = start_of(stage, paths.checkpoints), paths.checkpoints / stage
        train_stage(stage, paths.shards, start, out, paths.work, paths.reports, settings)


def main() -> None:
    """Read the command line; a mistake is one sentence and exit status 1."""
    parser = argparse.ArgumentParser(description="Train stages in the processes that a launcher has started.")
    parser.add_argument("stages", nargs="+", choices=STAGES)
    parser.add_argument("--profile", default="", help="file of conf/ that says how much; default: that of params.yaml")
    parser.add_argument("--cache", default="", help="this machine's folder for unpacked shards; default: the profile's")
    said = parser.parse_args()
    try:
        launch(said.stages, said.profile, said.cache)
    except FabeyeError as error:
        sys.exit(f"fabeye: {error}")


if __name__ == "__main__":
    main()
