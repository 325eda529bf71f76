"""environment.yml says to conda users what pyproject.toml and uv.lock say to everybody else."""

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKED = {package["name"]: package["version"] for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())


def pinned(requirement: str) -> str:
    name, extras = re.match(r"([\w.-]+)(\[[\w,]+\])?", requirement).groups()
    return f"{name}{extras or ''}=={LOCKED[name.lower()]}"


def group(name: str) -> list[str]:
    """A dependency group's requirements, those of the groups that it includes in their place."""
    parts = ([r] if isinstance(r, str) else group(r["include-group"]) for r in PYPROJECT["dependency-groups"][name])
    return [requirement for part in parts for requirement in part]


def test_conda_installs_what_uv_locks() -> None:
    wanted = [pinned(r) for r in [*PYPROJECT["project"]["dependencies"], *group("dev")]]
    pip = next(entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict))
    assert pip == ["-e .", *wanted], "environment.yml should list:\n" + "\n".join(f"      - {line}" for line in wanted)


def test_both_ask_for_the_same_python() -> None:
    version = PYPROJECT["project"]["requires-python"].removeprefix("==").removesuffix(".*")
    assert f"python={version}" in CONDA["dependencies"]


def test_make_help_lists_every_command() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ["help", "setup", "repro", "test", "lint", "app", "annotate", "lab", "bench"]:
        assert re.search(rf"make {target} +\w", shown), target
