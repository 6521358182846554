"""The public folder taken apart byte by byte: what names or reaches a person stands nowhere in it.

Every free text and every id of a council's inputs holds a mark of its own. Each may be found only
where ``ALLOWED`` says that it has to be.
"""

from __future__ import annotations

import base64
import binascii
import csv
import gzip
import hashlib
import html
import io
import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pypdfium2
import pytest
import yaml

from sv_lib.publish.files.manifest import beside
from sv_lib.publish.run import runner

pytestmark = pytest.mark.slow
BASE = Path("tests/bad_inputs/base")
WARD = "E05990001"
REACH = "It goes well. Ask {email} today. Or ring {phone} then. Or write to {postcode} first."
"""A sentence that may stay, and three that say how to reach somebody."""
SUPPLIERS = """\
supplier_id,supplier_name,postcode,company_number,charity_number,size,is_vcse,is_sole_trader,\
is_minority_ethnic_led,pays_real_living_wage,first_paid_on
S1,Firm One,ZZ1 1QA,01234567,,small,no,no,,yes,2019-05-01
S2,{reach},ZZ1 1QB,,,,,no,,,
SIDQ301,Wilhelmina Quoxby,ZZ1 1QC,,,micro,no,yes,,,2021-11-01
SIDQ302,Bartholomew Vexley,ZZ1 1QD,,,,,,,,
SIDQ303,Cordelia Zwick,ZZ9 9QE,,,micro,no,yes,,,
"""
PAYMENTS = """\
payment_id,paid_on,supplier_id,supplier_name,directorate,category,amount,contract_id,is_card
PAYQ401,2021-11-02,S1,Firm One,{reach},construction,1200.50,C1,no
PAYQ402,2021-11-03,S2,Firm Two,Place,{reach},-20,,yes
PAYQ403,2020-11-03,,Thaddeus Ummble,Adults,social care,300,,
PAYQ404,2021-12-03,SIDQ301,Wilhelmina Quoxby,Place,construction,4321.09,C3,
PAYQ405,2021-12-04,SIDQ302,Bartholomew Vexley,Place,construction,5432.10,,
PAYQ406,2021-12-05,SIDQ309,Euphemia Jarndyce,Place,construction,654.32,,
"""
RETURNS = """\
claim_id,contract_id,commitment_id,measure_ref,period_start,period_end,quantity,attribution,\
attribution_reason,headcount,activity_key,state,reported_on,evidenced_on,validated_on,rejected_on,\
rejection_reason,corrects_claim_id
CLAIMQ501,C1,K1,NT10,2021-12-01,2022-02-28,6,1,,2,ACTQ501,reported,2022-03-10,,,,,
CLAIMQ502,C1,K1,NT10,2022-03-01,2022-05-31,4.5,0.5,with Ottoline Grubb,1,ACTQ502,reported,\
2022-06-10,,,,,
CLAIMQ503,C1,K1,NT10,2022-03-01,2022-05-31,99,1,,1,ACTQ503,reported,2022-06-10,,,,,
R4,C1,,NT18,2022-03-01,2022-05-31,1000,0.5,with Peregrine Yonge,,ACTQ504,reported,2022-06-10,,,,,
R5,C1,,NT18,2022-03-01,2022-05-31,70,1,,,ACTQ505,rejected,2022-06-10,,,2022-06-12,\
no proof by Quentin Arkle,
"""
TABLES = {
    "beneficiaries": "claim_id,home_lsoa_code,headcount,person_key\n"
    "CLAIMQ501,E01990001,1,KEYQ-601\nCLAIMQ501,E01990001,1,KEYQ-602\n",
    "postcodes": "postcode,ward_code,lsoa_code,lad_code,region_code\n"
    "ZZ1 1QA,E05990001,E01990001,E08990001,E12000003\n"
    "ZZ1 1QB,E05990001,E01990001,E08990001,E12000003\n"
    "ZZ1 1QC,E05990002,E01990002,E08990001,E12000003\n"
    "ZZ1 1QF,E05990002,E01990002,E08990001,E12000003\n",
    "supply_chain": "contract_id,period_end,kind,postcode,amount,basis\n"
    "C1,2022-05-31,sub-contract,ZZ1 1QF,500,declared\n",
    "contract_changes": "contract_id,changed_on,what,from,to,reason\n"
    "C1,2021-06-01,value,200000,250000,asked for by Leopoldine Marsh\n",
    "quotes": "exercise_id,on,directorate,amount,quotes_invited,quotes_received,local_quotes,"
    "reason\nQUOQ701,2021-11-11,{reach},12000,3,2,0,{reach}\n",
    "events": "event_id,on,title,partner,ward_code,parish,attendance,contact\n"
    "E1,2022-01-11,{reach},Chamber,E05990001,,9,{reach}\n",
    "actions": "action_id,action,owner,due_on,status,noted_on,progress\n"
    "A1,{reach},{reach},2022-09-30,on track,2022-06-01,{reach}\n",
    "priorities": "priority_id,year,priority,status,set_on,figure_id,next_step\n"
    "PR1,2022,{reach},on track,2022-06-01,spend.total.this,{reach}\n",
    "scrutiny": "question_id,asked_on,body,question,section,figure_id,answer\n"
    "Q1,2022-01-11,{reach},{reach},Headlines,,{reach}\n",
    "published_history": "lad_code,period,figure,published,unit,source,published_on,note\n"
    "E08990001,{reach},{reach},21.4,percent,{reach},2020-07-14,{reach}\n",
}
CORRECTIONS = """\
- {table: suppliers, key: {supplier_id: SIDQ301}, column: postcode, expected: 'ZZ1 1QG',
   value: 'ZZ1 1QC', why: said by Hepzibah Crumb, who: 'hepzibah.crumb@council.example',
   on: 2022-06-01}
"""
NEVER = re.findall(
    r"\S+",
    """
    Quoxby Vexley Zwick Ummble Jarndyce Grubb Yonge Arkle Leopoldine Crumb SIDQ301 SIDQ302 SIDQ303
    SIDQ309 PAYQ401 PAYQ402 PAYQ403 PAYQ404 PAYQ405 PAYQ406 CLAIMQ501 CLAIMQ502 CLAIMQ503 ACTQ501
    ACTQ502 ACTQ503 ACTQ504 ACTQ505 KEYQ-601 KEYQ-602 QUOQ701 ZZ11QA ZZ11QB ZZ11QC ZZ11QD ZZ99QE
    ZZ11QF ZZ11QG crumb@council.example
    """,
)
ALLOWED = {"Firm One": "data/firms.csv"}
"""A firm is named among the local firms paid most: it is no person."""
BLOB = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
IN_HEX = re.compile(r"<((?:[0-9a-fA-F]{2}\s*)+)>")
HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


class Marks:
    """Makes words with e-mail addresses, telephone numbers and postcodes of their own."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def reach(self) -> str:
        number = len(self.made)
        email, phone = f"jo{number}@firm.example", f"01632 96{number:04}"
        postcode = f"XQ{number // 10 % 90 + 1} {number % 10}QX"
        self.made += [email, phone, postcode]
        return REACH.format(email=email, phone=phone, postcode=postcode)

    def fill(self, text: str) -> str:
        return re.sub(r"\{reach\}", lambda _: self.reach(), text)


@pytest.fixture(scope="module")
def marks() -> Marks:
    return Marks()


@pytest.fixture(scope="module")
def params(root: Path, tmp_path_factory: pytest.TempPathFactory, marks: Marks) -> Path:
    """The tiny council with marks in all that its tables hold."""
    folder = tmp_path_factory.mktemp("params") / "test"
    shutil.copytree(root / BASE, folder)
    tables = {"suppliers": SUPPLIERS, "payments": PAYMENTS, "returns": RETURNS, **TABLES}
    for name, text in tables.items():
        (folder / "inputs" / f"{name}.csv").write_text(marks.fill(text), encoding="utf-8")
    with_marks(folder / "inputs" / "contracts.csv", marks, "title", "directorate", "project")
    with_marks(folder / "inputs" / "stories.csv", marks, "title", "story", "checked_by")
    with_marks(folder / "inputs" / "proxies.csv", marks, "source", "source_place", "checked_by")
    (folder / "person.key").write_text("0123456789abcdef0123456789abcdef", encoding="utf-8")
    (folder / "corrections.yaml").write_text(CORRECTIONS, encoding="utf-8")
    path = folder / "inputs" / "suppliers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("ZZ1 1QC", "ZZ1 1QG"), "utf-8")
    council = folder / "council.yaml"
    text = council.read_text(encoding="utf-8").replace("[NT1, NT10]", "[NT1, NT10, NT18]")
    council.write_text(text + "person_key_file: person.key\n", encoding="utf-8")
    publication = folder / "publication.yaml"
    content = yaml.safe_load(publication.read_text(encoding="utf-8"))
    content |= {"publication": "2022-mid-year", "reports": ["mid-year", "wards", "methods"]}
    content |= {"corrections": "corrections.yaml"}
    content["inputs"] |= {name: f"inputs/{name}.csv" for name in TABLES}
    path = folder / "2022-mid-year.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    publication.unlink()
    return path


def with_marks(path: Path, marks: Marks, *columns: str) -> None:
    """Write marks into columns of a table; one contract more is held by a person."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if path.stem == "contracts":
        rows.append({**rows[1], "contract_id": "C3", "supplier_id": "SIDQ301"})
    for row in rows:
        row |= {column: marks.reach() for column in columns}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def run(params: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("outputs")
    return runner.run([params], wards=[WARD], output_dir=out, profile="public")[0].folder


@pytest.fixture(scope="module")
def texts(run: Path) -> dict[str, str]:
    """All that every public file says, without white space, in small letters."""
    files = [path for path in sorted(run.rglob("*")) if path.is_file()]
    return {
        path.relative_to(run).as_posix(): bare(f"{path.name} {' '.join(said(path.read_bytes()))}")
        for path in files
    }


def bare(text: str) -> str:
    return re.sub(r"\s|\u00ad|\x02", "", text).lower()


def said(content: bytes) -> Iterator[str]:
    """What some bytes say to whoever opens them as deep as they go."""
    if content[:2] == b"\x1f\x8b":
        yield from said(gzip.decompress(content))
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for entry in package.infolist():
                yield f"{entry.filename} {entry.comment.decode(errors='replace')}"
                yield from said(package.read(entry))
    elif content[:5] == b"%PDF-":
        yield from said_by_pdf(content)
    else:
        text = content.decode("utf-8", errors="replace")
        yield from (text, html.unescape(text), unquote(text), re.sub("<[^>]*>", "", text))
        if text.lstrip()[:1] in ("{", "["):
            yield json.dumps(json.loads(text), ensure_ascii=False).replace("\\n", "")
        for blob in BLOB.findall(text):
            try:
                yield from said(base64.b64decode(blob, validate=True))
            except (binascii.Error, ValueError):
                continue  # letters that only look like base64


def said_by_pdf(content: bytes) -> Iterator[str]:
    with pypdfium2.PdfDocument(content) as document:
        yield " ".join(page.get_textpage().get_text_bounded() for page in document)
        yield str(document.get_metadata_dict())
    for part in (content, *STREAM.findall(content)):
        try:
            inner = zlib.decompress(part)
        except zlib.error:  # a stream that is not compressed is read as it stands
            inner = part
        text = inner.decode("latin-1")
        yield text
        for digits in IN_HEX.findall(text):
            raw = bytes.fromhex(digits)
            yield raw.decode("utf-16-be", errors="replace")


def test_the_search_finds_what_is_planted(texts: dict[str, str]) -> None:
    """What has to be public is found, in every kind of file."""
    firm = bare("Firm One")
    found = {Path(name).suffix for name, text in texts.items() if firm in text}
    assert found == {".csv", ".html", ".ipynb", ".ods", ".pdf", ".xlsx"}
    assert all(name in texts for name in ALLOWED.values())


def test_nothing_that_names_or_reaches_a_person_is_public(
    texts: dict[str, str], marks: Marks
) -> None:
    assert len(marks.made) > 100
    wanted = {bare(mark): mark for mark in (*NEVER, *marks.made)}
    found = {
        name: sorted(mark for key, mark in wanted.items() if key in text)
        for name, text in texts.items()
    }
    assert {name: held for name, held in found.items() if held} == {}


def test_the_papers_hold_what_the_public_folder_does_not(run: Path) -> None:
    """The marks were read: auditors see them."""
    claims = (beside(run) / "claims.csv").read_text(encoding="utf-8")
    assert "CLAIMQ501" in claims and "Peregrine Yonge" in claims
    assert "ZZ1 1QG" in (beside(run) / "corrections.csv").read_text(encoding="utf-8")


def test_no_public_hash_is_that_of_a_row_or_a_cell(texts: dict[str, str], params: Path) -> None:
    public = {digest for text in texts.values() for digest in HASH.findall(text)}
    assert len(public) > 10
    tried = {
        hashlib.sha256(spelling.encode()).hexdigest()
        for path in sorted(params.parent.rglob("*.csv"))
        for spelling in spellings(path)
    }
    assert public & tried == set()


def spellings(path: Path) -> Iterator[str]:
    """Each row and cell of a table in the ways that somebody would try."""
    content = path.read_text(encoding="utf-8")
    for line in content.splitlines():
        yield from (line, f"{line}\n", f"{line}\r\n")
    for number, row in enumerate(csv.DictReader(io.StringIO(content)), start=2):
        cells = [cell or "" for cell in row.values()]
        yield from (sign.join(cells) for sign in (",", ";", "|", "\t", " ", ""))
        yield from (json.dumps(row), json.dumps(cells), str(row), str(cells), repr(tuple(cells)))
        yield from (f"inputs/{path.name}:{number}", f"{path.name}:{number}", f"{path.name}{number}")
        for cell in cells:
            yield from (cell, cell.lower(), cell.upper(), cell.replace(" ", ""))
