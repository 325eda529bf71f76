"""params.yaml and profiles: what they say, and what they refuse."""

from pathlib import Path

import pytest
import yaml

from fabeye.paths import OutsideProjectError, Paths
from fabeye.settings import Settings, SettingsError, load_settings, section

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the settings files that a test may spoil."""
    (tmp_path / "conf").mkdir()
    for path in [ROOT / "params.yaml", *(ROOT / "conf").glob("*.yaml")]:
        (tmp_path / path.relative_to(ROOT)).write_text(path.read_text())
    (tmp_path / "dvc.yaml").write_text("stages: {}\n")
    return tmp_path


def change(project: Path, old: str, new: str, file: str = "params.yaml") -> None:
    text = (project / file).read_text()
    assert old in text
    (project / file).write_text(text.replace(old, new, 1))


@pytest.mark.parametrize("profile", [path.stem for path in sorted((ROOT / "conf").glob("*.yaml"))])
def test_every_profile_composes(project: Path, profile: str) -> None:
    change(project, "profile: cpu", f"profile: {profile}")
    assert load_settings(project).profile == profile


def test_a_key_stands_in_params_or_in_a_profile_never_in_both() -> None:
    def leaves(content: dict, prefix: str = "") -> set[str]:
        return set().union(
            *(
                leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key}
                for key, value in content.items()
            )
        )

    params = leaves(yaml.safe_load((ROOT / "params.yaml").read_text()))
    profiles = [leaves(yaml.safe_load(path.read_text())) for path in (ROOT / "conf").glob("*.yaml")]
    assert all(profile == profiles[0] for profile in profiles), "every profile says the same keys"
    assert not params & profiles[0]


@pytest.mark.parametrize("file", ["params.yaml", *(f"conf/{p.name}" for p in sorted((ROOT / "conf").glob("*.yaml")))])
def test_every_key_has_its_comment(file: str) -> None:
    for line in (ROOT / file).read_text().splitlines():
        is_value = ":" in line and not line.lstrip().startswith("#") and not line.rstrip().endswith(":")
        assert not is_value or " # " in line, f"{file}: {line.strip()} has no comment with its unit"


def test_params_win_over_the_profile(project: Path) -> None:
    change(project, "parse:\n", "parse:\n  workers: 5\n")
    assert load_settings(project).parse.workers == 5


def test_an_override_may_choose_the_profile(project: Path) -> None:
    assert load_settings(project, {"profile": "gpu"}).pretrain.device == "cuda"


def test_what_the_runner_passes_wins_over_the_files(project: Path) -> None:
    assert section("pretrain", {"clip": 0.25}, project).clip == 0.25
    assert section("pretrain", {}, project).clip == load_settings(project).pretrain.clip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  clip: 1.0", "  clpi: 1.0", "pretrain.clip is missing"),
        ("  dpi: 150", "  dpi: 150\n  colour: red", "corpus.colour is not a known key"),
        ("  dpi: 150", "  dpi: fine", "corpus.dpi"),
        ("gold_share: 0.25", "gold_share: 25", "corpus.gold_share"),
        ("retry_temperature: 0.5", "retry_temperature: 0.1", "retry_temperature must differ from temperature"),
        ("profile: cpu", "profile: tpu", "no profile 'tpu'; conf/ has cluster, cpu, gpu, nano, smoke"),
        ("corpus:\n", "corpus: [\n", "not valid YAML"),
    ],
)
def test_a_mistake_is_named(project: Path, old: str, new: str, said: str) -> None:
    change(project, old, new)
    with pytest.raises(SettingsError, match=said.replace("(", r"\(")):
        load_settings(project)


def test_missing_params_say_how_to_get_them_back(project: Path) -> None:
    (project / "params.yaml").unlink()
    with pytest.raises(SettingsError, match="git checkout"):
        load_settings(project)


def test_unknown_sections_and_stages_are_named() -> None:
    with pytest.raises(SettingsError, match="no section 'corpse'"):
        section("corpse", {}, ROOT)
    with pytest.raises(SettingsError, match="'bass'; the stages are base, highres, native"):
        load_settings(ROOT).pretrain.stage("bass")


def test_the_project_is_found_from_below_and_not_from_outside(project: Path, tmp_path_factory) -> None:
    deep = project / "notebooks" / "deeper"
    deep.mkdir(parents=True)
    assert Paths.here(deep).root == project
    with pytest.raises(OutsideProjectError, match="go to a clone"):
        Paths.here(tmp_path_factory.mktemp("elsewhere"))


def test_settings_never_change_after_loading() -> None:
    settings = load_settings(ROOT)
    with pytest.raises(ValueError, match="frozen"):
        settings.corpus.dpi = 72
    assert set(Settings.model_fields) >= {"corpus", "parse", "pretrain"}
