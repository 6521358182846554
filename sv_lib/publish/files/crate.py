"""The run as an RO-Crate, which tells archives and other tools what it is and is made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sv_lib.params import Publication
from sv_lib.publish.files import manifest
from sv_lib.strict_yaml import load_as

NAME = "ro-crate-metadata.json"
MEDIA_TYPES = load_as(dict[str, str], Path(__file__).with_suffix(".yaml"))


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
    results = [_add_file(crate, name, digest) for name, digest in manifest.outputs(folder)]
    # The manifest is written last, with the hash of this file in it, so that it has none here.
    results.append(_add_file(crate, manifest.NAME, ""))
    inputs = []
    for one in about["inputs"]:
        facts = {"name": one["path"], "sha256": one["sha256"]}
        inputs.append(_add(crate, "CreativeWork", one["path"], facts))
    code = {"name": "sv-lib", "sha256": about["code_sha256"]}
    run = {
        "name": f"Run of {publication.council.id}/{publication.id}",
        "object": inputs,
        "result": results,
        "instrument": _add(crate, "SoftwareApplication", "sv-lib", code),
    }
    crate.root_dataset["author"] = _add(crate, "Organization", "council", {"name": council})
    crate.root_dataset["mentions"] = _add(crate, "CreateAction", "run", run)
    content = crate.metadata.generate()
    content["@graph"].sort(key=_identity)
    text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def _add_file(crate: Any, name: str, digest: str) -> Any:
    from rocrate.model.file import File

    facts = {"encodingFormat": MEDIA_TYPES.get(Path(name).suffix), "sha256": digest}
    known = {key: fact for key, fact in facts.items() if fact}
    return crate.add(File(crate, None, name, properties=known))


def _add(crate: Any, kind: str, identity: str, facts: Mapping[str, Any]) -> Any:
    from rocrate.model.contextentity import ContextEntity

    return crate.add(ContextEntity(crate, f"#{identity}", properties={"@type": kind, **facts}))


def _identity(entity: Mapping[str, Any]) -> str:
    identity: str = entity["@id"]
    return identity
