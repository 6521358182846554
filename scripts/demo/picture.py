"""Draws the one photo of the demonstration: an illustration in plain shapes."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

SIZE = (1200, 900)
SKY, GROUND, ROAD, WALLS, ROOF = "#1d3557", "#2f4f4f", "#3d4450", "#7a4b3a", "#4a2c22"
LIGHT, GLOW, POLE, DARK = "#ffe9a8", "#4a5a6e", "#c9d1d9", "#26323f"
HOUSES = (60, 330, 600, 870)
LAMPS = (250, 790)


def street_lamps() -> bytes:
    """Return a PNG of two new lamps that light a row of houses."""
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    for foot in LAMPS:
        draw.ellipse((foot - 20, 40, foot + 280, 340), GLOW)
    draw.rectangle((0, 640, 1200, 720), GROUND)
    draw.rectangle((0, 720, 1200, 900), ROAD)
    for left in HOUSES:
        draw.rectangle((left, 400, left + 230, 650), WALLS)
        draw.polygon(((left - 20, 400), (left + 115, 290), (left + 250, 400)), ROOF)
        draw.rectangle((left + 30, 450, left + 95, 520), LIGHT)
        draw.rectangle((left + 135, 500, left + 195, 650), DARK)
    for foot in LAMPS:
        draw.ellipse((foot - 60, 740, foot + 320, 830), LIGHT)
        draw.rectangle((foot, 150, foot + 14, 760), POLE)
        draw.rectangle((foot, 150, foot + 150, 164), POLE)
        draw.rectangle((foot + 100, 164, foot + 160, 192), LIGHT)
    draw.text((24, 856), "Illustration", fill="white", font_size=28)
    written = io.BytesIO()
    image.quantize(32).save(written, "PNG", optimize=True)
    return written.getvalue()
