"""The run as an RO-Crate, which tells archives and other tools what it is and is made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any

from sv_lib.params import Publication
from sv_lib.publish.files import manifest
from sv_lib.strict_yaml import data_beside

NAME = "ro-crate-metadata.json"
MEDIA_TYPES = data_beside(__file__, dict[str, str])


def write(folder: Path, publication: Publication, about: Mapping[str, Any]) -> None:
    """Write the crate of a folder in which only the manifest is missing.

    The run is a CreateAction: inputs by name and hash are its object, our code its instrument,
    every file its result. Neither the clock nor the content of an input is in it.
    """
    from rocrate.rocrate import ROCrate  # slow to load, and not needed when nothing has changed

    title = publication.file.title
    council = publication.council.name
    crate = ROCrate()
    crate.name = title
    crate.description = f"{council}: {title}, {publication.sv}"
    crate.datePublished = publication.file.data_as_at.isoformat()
    # The manifest is written last, with the hash of this file in it, so that it has none here.
    files = [*manifest.outputs(folder), (manifest.NAME, "")]
    inputs = []
    for file in manifest.public_inputs(about):
        path = file["path"]
        facts = {"sha256": file["sha256"]} if file["sha256"] else {}
        inputs.append(_add(crate, "CreativeWork", path, name=path, **facts))
    results = [_add_file(crate, name, digest) for name, digest in files]
    code = _add(crate, "SoftwareApplication", "sv-lib", name="sv-lib", sha256=about["code_sha256"])
    run = f"Run of {publication.council.id}/{publication.id}"
    root = crate.root_dataset
    root["author"] = _add(crate, "Organization", "council", name=council)
    root["mentions"] = _add(
        crate, "CreateAction", "run", name=run, object=inputs, result=results, instrument=code
    )
    content = crate.metadata.generate()
    content["@graph"].sort(key=itemgetter("@id"))
    text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def _add_file(crate: Any, name: str, digest: str) -> Any:
    from rocrate.model.file import File

    facts = {"encodingFormat": MEDIA_TYPES.get(Path(name).suffix), "sha256": digest}
    known = {key: fact for key, fact in facts.items() if fact}
    return crate.add(File(crate, None, name, properties=known))


def _add(crate: Any, kind: str, identity: str, **facts: Any) -> Any:
    from rocrate.model.contextentity import ContextEntity

    return crate.add(ContextEntity(crate, f"#{identity}", properties={"@type": kind, **facts}))
