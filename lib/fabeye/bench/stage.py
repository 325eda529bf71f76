"""The training stage that benchmarks run: generated documents as shards, their own truth in the teacher's place."""

from dataclasses import replace
from pathlib import Path

import torch

from fabeye.intake.ingest import ingest
from fabeye.model import PretrainModel
from fabeye.schema import Element, Source
from fabeye.settings import Settings
from fabeye.shards.build import build_shards
from fabeye.shards.index import read_index
from fabeye.synthesis.writing import write_documents
from fabeye.tables import read_table, write_json, write_table
from fabeye.training.stage_data import StageData
from fabeye.training.start import model_config

STAGE = "base"
DOCUMENTS = {"jedec": 3, "process": 2, "design": 0, "efa_pfa": 0, "general": 2}


def stage_data(root: Path, settings: Settings, steps: int) -> StageData:
    """Data of a stage of so many steps, made below `root`."""
    corpus = settings.corpus.model_copy(update={"documents": DOCUMENTS})
    written = write_documents(corpus, settings.engine, root / "corpus", root / "generate", root)
    ingest(written, root / "corpus", root / "intake", corpus, settings.engine)
    truth = (replace(one, source=Source.RAPIDOCR) for one in read_table(root / "corpus" / "truth", Element))
    write_table(root / "parses" / "elements", Element, (one for one in truth if one.level == "line"))
    write_json(root / "gold" / "gold.json", [])
    folders = (root / "corpus", root / "parses", root / "gold", root / "shards", root / "work")
    build_shards(*folders, settings.shards, settings.engine)
    stage = settings.pretrain.base.model_copy(update={"samples": steps * settings.pretrain.base.batch})
    return StageData(STAGE, root / "shards", root / "unpacked", settings.pretrain.model_copy(update={STAGE: stage}))


def stage_model(data: StageData) -> PretrainModel:
    """The model of the profile, with random weights."""
    torch.manual_seed(data.seed)
    max_text = read_index(data.shards).max_text
    return PretrainModel(model_config(data.settings, data.tokenizer.vocabulary, max_text)).train()
