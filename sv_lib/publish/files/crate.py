"""The run as an RO-Crate: archives and other tools can read what it is, what it holds and what it
is
made of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sv_lib.params import Publication
from sv_lib.publish.files import manifest

NAME = "ro-crate-metadata.json"
FORMATS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".ipynb": "application/x-ipynb+json",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
}


def write(folder: Path, publication: Publication, about: Mapping[str, Any]) -> None:
    """Write the crate of a folder that is otherwise whole; the manifest, which comes last, is
    listed
    without a hash.

    The run is a CreateAction: inputs by name and hash, the code as its instrument, every file as
    its result. Nothing in it comes from the clock, and the inputs themselves are not part of it.
    """
    from rocrate.model.contextentity import ContextEntity  # not needed when nothing has changed
    from rocrate.model.file import File
    from rocrate.rocrate import ROCrate

    crate, file = ROCrate(), publication.file
    crate.name, crate.description = (
        file.title,
        f"{publication.council.name}: {file.title}, {publication.sv}",
    )
    crate.datePublished = file.data_as_at.isoformat()
    made = [*manifest.outputs(folder), (manifest.NAME, "")]
    results = [
        crate.add(
            File(
                crate,
                None,
                name,
                properties={
                    **(
                        {"encodingFormat": FORMATS[Path(name).suffix]}
                        if Path(name).suffix in FORMATS
                        else {}
                    ),
                    **({"sha256": digest} if digest else {}),
                },
            )
        )
        for name, digest in made
    ]

    def entity(kind: str, identity: str, **facts: object) -> ContextEntity:
        added: ContextEntity = crate.add(
            ContextEntity(crate, f"#{identity}", properties={"@type": kind, **facts})
        )
        return added

    inputs = [
        entity("CreativeWork", one["path"], name=one["path"], sha256=one["sha256"])
        for one in about["inputs"]
    ]
    code = entity("SoftwareApplication", "sv-lib", name="sv-lib", sha256=about["code_sha256"])
    council = entity("Organization", "council", name=publication.council.name)
    crate.root_dataset["author"] = council
    crate.root_dataset["mentions"] = entity(
        "CreateAction",
        "run",
        name=f"Run of {publication.council.id}/{publication.id}",
        object=inputs,
        result=results,
        instrument=code,
    )
    graph = sorted(crate.metadata.generate()["@graph"], key=lambda part: part["@id"])
    text = json.dumps(
        {**crate.metadata.generate(), "@graph": graph}, indent=1, ensure_ascii=False, sort_keys=True
    )
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")
