"""The shared samples of pasted customers, judged by their own scorer."""

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict

import pytest
from django.conf import settings

from orders.intake.paste.reading import read_paste
from tests.intake.zip_table import zip_table

SAMPLES = settings.BASE_DIR.parent / "shared" / "samples"
if not SAMPLES.is_dir() and not os.environ.get("CI"):
    pytest.skip("the shared samples are not beside this checkout", allow_module_level=True)


def neutral(text):
    answer = read_paste(text, zip_table())
    rows = [{"phone": o.phone, "email": o.email, **asdict(o.recipient)} for o in answer.orders]
    return {"rows": rows, "rejected": sum(r.severity == "error" for r in answer.remarks)}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scores")
    found = {}
    for name in ("customer_lines.json", "customer_batches.json"):
        for sample in json.loads((SAMPLES / name).read_text(encoding="utf-8")):
            found[sample["id"]] = neutral(sample["text"])
    (folder / "got.json").write_text(json.dumps(found), encoding="utf-8")
    scorer = [sys.executable, str(SAMPLES / "score_lines.py")]
    done = subprocess.run(
        [*scorer, "--got", str(folder / "got.json"), "--json", str(folder / "out.json")],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout, json.loads((folder / "out.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("level", "least"), [("easy", 97), ("medium", 93), ("hard", 80)])
def test_each_level_is_read_well(report, level, least):
    summary = report[1]["summary"][level]
    score = 0.5 * summary["whole"] + 0.3 * summary["deliverable"] + 0.2 * summary["fields"]
    assert score >= least


def test_the_total_is_reached(report):
    assert float(re.search(r"TOTAL ([\d.]+)", report[0]).group(1)) >= 90


def test_every_batch_is_right(report):
    for batch in report[1]["batches"]:
        assert (batch["right"], batch["extra"]) == (batch["wanted"], 0)
        assert batch["rejected"] == batch["expected_rejected"]
