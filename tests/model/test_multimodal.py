"""Language models of transformers see through our encoder: where image tokens go, what learns, what is kept."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from transformers import (
    DeepseekV3Config,
    DeepseekV3ForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from fabeye.model import Connector, ConnectorConfig, EncoderConfig, VisionEncoder
from fabeye.model.multimodal import PARTS, VisionLanguageModel, expand

PATCH, IMAGE = 4, 99  # the image token's id lies outside the vocabulary
SIZE = {
    "vocab_size": 50,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
DEEPSEEK = {
    **SIZE,
    "num_key_value_heads": 2,
    "moe_intermediate_size": 8,
    "n_routed_experts": 4,
    "n_group": 1,
    "topk_group": 1,
    "num_experts_per_tok": 2,
    "first_k_dense_replace": 1,
    "q_lora_rank": 8,
    "kv_lora_rank": 8,
    "qk_rope_head_dim": 4,
    "qk_nope_head_dim": 4,
    "v_head_dim": 8,
}
LANGUAGE_MODELS = {
    "qwen": lambda: Qwen3ForCausalLM(Qwen3Config(**SIZE, head_dim=8)),
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SIZE)),
    "deepseek": lambda: DeepseekV3ForCausalLM(DeepseekV3Config(**DEEPSEEK)),
}


def seeing(name: str = "llama") -> VisionLanguageModel:
    torch.manual_seed(0)
    language_model: PreTrainedModel = LANGUAGE_MODELS[name]()
    encoder = VisionEncoder(EncoderConfig(patch=PATCH, dim=8, depth=1, heads=2))
    return VisionLanguageModel(encoder, Connector(ConnectorConfig(vision=8, language=16)), language_model, IMAGE).eval()


def images() -> list[Tensor]:
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(3, PATCH * rows, PATCH * columns, generator=generator) for rows, columns in ((3, 4), (2, 2))]


def texts() -> Tensor:
    """Two texts with an image each, which have room for four tokens and for one."""
    return torch.tensor([expand([1, IMAGE, 7, 8], IMAGE, [4]), [*expand([1, 5, IMAGE, 9], IMAGE, [1]), 6, 6, 6]])


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_image_tokens_take_their_places_in_any_language_model(name: str) -> None:
    model = seeing(name)
    embedded = model.embed(images(), texts())
    output = model.encoder(images())
    tokens = model.connector(output.tokens_TE, output.grids).per_image()
    words = model.language_model.get_input_embeddings().weight
    torch.testing.assert_close(embedded[0], torch.cat([words[[1]], tokens[0], words[[7, 8]]]))
    torch.testing.assert_close(embedded[1], torch.cat([words[[1, 5]], tokens[1], words[[9, 6, 6, 6]]]))
    said = model(images(), texts()).logits
    assert torch.equal(said, model.language_model(inputs_embeds=embedded).logits)
    other = model([images()[0] + 1, images()[1]], texts()).logits
    assert torch.equal(said[0, 0], other[0, 0])  # nobody sees what comes later
    assert not torch.isclose(said[0, 1:], other[0, 1:]).all(dim=1).any()
    assert torch.equal(said[1], other[1])


def test_an_image_has_no_loss_and_all_parts_learn_or_do_not() -> None:
    model = seeing().train()
    for parts in (PARTS, ("connector",), ("connector", "language_model")):
        model.learn(*parts)
        model.zero_grad(set_to_none=True)
        loss = model(images(), texts(), labels=texts()).loss
        loss.backward()
        for part in PARTS:
            module = getattr(model, part)
            assert module.training == (part in parts)
            assert any(weight.grad is not None for weight in module.parameters()) == (part in parts)
    logits = model(images(), texts()).logits[:, :-1]
    counted = texts()[:, 1:] != IMAGE
    wanted = torch.nn.functional.cross_entropy(logits[counted], texts()[:, 1:][counted])
    torch.testing.assert_close(loss, wanted)


def test_the_connector_alone_can_teach_a_frozen_model_to_tell_pictures_apart() -> None:
    model = seeing().train()
    model.learn("connector")
    with torch.no_grad():
        model.language_model.lm_head.weight *= 50  # an untrained head says nothing with conviction
    optimizer = torch.optim.Adam(model.connector.parameters(), lr=1e-2)
    prompt = torch.tensor([expand([7, IMAGE], IMAGE, [4])] * 2)
    pictures = [images()[0], images()[0] + 1]
    for _ in range(80):
        loss = torch.nn.functional.cross_entropy(model(pictures, prompt).logits[:, -1], torch.tensor([11, 12]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 0.05
    said = model.eval().generate(pictures, prompt, max_new_tokens=1, do_sample=False)
    assert said[:, 0].tolist() == [11, 12]


def test_what_does_not_fit_is_refused_by_name() -> None:
    model = seeing()
    with pytest.raises(ValueError, match=r"room for 5 image tokens \(id 99\), the images make 4"):
        model(images()[:1], texts())
    with pytest.raises(ValueError, match="a text with 1 image tokens was given 2 images"):
        expand([1, IMAGE], IMAGE, [4, 4])
    with pytest.raises(ValueError, match="there is no part 'head' to train"):
        model.learn("head")
    with pytest.raises(ValueError, match=r"connector from 8 to 12 does not join an encoder of width 8 to .* width 16"):
        VisionLanguageModel(model.encoder, Connector(ConnectorConfig(vision=8, language=12)), model.language_model, 1)


def test_all_parts_come_back(tmp_path: Path) -> None:
    model = seeing()
    model.save_pretrained(tmp_path)
    assert not list(tmp_path.rglob("*.bin"))
    again = VisionLanguageModel.from_pretrained(tmp_path, IMAGE)
    assert again(images(), texts()).logits.equal(model(images(), texts()).logits)
