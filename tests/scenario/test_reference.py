#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenario reference: the committed document is what the program writes, and every example in
it is a scenario.

usage: test_reference.py FLEETCAST SOURCE_ROOT
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])


def call(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)


WRITTEN = call("schema", "--markdown").stdout


class ReferenceTest(unittest.TestCase):
    maxDiff = None

    def test_the_document_is_up_to_date(self):
        document = ROOT / "docs" / "scenario-reference.md"
        self.assertEqual(document.read_text(encoding="utf-8"), WRITTEN,
                         f"write it anew: fleetcast schema --markdown > {document}")

    def test_the_experiment_reference_is_up_to_date(self):
        document = ROOT / "docs" / "experiment-reference.md"
        self.assertEqual(document.read_text(encoding="utf-8"),
                         call("schema", "--experiment", "--markdown").stdout,
                         f"write it anew: fleetcast schema --experiment --markdown > {document}")

    def test_every_example_is_valid(self):
        examples = re.findall(r"^```yaml\n(.*?)^```$", WRITTEN, re.S | re.M)
        self.assertGreaterEqual(len(examples), 7)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "starter.yaml").write_text(examples[0], encoding="utf-8")
            for i, example in enumerate(examples[1:]):
                with self.subTest(example=example):
                    self.assertIn("extends: starter.yaml\n", example)
                    file = folder / f"example-{i}.yaml"
                    file.write_text(example, encoding="utf-8")
                    program = call("validate", "--quiet", str(file))
                    self.assertEqual(program.returncode, 0, program.stderr)

    def test_tables_are_whole(self):
        """No cell holds a bar, which would cut a row in two."""
        width = None
        for line in WRITTEN.splitlines():
            bars = line.count("|")
            if not line.startswith("|"):
                width = None
                continue
            width = width or bars
            self.assertEqual(bars, width, line)

    def test_has_every_key_of_the_schema(self):
        schema = json.loads(call("schema").stdout)
        sections = [schema] + [d for d in schema["definitions"].values()
                               if "null" in d.get("type", []) and "properties" in d]
        self.assertGreater(len(sections), 15)
        keys = {key for section in sections for key in section["properties"]}
        for key in keys:
            self.assertIn(f"\n| `{key}` |", WRITTEN)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
