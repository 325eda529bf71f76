"""Where on a page the pixel loss lies, and how much of it is spent on blank paper.

Notable:
- A document is mostly blank. What `pretrain.blank_weight` takes away is shown on a page rather than argued about.
"""

from pathlib import Path

from PIL import Image

from fabeye.evaluation.gold import GoldPage
from fabeye.model import PretrainModel, prepare_image
from fabeye.objectives.pixels import patch_losses
from fabeye.tables import write_json

MAP = "pixels.json"
WEIGHTS = (1.0, 0.5, 0.25, 0.1, 0.0)  # of a blank patch, for which the share is said


def write_pixel_map(
    model: PretrainModel, page: GoldPage, gold: Path, side: int, variance_floor: float, out: Path
) -> None:
    """Write `out`/pixels.json: the loss of each patch of a gold page but the first, which ones are blank, and shares.

    side: as the model sees pages. A page that is blank or full has no shares.
    """
    with Image.open(page.image_file(gold)) as picture:
        image_CHW = prepare_image(picture, model.config.encoder.patch, side)
    found = patch_losses(model, image_CHW, variance_floor)
    patch = model.config.encoder.patch
    mixed = bool(found.blank_K.any()) and not bool(found.blank_K.all())
    said = {
        "page_id": page.page_id,
        "rows": image_CHW.shape[1] // patch,
        "columns": image_CHW.shape[2] // patch,
        "errors": [round(error, 4) for error in found.errors_K.tolist()],
        "blank": found.blank_K.tolist(),
        "shares": {str(weight): found.blank_share(weight) for weight in WEIGHTS} if mixed else {},
    }
    write_json(out / MAP, said)
