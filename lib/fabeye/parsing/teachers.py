"""The teachers by the names that `parse.engine` knows; each is imported only where it is wanted."""

from fabeye.parsing.teacher import Teacher
from fabeye.settings import EngineSettings, ParseSettings


def make_teacher(settings: ParseSettings, engine: EngineSettings, name: str = "") -> Teacher:
    """The teacher called `name`, or the one that `parse.engine` names; loads nothing heavy yet.

    Raises what the teacher raises whose settings cannot be used.
    """
    match name or settings.engine:
        case "dots_ocr":
            from fabeye.parsing.dots_ocr.teacher import DotsOcr

            return DotsOcr(settings.dots_ocr)
        case "text_layer":
            from fabeye.parsing.text_layer import TextLayer

            return TextLayer(settings, engine)
        case "model":
            from fabeye.parsing.own_model import OwnModel

            return OwnModel(settings, engine)
        case _:
            from fabeye.parsing.rapid import Rapid

            return Rapid(settings, engine)
