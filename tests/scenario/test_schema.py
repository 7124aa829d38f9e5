#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema against the program: what `fleetcast validate` accepts the schema accepts, and
what has the wrong shape both refuse.

usage: test_schema.py FLEETCAST SOURCE_ROOT
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import jsonschema
import yaml

PROGRAM, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])


def call(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)


class Core(yaml.SafeLoader):
    """Scalars as YAML 1.2 reads them (and editors): 2026-07-01 is a text, 1_000 is one too."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in [
        ("int", r"[-+]?[0-9]+", "-+0123456789"),
        ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
        ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
        ("null", r"null|Null|NULL|~|", ["n", "N", "~", ""])]:
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^({pattern})$"),
                               list(first))
# Without YAML 1.1's octal and base-60 readings.
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def with_text_keys(node):
    if isinstance(node, dict):
        return {str(k): with_text_keys(v) for k, v in node.items()}
    return [with_text_keys(v) for v in node] if isinstance(node, list) else node


def read(text):
    return with_text_keys(yaml.load(text, Core))


SCHEMA = json.loads(call("schema").stdout)
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
STARTER = call("init", "--lang", "en").stdout

NATIONAL = "fleets.demo.programmes.national"
PHASE = "fleets.demo.sites.new-park.phases.first"
GPU = "world.accelerators.gpu-a"

# Values of a key that both must accept, in all the ways a value can be written.
RIGHT = [
    (f"{PHASE}.connect", "18 months"),
    (f"{PHASE}.connect", "1년 6개월"),
    (f"{PHASE}.connect", "1,000 days"),
    (f"{PHASE}.connect", "{unknown: {low: 1 year, likely: 18 months, high: 3 years}}"),
    (f"{PHASE}.connect", "{unknown: {low: 1 year, high: 3 years}}"),
    (f"{PHASE}.connect", "{varies: {usual: 12 months, bad_1_in_20: 36 months}}"),
    (f"{PHASE}.connect", "{unknown: {one_of: {12 months: 40 %, 24 months: 60 %}}}"),
    (f"{PHASE}.connect", "{varies: {sample: [10 months, 14 months, 30 months]}}"),
    (f"{PHASE}.connect", "{varies: {distribution: constant, value: 3 months}}"),
    (f"{PHASE}.connect", "{varies: {distribution: uniform, low: 3 months, high: 5 months}}"),
    (f"{PHASE}.connect",
     "{varies: {distribution: triangular, low: 3 months, likely: 4 months, high: 5 months}}"),
    (f"{PHASE}.connect", "{varies: {distribution: normal, mean: 9 months, sd: 1 month}}"),
    (f"{PHASE}.connect",
     "{varies: {distribution: normal, mean: 9 months, sd: 1 month, low: 0 days, high: 1 year}}"),
    (f"{PHASE}.connect", "{unknown: {distribution: lognormal, median: 9 months, sigma: 0.4}}"),
    (f"{PHASE}.connect", "{unknown: {distribution: gamma, shape: 2, scale: 5 months}}"),
    (f"{PHASE}.connect", "{unknown: {distribution: weibull, shape: 1.5, scale: 5 months}}"),
    (f"{PHASE}.connect",
     "{unknown: {distribution: beta, a: 2, b: 3, low: 5 months, high: 1 year}}"),
    (f"{PHASE}.connect", "{varies: {distribution: exponential, mean: 9 months}}"),
    (f"{PHASE}.connect",
     "{varies: {distribution: pert, low: 3 months, likely: 4 months, high: 5 months}}"),
    (f"{PHASE}.start", "{unknown: {distribution: normal, mean: 2026-07-01, sd: 2 months}}"),
    (f"{PHASE}.connect",
     "{varies: {usual: {unknown: {low: 1 year, high: 2 years}}, bad_1_in_20: 4 years}}"),
    (f"{PHASE}.connect", "{value: 18 months, source: a study, certainty: low, known_by: 2025-03}"),
    (f"{PHASE}.connect", "{value: {unknown: {low: 1 year, high: 3 years}}, note: a guess}"),
    (f"{PHASE}.connect", "{unknown: {low: 1 year, high: 3 years}, certainty: assumption}"),
    (f"{PHASE}.connect", f"{{same_as: {NATIONAL}.install}}"),
    (f"{PHASE}.power", "12 MW"),
    (f"{PHASE}.power", "12,000 kW"),
    (f"{PHASE}.start", "2026-07"),
    (f"{PHASE}.start", "2026년 3분기"),
    (f"{PHASE}.start", "{unknown: {low: 2026-05-01, likely: 2026-06-01, high: 2027-01-01}}"),
    (f"{PHASE}.start", "{unknown: {one_of: {2026-05-01: 0.5, 2027-05-01: 0.5}}}"),
    (f"{GPU}.price", "31000 USD"),
    (f"{GPU}.price", "USD 31,000"),
    (f"{GPU}.price", "3만 1천 달러"),
    (f"{GPU}.price", "{2026-01-01: 36000 USD, 2027-07-01: 31000 USD}"),
    (f"{GPU}.price", "{steps: {2026-01-01: 36000 USD, 2027-07-01: 31000 USD}}"),
    (f"{GPU}.price", "{linear: {2026-01-01: 36000 USD, 2030-01-01: 20000 USD}}"),
    (f"{GPU}.price", "{linear: {2026-01-01: 36000 USD, 2030-01-01: "
                     "{unknown: {low: 15000 USD, high: 25000 USD}}}, source: a forecast}"),
    (f"{GPU}.lead_time", "{2026-01-01: {varies: {usual: 5 months, bad_1_in_20: 9 months}}, "
                         "2027-01-01: {value: 3 months, source: vendor}}"),
    ("world.currencies.EUR.per_usd", "0.9 EUR/USD"),
    ("fleets.demo.budgets.main-2027.lines.gpu", "0.7"),
    ("fleets.demo.budgets.main-2027.lines.gpu", "70 %"),
    ("fleets.demo.budgets.main-2027.lines.gpu", "70퍼센트"),
    ("fleets.demo.budgets.main-2027.lines.gpu", "{unknown: {passed: 14, of: 20}}"),
    ("fleets.demo.budgets.main-2027.amount", "3억 유로"),
    ("fleets.demo.budgets.main-2027.amount", "EUR 0.3 bn"),
    ("fleets.demo.stock.university.count", "480"),
    ("fleets.demo.stock.university.count", "480장"),
    ("fleets.demo.stock.university.count", "{unknown: {low: 400, high: 500}}"),
    ("fleets.demo.stock.university.site", "old-hall"),
    ("fleets.demo.sites.old-hall.region", "no"),
    ("fleets.demo.sites.old-hall.design_pue", "1.25"),
    ("fleets.demo.upkeep.failure_rate", "40 %/server-year"),
    ("fleets.demo.targets.end-2028.gpus", "1만 장"),
    ("fleets.demo.targets.end-2028.counted_at", "delivered"),
    ("fleets.demo.targets.end-2028.includes", "national"),
    ("fleets.demo.targets.end-2028.includes", "[national, university]"),
    (f"{NATIONAL}.pays_from", "main-2026"),
    (f"{NATIONAL}.mix", "{gpu-a: 1}"),
    (f"{NATIONAL}.mix_by", "count"),
    (f"{NATIONAL}.mix_by_order_year", "{2026: {gpu-a: 100 %}, 2027: {gpu-a: 100 %}}"),
    (f"{NATIONAL}.tender", "{call: 80 days, fails: {unknown: {passed: 2, of: 8}}}"),
    (f"{NATIONAL}.fallback", "{models: gpu-a, otherwise: cancel}"),
    ("fleets.demo.allotments", "{vendor: {models: gpu-a, a_quarter: {2026-01-01: 1000}}}"),
    ("world.export_rules", "{chips: {status: licence}}"),
    ("world.export_rules", "{chips: {status: {2025-01-01: licence, 2026-01-01: banned}}}"),
    ("world.export_rules", "{chips: {status: {unknown: {one_of: {free: 60 %, banned: 40 %}}}}}"),
    ("world.export_rules", "{chips: {status: {value: banned, source: the register}}}"),
    (f"{NATIONAL}.mix", "{value: {gpu-a: 100 %}, source: the ministry}"),
    (f"{NATIONAL}.host", "null"),
    (f"{NATIONAL}.order", "{rule: schedule, quantity: {2026-06-30: 4000, 2027-06-30: 9600}}"),
    ("fleets.demo.title", "Demoland"),
    ("fleets.demo.title", "2030"),
    ("horizon.end", "2031. 1. 1."),
    ("replications", "1,000"),
    ("seed", "9007199254740991"),
    ("active", "[faster-grid]"),
    ("correlate", "[{between: [world.currencies.EUR.per_usd, "
                  "fleets.demo.budgets.main-2027.lines.gpu], correlation: -0.4}]"),
    ("shocks.supply-crunch.until", "2029-01-01"),
    ("shocks.supply-crunch.in_progress", "redraw"),
    ("shocks.supply-crunch.set", f"{{{GPU}.price: 40000 USD}}"),
    ("policies.faster-grid",
     "{at: null, when: {metric: gpus_in_service, fleet: demo, is: below, threshold: 4000, "
     "reviewed: [2027-01-01, 2027-07-01]}, add: {fleets.demo.budgets.main-2027.amount: 50 m EUR}}"),
]

# What has the wrong shape, kind or key: both must refuse it.
WRONG = [
    ("horizn", "{start: 2026-01-01, end: 2030-01-01}"),
    ("fleetcast", "2"),
    ("horizon.start", "soon"),
    ("replications", "many"),
    ("replications", "0"),
    ("seed", "-1"),
    (f"{NATIONAL}.mix_by", "gpus"),
    (f"{NATIONAL}.mix_by_order_year", "{gpu-a: 100 %}"),
    ("world.export_rules", "{chips: {status: forbidden}}"),
    ("world.export_rules", "{chips: {status: {unknown: {low: free, high: banned}}}}"),
    (f"{PHASE}.connect", "18"),
    (f"{PHASE}.connect", "18 MW"),
    (f"{PHASE}.connect", "[1 year, 2 years]"),
    (f"{PHASE}.connect", "{low: 1 year, high: 2 years}"),
    (f"{PHASE}.connect", "{unknown: 18 months}"),
    (f"{PHASE}.connect", "{unknown: {low: 1 year}}"),
    (f"{PHASE}.connect", "{unknown: {low: 1 year, hgih: 2 years}}"),
    (f"{PHASE}.connect", "{unknown: {low: 1 year, likely: 18, high: 2 years}}"),
    (f"{PHASE}.connect", "{unknown: {distribution: cauchy, median: 1 year}}"),
    (f"{PHASE}.connect", "{unknown: {distribution: gamma, shape: 2}}"),
    (f"{PHASE}.connect", "{unknown: {passed: 4, of: 20}}"),
    (f"{PHASE}.connect", "{unknown: {low: 1 year, high: 2 years}, varies: {low: 1 day, high: 2 days}}"),
    (f"{PHASE}.connect", "{2026-01-01: 1 year, 2028-01-01: 2 years}"),
    (f"{PHASE}.connect", "{value: 18 months, certainty: sure}"),
    (f"{PHASE}.connect", "{value: 18 months, sauce: a study}"),
    (f"{PHASE}.power", "12"),
    (f"{PHASE}.power", "{varies: {low: 1 MW, high: 2 MW}}"),
    (f"{PHASE}.start", "{unknown: {usual: 2026-05-01, bad_1_in_20: 2027-01-01}}"),
    (f"{GPU}.price", "31000"),
    (f"{GPU}.price", "{linear: {soon: 36000 USD}}"),
    (f"{GPU}.bf16_dense", "{unknown: {low: 900 TFLOPS, high: 1000 TFLOPS}}"),
    (f"{GPU}.per_server", "eight"),
    ("fleets.demo.budgets.main-2027.lines.gpu", "most"),
    ("fleets.demo.budgets.main-2027", "300 m EUR"),
    ("fleets.demo.budgets.main-2027.amuont", "300 m EUR"),
    ("fleets.demo.targets.end-2028.counted_at", "installed"),
    ("fleets.demo.targets.end-2028.gpus", "{unknown: {low: 1, high: 2}}"),
    ("fleets.demo.targets", "[end-2028]"),
    (f"{NATIONAL}.mix", "gpu-a"),
    (f"{NATIONAL}.order.rule", "guess"),
    (f"{NATIONAL}.pays_from", "{main-2026: 100 %}"),
    ("fleets.demo.title", "{en: Demoland, de: Demoland}"),
    ("fleets.demo", "{fleet: of GPUs}"),
    ('fleets."a b"', "{currency: EUR}"),
    ("correlate", "[{between: [world.currencies.EUR.per_usd], correlation: 0.4}]"),
    ("policies.faster-grid.in_progress", "stop"),
    ("policies.faster-grid.set", "faster"),
    ("policies.faster-grid.when", "{metric: happiness, fleet: demo, is: below, threshold: 1, "
                                  "reviewed: 2027-01-01}"),
]


def names_of(path):
    return [a or b for a, b in re.findall(r'"([^"]*)"|([^."]+)', path)]


class SchemaTest(unittest.TestCase):
    def accepted(self, document):
        return next(VALIDATOR.iter_errors(document), None)

    def validate(self, path, value):
        """Whether the program accepts the starter with a child file that sets one value."""
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "starter.yaml").write_text(STARTER, encoding="utf-8")
            lines = ["fleetcast: 1", "extends: starter.yaml"]
            names = names_of(path)
            if names[0] == "fleetcast":
                lines = lines[1:]
            for depth, name in enumerate(names[:-1]):
                lines.append("  " * depth + json.dumps(name) + ":")
            lines.append("  " * (len(names) - 1) + json.dumps(names[-1]) + ": " + value)
            text = "\n".join(lines) + "\n"
            child = pathlib.Path(folder) / "child.yaml"
            child.write_text(text, encoding="utf-8")
            return read(text), call("validate", "--quiet", str(child))

    def test_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)

    def test_every_key_is_described_in_both_languages(self):
        sections = [SCHEMA] + [d for d in SCHEMA["definitions"].values() if "properties" in d]
        described = [p for s in sections for n, p in s["properties"].items() if "anyOf" in p]
        self.assertGreater(len(described), 60)
        with_words = [p for p in described if "description" in p]
        for p in with_words:
            self.assertRegex(p["description"], "[가-힣]")

    def test_accepts_the_starters_and_the_scenarios(self):
        texts = {f"init --lang {lang}": call("init", "--lang", lang).stdout for lang in ("en", "ko")}
        for file in sorted((ROOT / "scenarios").rglob("*.yaml")):
            if file.parent.name != "experiments":
                texts[str(file)] = file.read_text(encoding="utf-8")
        for name, text in texts.items():
            with self.subTest(name):
                self.assertTrue(text)
                self.assertIsNone(self.accepted(read(text)))

    def test_accepts_what_the_program_accepts(self):
        for path, value in RIGHT:
            with self.subTest(path=path, value=value):
                document, program = self.validate(path, value)
                self.assertEqual(program.returncode, 0, program.stderr)
                self.assertIsNone(self.accepted(document))

    def test_refuses_wrong_shapes(self):
        for path, value in WRONG:
            with self.subTest(path=path, value=value):
                document, program = self.validate(path, value)
                self.assertEqual(program.returncode, 3, program.stderr)
                self.assertIsNotNone(self.accepted(document))

    def test_null_may_stand_anywhere(self):
        for path in ("policies.faster-grid", f"{NATIONAL}.host", "fleets.demo.stock.university"):
            document, program = self.validate(path, "null")
            self.assertEqual(program.returncode, 0, program.stderr)
            self.assertIsNone(self.accepted(document))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
