"""params.yaml and a profile of conf/, as typed settings.

Notable:
- params.yaml says what an experiment is, conf/<profile>.yaml how much of it is run. Hydra composes the two, the
  profile first, so a key that stands in both is params.yaml's.
- An unknown key, a missing one or a wrong type is an error that names the key.
- `section("corpus", given)` is what a notebook calls: `given` is what the runner passed, or {} when a person opened
  the notebook, and then the settings come from the files.
"""

from .documents import (
    CorpusSettings,
    CurateSettings,
    DuplicateSettings,
    FinishSettings,
    GoldSetSettings,
    PairSettings,
    RedactSettings,
    TagSettings,
)
from .experiments import ContrastiveSettings, ExperimentsSettings, QuestionSettings
from .labels import AnnotateSettings, BaselineSettings, DotsOcrSettings, ParseSettings, QualitySettings, ShardsSettings
from .load import Settings, load_settings, section
from .measures import CompositeSettings, EvaluateSettings, GateSettings, KindSettings, ProbeSettings
from .section import EngineSettings, SettingsError, first_mistake
from .training import (
    STAGES,
    AugmentSettings,
    GuardSettings,
    InitSettings,
    PlanSettings,
    PretrainSettings,
    StageSettings,
)

__all__ = [
    "STAGES",
    "AnnotateSettings",
    "AugmentSettings",
    "BaselineSettings",
    "CompositeSettings",
    "ContrastiveSettings",
    "CorpusSettings",
    "CurateSettings",
    "DotsOcrSettings",
    "DuplicateSettings",
    "EngineSettings",
    "EvaluateSettings",
    "ExperimentsSettings",
    "FinishSettings",
    "GateSettings",
    "GoldSetSettings",
    "GuardSettings",
    "InitSettings",
    "KindSettings",
    "PairSettings",
    "ParseSettings",
    "PlanSettings",
    "PretrainSettings",
    "ProbeSettings",
    "QualitySettings",
    "QuestionSettings",
    "RedactSettings",
    "Settings",
    "SettingsError",
    "ShardsSettings",
    "StageSettings",
    "TagSettings",
    "first_mistake",
    "load_settings",
    "section",
]
