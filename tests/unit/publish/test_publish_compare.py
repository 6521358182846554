"""What moved between two runs, and why: the parts add up, and each cause is named for what it
is.
"""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from twice import Twice, attach, rewrite

from sv_lib.analysis import evidence
from sv_lib.errors import ParameterError
from sv_lib.params import load
from sv_lib.publish.audit.compare import Comparison, Move, compare, opened
from sv_lib.publish.audit.input_differences import NOTHING
from sv_lib.publish.files import manifest
from sv_lib.publish.files.manifest import beside
from sv_lib.toms.measures import catalogue


def moves(then: Path, now: Path) -> dict[str, Move]:
    found = {move.figure_id: move for move in Comparison(opened(then), opened(now)).moved()}
    for move in found.values():
        assert not move.parts or sum(move.parts.values()) == Decimal(move.now) - Decimal(move.then)
    return found


def test_nothing_moves_between_two_runs_of_the_same(twice: Twice) -> None:
    said = compare(twice.run("a"), twice.run("b"))
    assert said[3] == "  nothing"
    assert any(line.startswith("Figures that moved: 0 of ") for line in said)


def test_rows_changed_added_and_removed_are_told_apart(twice: Twice) -> None:
    then = twice.run("a")
    twice.edit("inputs/payments.csv", "1200.50", "1200.51")
    changed = twice.run("b")
    twice.edit(
        "inputs/payments.csv", "P2,", "P1a,2021-11-02,S1,Firm One,Place,construction,5,,no\nP2,"
    )
    added = twice.run("c")
    assert moves(then, changed)["spend.total.this"].parts == {
        "rows changed in inputs/payments.csv": 1
    }
    assert moves(changed, added)["spend.total.this"].parts == {
        "rows added in inputs/payments.csv": 500
    }
    assert moves(added, changed)["spend.total.this"].parts == {
        "rows removed in inputs/payments.csv": -500
    }
    assert "spend.card.yes.this" not in moves(changed, added)
    went_in = Comparison(opened(changed), opened(added)).inputs.lines()
    assert went_in == ["inputs/payments.csv: changed, 3 rows -> 4 rows; 1 row added (row 3)"]
    assert "1 row changed (row 2)" in Comparison(opened(then), opened(changed)).inputs.lines()[0]


def test_the_order_of_rows_is_no_change(twice: Twice) -> None:
    then = twice.run("a")
    path = twice.params.parent / "inputs/payments.csv"
    heading, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([heading, *reversed(rows)]) + "\n", encoding="utf-8")
    now = twice.run("b")
    assert moves(then, now) == {}
    both = Comparison(opened(then), opened(now))
    assert both.inputs.lines()[0].endswith(
        "no row in use differs but in what is about people, or in its place"
    )


def test_what_a_proxy_moves_is_said_of_the_claims(twice: Twice) -> None:
    then = twice.run("a")
    twice.edit("inputs/proxies.csv", ",200,", ",210,")
    found = moves(then, twice.run("b"))
    assert found["headline.delivered_value.this"].parts == {
        "proxy or edition of claims": 6 * 1000 + 2250
    }
    assert set(found["delivery.committed.this"].parts) == {"inputs/proxies.csv"}
    assert found["delivery.not_yet_due.this"].follows == (
        "delivery.committed.this",
        "delivery.due.this",
    )
    words = found["headline.delivered_value.this"].in_words()
    assert words[0] == "headline.delivered_value.this: £1,650.00 -> £1,732.50 (+£82.50)"


def test_a_ward_moves_what_is_paid_there_by_another_file(twice: Twice) -> None:
    then = twice.run("a")
    twice.edit("inputs/contract_places.csv", "C1,E05990001", "C1,E05990002")
    found = moves(then, twice.run("b"))
    assert found["lens.spend.E05990002.place"].parts == {"inputs/contract_places.csv": 90038}
    assert "spend.total.this" not in found


def test_parameters_and_corrections_are_causes(twice: Twice) -> None:
    then = twice.run("a")
    twice.edit("2022-mid-year.yaml", "end: 2022-03-31", "end: 2021-11-02")
    later = twice.run("b")
    found = moves(then, later)
    assert found["spend.total.this"].parts == {"parameters": 2000}
    words = Comparison(opened(then), opened(later)).inputs.lines()
    assert words == ["parameters.publication.spend.this.end: 2022-03-31 -> 2021-11-02"]
    correction = (
        "- {table: payments, key: {payment_id: P1}, column: amount, expected: "
        "'1200.50', value: '1195.50',"
        " why: misread, who: Finance, on: 2022-06-01}\n"
    )
    (twice.params.parent / "corrections.yaml").write_text(correction, encoding="utf-8")
    twice.edit("2022-mid-year.yaml", "data_as_at:", "corrections: corrections.yaml\ndata_as_at:")
    assert moves(later, twice.run("c"))["spend.total.this"].parts == {
        "corrections of inputs/payments.csv": -500
    }


def test_public_runs_do_not_say_which_return_was_corrected(twice: Twice) -> None:
    then = twice.outcome("a", "public").folder
    correction = (
        "- {table: returns, key: {claim_id: R1}, column: quantity, expected: '6', value: '7',"
        " why: misread, who: Contracts, on: 2022-06-01}\n"
    )
    (twice.params.parent / "corrections.yaml").write_text(correction, encoding="utf-8")
    twice.edit("2022-mid-year.yaml", "data_as_at:", "corrections: corrections.yaml\ndata_as_at:")
    now = twice.outcome("b", "public").folder
    words = Comparison(opened(then), opened(now)).inputs.lines()
    assert "correction of inputs/returns.csv, row 2: not the same in both" in words
    shutil.rmtree(beside(now))
    words = Comparison(opened(then), opened(now)).inputs.lines()
    assert "correction of inputs/returns.csv, row [c]: not the same in both" in words


def test_without_papers_figures_move_and_rows_are_said_not_to_be_shown(twice: Twice) -> None:
    """Of a file about people not even that it changed; of others that they did."""
    then = twice.outcome("a", "public").folder
    twice.edit("inputs/payments.csv", "1200.50", "1200.51")
    twice.edit("inputs/contract_places.csv", "C1,E05990001", "C1,E05990002")
    now = twice.outcome("b", "public").folder
    with_papers = moves(then, now)
    shutil.rmtree(beside(then))
    without = moves(then, now)
    assert without.keys() == with_papers.keys()
    cause = "rows not shown: the working papers of this run do not lie beside it"
    assert without["spend.total.this"].parts == {cause: 1}
    words = Comparison(opened(then), opened(now)).inputs.lines()
    assert words == ["inputs/contract_places.csv: changed, 3 rows -> 3 rows"]
    closed = "  rows, and files about people: not shown: the working papers of this run do not lie"
    assert any(line.startswith(closed) for line in compare(then, now))


def test_a_file_that_was_not_there(twice: Twice) -> None:
    then = twice.run("a")
    text = "payment_id,paid_on,supplier_id,supplier_name,directorate,category,amount,contract_id,is_card\n"  # noqa: E501 text as a file or a script has it
    more = twice.params.parent / "inputs/more.csv"
    more.write_text(f"{text}P9,2021-12-01,S1,Firm One,Place,construction,7,,no\n", encoding="utf-8")
    twice.edit(
        "2022-mid-year.yaml",
        "payments: inputs/payments.csv",
        "payments: [inputs/payments.csv, inputs/more.csv]",
    )
    now = twice.run("b")
    assert moves(then, now)["spend.total.this"].parts == {"the file inputs/more.csv, added": 700}
    assert moves(now, then)["spend.total.this"].parts == {"the file inputs/more.csv, removed": -700}


def test_another_method_is_named_when_nothing_else_differs(twice: Twice) -> None:
    then, now = twice.run("a"), twice.run("b")
    content = (now / manifest.NAME).read_text(encoding="utf-8")
    code = manifest.read(now)["code_sha256"]
    (now / manifest.NAME).write_text(content.replace(code, "0" * 64), encoding="utf-8")
    attach(now)
    both = Comparison(opened(then), opened(now))
    assert [line.split(":")[0] for line in both.inputs.tools] == ["code_sha256"]
    assert both.inputs.lines() == []
    assert both.inputs.cause("inputs/payments.csv", 2) == "method (code)"


def test_a_figure_with_a_value_then_and_none_now_has_no_parts(twice: Twice) -> None:
    then = twice.run("a")
    twice.edit("2022-mid-year.yaml", "end: 2022-03-31", "end: 2021-10-31")
    move = moves(then, twice.run("b"))["spend.total.this"]
    assert (move.now, move.parts) == ("", {})
    assert move.in_words() == [
        "spend.total.this: £1,180.50 -> not known (known in one of the two only)"
    ]


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="only a finished run can be compared"):
        compare(tmp_path, tmp_path)


def test_fingerprints_hold_nothing_about_people(twice: Twice) -> None:
    then = twice.run("a")
    twice.edit("inputs/returns.csv", "6,1,,2,A1", "6,1,,3,A1")
    twice.edit("inputs/suppliers.csv", "S1,Firm One", "S1,Firm Uno")
    now = twice.run("b")
    files = ["inputs/returns.csv", "inputs/suppliers.csv"]
    before, after = (opened(run).row_fingerprints(files) for run in (then, now))
    assert before.equals(after)


def test_the_evidence_sample_follows_the_inputs_alone(twice: Twice) -> None:
    name = f"{evidence.NAME}.csv"
    first, second = (pd.read_csv(beside(twice.run(run)) / name) for run in ("a", "b"))
    assert first.equals(second)
    assert first["claim_id"].tolist() == ["R1", "R2"]
    assert first["evidence_seen"].isna().all()
    twice.edit("inputs/payments.csv", "1200.50", "1200.51")
    assert pd.read_csv(beside(twice.run("c")) / name)["seed"].iloc[0] != first["seed"].iloc[0]


def test_a_sample_is_the_highest_values_and_a_draw_that_order_does_not_move(twice: Twice) -> None:
    run = opened(twice.run("a"))
    count = 60
    claims = pd.DataFrame(
        {
            "claim_id": [f"R{n:02}" for n in range(count)],
            "value_pence": pd.array(range(count), dtype="Int64"),
            "state": ["rejected" if n == count - 1 else "reported" for n in range(count)],
            "is_blocked": False,
            "period_end": pd.Timestamp("2022-02-28"),
            "measure_ref": "NT10",
        }
    )
    claims = claims.reindex(columns=[*claims.columns, *(set(evidence.ASKED) - set(claims.columns))])
    period = load(twice.params).sv
    seed = manifest.hash_of(run.manifest["inputs"])
    chosen = evidence.sample(claims, period, catalogue(), seed)
    shuffled = evidence.sample(claims.sample(frac=1, random_state=1), period, catalogue(), seed)
    assert chosen["claim_id"].tolist() == shuffled["claim_id"].tolist()
    assert chosen["claim_id"][:10].tolist() == [f"R{n:02}" for n in range(58, 48, -1)]
    assert chosen["chosen"].value_counts().to_dict() == {"random": 15, "highest value": 10}
    assert chosen["claim_id"].is_unique
    other = evidence.sample(claims, period, catalogue(), "another")
    assert other["claim_id"][10:].tolist() != chosen["claim_id"][10:].tolist()


def test_a_figure_altered_by_hand_has_no_cause(twice: Twice) -> None:
    then, now = twice.run("a"), twice.run("b")
    rewrite(now, "figures.csv", ",118050,", ",118051,")
    assert moves(then, now)["spend.total.this"].parts == {NOTHING: 1}
