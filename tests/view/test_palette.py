"""Colours stay apart with every common kind of colour vision."""

import itertools
import re

import numpy as np
import pytest
from kg.view.page import TEMPLATE
from kg.view.palette import LOOKS

# What is left of linear RGB at full severity (Machado, Oliveira and Fernandes 2009).
VISION = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
PAPER = {"light": "#faf9f7", "dark": "#14171d"}


def linear(colour):
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / np.array([0.9505, 1, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def shades(name, theme):
    if name == "types":
        return [getattr(look, theme) for look in LOOKS.values()]
    code = (TEMPLATE / "draw.js").read_text("utf-8")
    listed = re.search(rf"const {name} = {{(.*?)}};", code, re.DOTALL)[1]
    return re.findall(r"#\w{6}", re.search(rf"{theme}: \[(.*?)\]", listed)[1])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", PAPER)
@pytest.mark.parametrize(("name", "apart"), [("types", 16), ("COMMUNITIES", 20), ("RAMP", 12)])
def test_any_two_colours_can_be_told_apart(name, theme, vision, apart):
    seen = {colour: lab(np.array(VISION[vision]) @ linear(colour)) for colour in shades(name, theme)}
    assert len(seen) >= 6
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= apart, (one, other)


@pytest.mark.parametrize("theme", PAPER)
@pytest.mark.parametrize("name", ["types", "COMMUNITIES"])
def test_every_colour_stands_out_from_the_paper(name, theme):
    weights = np.array([0.2126, 0.7152, 0.0722])
    for colour in shades(name, theme):
        dim, bright = sorted(float(weights @ linear(c)) for c in (colour, PAPER[theme]))
        assert (bright + 0.05) / (dim + 0.05) >= 2.1, colour
