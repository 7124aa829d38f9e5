#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the model against what is on record: docs/plausibility.md.

    plausibility.py FLEETCAST SOURCE_FOLDER [--write]

Fails if a ratio leaves its band, or if the table in the document is not what the program gives now;
--write writes the table.
"""
import os
import sqlite3
import subprocess
import sys
import tempfile

FLEETCAST, SOURCE = sys.argv[1:3]
DOCUMENT = os.path.join(SOURCE, "docs", "plausibility.md")
BEGIN, END = "<!-- table -->\n", "<!-- end -->\n"

# 2,048 servers with 8 H100 for the 54 days of one training run.
BIG_RUN = """fleetcast: 1
horizon: {start: 2024-04-01, end: 2024-05-25}
extends: [%s/data/accelerators.yaml, %s/data/currencies.yaml, %s/data/korea.yaml]
fleets:
  korea:
    stock: {cluster: {model: h100, count: 16384, since: 2024-01-01}}
"""


def run(folder, name, scenario, n, *sets):
    """A database of n futures of a scenario with keys set."""
    database = os.path.join(folder, name + ".db")
    command = [FLEETCAST, "run", scenario, "-n", str(n), "-o", database, "--quiet", "--json"]
    for key in sets:
        command += ["--set", key]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return sqlite3.connect(database)


def quantiles(database, metric, entity, unit=1.0):
    """5 %, 50 % and 95 % over the futures (type 7)."""
    rows = database.execute(
        "SELECT value FROM v_outcome WHERE metric = ? AND entity = ? AND value IS NOT NULL ORDER BY value",
        (metric, entity)).fetchall()
    values = [row[0] / unit for row in rows]

    def at(p):
        h = (len(values) - 1) * p
        low = int(h)
        high = min(low + 1, len(values) - 1)
        return values[low] + (h - low) * (values[high] - values[low])

    return at(0.05), at(0.5), at(0.95)


def bought(folder):
    target = "fleets.korea.targets.mid-2026."
    database = run(folder, "bought", os.path.join(SOURCE, "scenarios", "korea-30k-2030.yaml"), 200,
                   target + "includes=[state-2025]", target + "counted_at=contracted")
    return quantiles(database, "count_by", "korea.targets.mid-2026")


def big_run(folder):
    path = os.path.join(folder, "big-run.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(BIG_RUN % (SOURCE, SOURCE, SOURCE))
    database = run(folder, "big-run", path, 200)
    return (quantiles(database, "failures", "korea", 2048 * 54 / 1000),
            quantiles(database, "it_power", "korea", 2048 * 1e3))


def rows(folder):
    """Figure, on record, unit, source, ours (5, 50, 95 %), band of the ratio, remark."""
    failures, power = big_run(folder)
    mw = tuple(x * 100000 / 8 / 1e3 for x in power)
    return [
        ("GPUs bought with KRW 1.46 tn (2025)", 13136, "GPUs",
         "magazine.hankyung.com 202512180991b, 2025-12-18", bought(folder), (0.5, 1.2),
         "with what was known in May 2025; three quarters were later B200, at prices not known then"),
        ("unexpected interruptions a 1,000 server-days", 3.79, "",
         "419 in 54 days on 2,048 servers (arXiv 2407.21783)", failures, (0.7, 1.4),
         "the rate's own source; checks that servers fail at the rate given"),
        ("server with 8 H100, most drawn", 8.4, "kW",
         "IEEE Access 13 (2025); rated 10.2 kW", power, (1.0, 1.3),
         "ours is the rating, as sites are planned by it"),
        ("site of 100,000 H100", 162, "MW",
         "150 to 174 MW, xAI Colossus 1 (Epoch AI, 2024-09)", mw, (0.7, 1.0),
         "ours is rated IT; the rest is what a PUE of 1.18 to 1.36 adds"),
    ]


def number(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def table(measured):
    lines = ["| figure | on record | source | ours: median (5 to 95 %) | inside | ratio | band | remark |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    bad = []
    for figure, record, unit, source, (low, median, high), band, remark in measured:
        ratio = median / record
        if not band[0] <= ratio <= band[1]:
            bad.append(f"{figure}: ratio {ratio:.2f} is not within {band[0]} to {band[1]}")
        ours = number(median) if low == high else f"{number(median)} ({number(low)} to {number(high)})"
        inside = "-" if low == high else "yes" if low <= record <= high else "no"
        lines.append(f"| {figure} | {number(record)} {unit}".rstrip() +
                     f" | {source} | {ours} | {inside} | {ratio:.2f} | {band[0]} to {band[1]} | {remark} |")
    return "\n".join(lines) + "\n", bad


def main():
    with tempfile.TemporaryDirectory() as folder:
        text, bad = table(rows(folder))
    with open(DOCUMENT, encoding="utf-8") as file:
        document = file.read()
    before, rest = document.split(BEGIN)
    old, after = rest.split(END)
    if "--write" in sys.argv:
        with open(DOCUMENT, "w", encoding="utf-8") as file:
            file.write(before + BEGIN + text + END + after)
    elif old != text:
        bad.append("docs/plausibility.md does not say this; see whether it should, and write it with --write:\n" + text)
    for line in bad:
        print(line, file=sys.stderr)
    sys.exit(1 if bad else 0)


main()
