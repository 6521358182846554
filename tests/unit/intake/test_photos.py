"""Photos of stories: what is kept of a file, what is refused, and that no other file is ever
opened.
"""

from __future__ import annotations

import base64
import io
import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from sv_lib.errors import InputError, ParameterError
from sv_lib.intake import photos
from sv_lib.intake.pipeline import Inputs, read_inputs
from sv_lib.params import Publication

Publish = Callable[..., Publication]
HEADINGS = (
    "story_id,on,title,story,contract_id,measure_ref,quantity,ward_code,consent_on,checked_by,photo,photo_alt,"
    "photo_consent_on\n"
)
ROW = (
    "T1,2022-05-01,A start,A story.,C1,NT10,6,E05990001,2022-05-20,Officer,{},Two "
    "lamps,2022-05-20\n"
)


def saved(
    path: Path, size: tuple[int, int] = (40, 20), kind: str = "PNG", **settings: object
) -> Path:
    image = Image.new(str(settings.pop("mode", "RGB")), size, settings.pop("colour", "#12436D"))  # type: ignore[arg-type]  # colours are of many kinds
    image.save(path, kind, **settings)
    return path


def intake(publish: Publish, folder: Path, photo: str, declared: str = "inputs/photos/*") -> Inputs:
    lines = (
        (folder / "params" / "publication.yaml")
        .read_text(encoding="utf-8")
        .split("inputs:\n")[1]
        .split("  story_photos")[0]
    )
    stories = HEADINGS + ROW.format(photo)
    files = {"inputs__stories_dot_csv": stories}
    return read_inputs(publish(f"{lines.rstrip()}\n  story_photos: {declared}\n", **files))


@pytest.fixture
def folder(tmp_path: Path, publish: Publish) -> Path:
    (tmp_path / "params" / "inputs" / "photos").mkdir()
    return tmp_path


def shown(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(photos.as_jpeg(path, "photo")))


def test_a_photo_is_read_with_its_hash(publish: Publish, folder: Path) -> None:
    path = saved(folder / "params" / "inputs" / "photos" / "lamps.png")
    inputs = intake(publish, folder, "lamps.png")
    assert inputs.findings == ()
    kind, content = inputs.photos["T1"].split(",")
    assert kind == "data:image/jpeg;base64"
    assert base64.b64decode(content) == photos.as_jpeg(path, "lamps.png")
    assert ("story_photos", "inputs/photos/lamps.png") in [
        (file.table, file.name) for file in inputs.files
    ]


def test_nothing_that_a_camera_wrote_is_kept(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "A camera of somebody", 6  # maker; lying on its side
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    path = saved(tmp_path / "a.jpg", kind="JPEG", exif=exif, comment=b"at home")
    assert b"somebody" in path.read_bytes()
    made = photos.as_jpeg(path, "a.jpg")
    image = shown(path)
    assert image.size == (20, 40), "turned upright"
    assert not image.getexif()
    assert not {"exif", "comment", "icc_profile"} & set(image.info)
    assert b"somebody" not in made
    assert b"at home" not in made


@pytest.mark.parametrize(
    ("size", "fits"), [((1440, 900), (720, 450)), ((1000, 2000), (270, 540)), ((72, 54), (72, 54))]
)
def test_a_photo_is_scaled_down_and_never_up(
    tmp_path: Path, size: tuple[int, int], fits: tuple[int, int]
) -> None:
    assert shown(saved(tmp_path / "a.png", size)).size == fits


def test_what_is_transparent_is_white_and_greys_are_colours(tmp_path: Path) -> None:
    clear = shown(saved(tmp_path / "clear.png", mode="RGBA", colour=(255, 0, 0, 0)))
    assert (clear.mode, clear.getpixel((0, 0))) == ("RGB", (255, 255, 255))
    assert shown(saved(tmp_path / "grey.png", mode="L", colour=0)).getpixel((0, 0)) == (0, 0, 0)


def test_the_same_photo_is_the_same_bytes(tmp_path: Path) -> None:
    paths = [saved(tmp_path / name, (900, 700)) for name in ("a.png", "b.png")]
    assert len({photos.as_jpeg(path, path.name) for path in paths}) == 1


def test_a_kind_that_is_not_ours_is_refused_whatever_its_name(tmp_path: Path) -> None:
    for kind in ("GIF", "BMP", "TIFF", "PPM"):
        with pytest.raises(InputError, match="not a whole PNG or JPEG"):
            photos.as_jpeg(saved(tmp_path / "a.png", kind=kind), "a.png")


def test_a_photo_of_too_many_pixels_or_bytes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "a.png", (10_000, 6_000), mode="1", colour=0)
    unpacked: list[object] = []
    with monkeypatch.context() as watched:
        watched.setattr("PIL.ImageFile.ImageFile.load", unpacked.append)
        with pytest.raises(InputError, match="more than 50 million pixels"):
            photos.as_jpeg(path, "a.png")
    assert not unpacked
    monkeypatch.setattr(photos, "LARGEST", 1_000_000)
    path.write_bytes(b"\0" * 1_000_001)
    with pytest.raises(InputError, match="more than 1 million bytes"):
        photos.as_jpeg(path, "a.png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_damage_is_refused_or_seen_and_never_a_crash(tmp_path: Path, kind: str) -> None:
    whole = saved(tmp_path / "a", (64, 48), kind).read_bytes()
    chance = random.Random(1)  # noqa: S311 to vary a test
    for _ in range(150):
        damaged = bytearray(
            whole[: chance.randrange(len(whole)) if chance.random() < 0.3 else None]
        )
        for _ in range(min(3, len(damaged))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        (tmp_path / "a").write_bytes(damaged)
        try:
            assert shown(tmp_path / "a").format == "JPEG"
        except InputError as refused:
            assert "PNG or JPEG" in refused.found or "pixels" in refused.found


@pytest.mark.parametrize(
    ("name", "is_a_persons"),
    [
        ("jane-smith.jpg", True),
        ("JANE SMITH.JPG", True),
        ("photos/JaneSmith2.jpeg", True),
        ("smith_jane_2022.png", True),
        ("apprentice-mohammed.jpg", True),
        ("Wilhelmina Quoxby.jpg", True),
        ("WilhelminaQuoxby-2.jpg", True),
        ("mr-quoxby.png", True),
        ("street-lamps.png", False),
        ("Lamps.png", False),
        ("IMG_2041.jpg", False),
        ("DSC00412.JPG", False),
        ("library-roof.jpg", False),
        ("mark-of-quality.png", False),
        ("janes-walk.png", False),
        ("jane/lamps.png", False),
    ],
)
def test_a_name_that_looks_like_a_persons_warns(name: str, is_a_persons: bool) -> None:
    _, found = photos.read_photos(pd.DataFrame(columns=photos.COLUMNS), {name: Path(name)})
    assert ("photos.of_a_person" in {one.id for one in found}) == is_a_persons


def test_a_link_out_of_the_folder_is_not_followed(publish: Publish, folder: Path) -> None:
    saved(folder / "secret.png")
    (folder / "params" / "inputs" / "photos" / "lamps.png").symlink_to(folder / "secret.png")
    inputs = intake(publish, folder, "lamps.png")
    assert inputs.photos == {}
    assert any(
        "is a link to a file outside the folder" in finding.found for finding in inputs.stops
    )


def test_no_path_leads_out_of_the_folder(publish: Publish, folder: Path) -> None:
    saved(folder / "secret.png")
    saved(folder / "params" / "inputs" / "photos" / "lamps.png")
    for photo in ("../../secret.png", str(folder / "secret.png"), "photos/../lamps.png"):
        inputs = intake(publish, folder, photo)
        assert inputs.photos == {}
        assert [finding.problem for finding in inputs.stops] == [
            "there is no such photo among the files under inputs.story_photos"
        ]
    with pytest.raises(ParameterError, match="leaves the parameters' folder"):
        intake(publish, folder, "secret.png", "../*")


def test_a_name_that_two_photos_have_is_asked_about(publish: Publish, folder: Path) -> None:
    for place in ("photos/north", "photos/south"):
        (folder / "params" / "inputs" / place).mkdir()
        saved(folder / "params" / "inputs" / place / "lamps.png")
    inputs = intake(publish, folder, "lamps.png", "inputs/photos/*/*")
    assert [f.problem for f in inputs.stops] == [
        "several photos have this name among the files under inputs.story_photos"
    ]
    assert list(intake(publish, folder, "north/lamps.png", "inputs/photos/*/*").photos) == ["T1"]
