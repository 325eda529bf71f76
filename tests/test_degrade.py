"""Damage to a page: where its points go, that it can still be read, and that it repeats."""

import cv2
import numpy as np
import pytest

from fabeye.degrade import OPERATIONS, Operation, degrade, legible, skewed, warp
from fabeye.geometry import moved_points

HEIGHT, WIDTH = 480, 400
SQUARE = 40  # pixels of a chequer's side


def chequer() -> np.ndarray:
    rows, columns = np.indices((HEIGHT, WIDTH)) // SQUARE
    return np.repeat(((rows + columns) % 2 * 255).astype(np.uint8)[..., None], 3, axis=2)


def page_of_words() -> np.ndarray:
    page = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    for number, y in enumerate(range(60, HEIGHT - 40, 24)):
        cv2.putText(page, f"line {number} of tRCD 13.75 ns", (40, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
    cv2.line(page, (40, 440), (360, 440), (0, 0, 0), 1)
    return page


def corner_points(picture: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Corners of the chequer to a fraction of a pixel, as continuous points, from a guess near each."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 60, 1e-3)
    guess = (near - 0.5).astype(np.float32).reshape(-1, 1, 2)
    return cv2.cornerSubPix(grey, guess, (8, 8), (-1, -1), stop).reshape(-1, 2) + 0.5


@pytest.mark.parametrize("seed", range(8))
def test_points_land_where_the_homography_says(seed: int) -> None:
    inner = np.array([(x, y) for x in range(80, WIDTH - 40, SQUARE) for y in range(80, HEIGHT - 40, SQUARE)], float)
    move = skewed(WIDTH, HEIGHT, np.random.default_rng(seed), 1.0)
    said = moved_points(inner, move)
    assert np.abs(said - inner).max() > 1, "this seed moves nothing"
    seen = corner_points(warp(chequer(), move), said)
    assert np.linalg.norm(seen - said, axis=1).max() < 0.5


def test_the_whole_damage_moves_points_as_it_says() -> None:
    inner = np.array([(x, y) for x in range(120, WIDTH - 80, SQUARE) for y in range(120, HEIGHT - 80, SQUARE)], float)
    for seed in range(6):
        damaged = degrade(chequer(), np.random.default_rng(seed), 0.3)
        said = moved_points(inner, damaged.homography)
        assert np.linalg.norm(corner_points(damaged.image, said) - said, axis=1).max() < 0.5


@pytest.mark.parametrize("severity", [0.2, 0.6, 1.0])
def test_what_comes_out_is_legible(severity: float) -> None:
    page, boxes = page_of_words(), [(38.0, 44.0, 330.0, 66.0), (38.0, 400.0, 340.0, 425.0)]
    for seed in range(10):
        damaged = degrade(page, np.random.default_rng(seed), severity, boxes)
        assert damaged.image.shape == page.shape
        assert damaged.image.dtype == np.uint8
        assert legible(warp(page, damaged.homography), damaged.image)
        assert ("skew" in damaged.operations) or np.array_equal(damaged.homography, np.eye(3))


def test_boxes_stay_on_the_sheet() -> None:
    edge = [(0.0, 0.0, float(WIDTH), float(HEIGHT))]
    for seed in range(6):
        assert np.array_equal(degrade(page_of_words(), np.random.default_rng(seed), 1.0, edge).homography, np.eye(3))


def test_lost_words_and_lost_lines_are_noticed() -> None:
    page, without_word, without_line = page_of_words(), page_of_words(), page_of_words()
    without_word[44:66] = 255
    without_line[400:] = 255
    assert legible(page, page)
    assert not legible(page, without_word, [(38, 44, 330, 66)])
    assert legible(page, without_word, [(38, 68, 330, 90)])
    faint = cv2.addWeighted(page, 0.03, np.full_like(page, 255), 0.97, 0)
    assert not legible(page, faint)
    thin = np.full_like(page, 255)
    thin[100] = 0
    assert not legible(thin, np.full_like(thin, 255))


def test_severity_nought_changes_nothing() -> None:
    damaged = degrade(page_of_words(), np.random.default_rng(1), 0.0)
    assert np.array_equal(damaged.image, page_of_words())
    assert damaged.operations == ()


def test_the_same_state_gives_the_same_pixels_and_another_does_not() -> None:
    first, again, other = (degrade(page_of_words(), np.random.default_rng(seed), 0.8) for seed in (5, 5, 6))
    assert np.array_equal(first.image, again.image)
    assert not np.array_equal(first.image, other.image)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_each_operation_changes_the_page_in_place_and_spares_the_original(operation: Operation) -> None:
    page = page_of_words()
    page[..., 0] = np.minimum(page[..., 0], 240)  # some colour, so that losing it is a change
    before = page.copy()
    done = operation.work(page, np.random.default_rng(3), 1.0)
    assert np.array_equal(page, before)
    assert done.shape == page.shape
    assert not np.array_equal(done, page)


@pytest.mark.parametrize("wrong", [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3)), np.zeros((9, 9, 4), np.uint8)])
def test_another_kind_of_picture_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        degrade(wrong, np.random.default_rng(0), 0.5)


def test_another_severity_is_refused() -> None:
    with pytest.raises(ValueError, match="severity"):
        degrade(page_of_words(), np.random.default_rng(0), 1.5)


def test_a_blank_page_stays_legible() -> None:
    blank = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    assert degrade(blank, np.random.default_rng(2), 1.0).image.shape == blank.shape
