"""The crate can be read by the library that defines it, lists every file with its hash, and is the
same each time.
"""

from __future__ import annotations

import json

from rocrate.rocrate import ROCrate
from twice import Twice

from sv_lib.publish.files import crate, manifest


def test_a_run_is_a_crate(twice: Twice) -> None:
    run = twice.run("a")
    read = ROCrate(str(run))
    kept = {output["path"]: output["sha256"] for output in manifest.read(run)["outputs"]}
    assert kept.pop(crate.NAME)
    listed = {file.id: file.get("sha256") for file in read.get_entities() if file.type == "File"}
    assert listed == {**kept, "manifest.json": None}
    assert read.datePublished.isoformat().startswith("2022-06-30")
    action = next(one for one in read.get_entities() if one.type == "CreateAction")
    listed_inputs = {(one["name"], one.get("sha256")) for one in action["object"]}
    assert listed_inputs == {
        (one["path"], one["sha256"]) for one in manifest.read_alone(run)["inputs"]
    }
    assert action["instrument"]["sha256"] == manifest.read(run)["code_sha256"]
    assert len(action["result"]) == len(listed)


def test_the_same_run_is_the_same_crate(twice: Twice) -> None:
    first, second = ((twice.run(name) / crate.NAME).read_bytes() for name in ("a", "b"))
    assert first == second
    assert list(json.loads(first)) == ["@context", "@graph"]
