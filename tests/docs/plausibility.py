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
world:
  accelerators:
    h100: {peak_power: 8.4 kW, idle_power: 2.2 kW}
fleets:
  korea:
    electricity: {load: 100 %%}
    sites:
      hall: {design_pue: 1, phases: {all: {power: 21 MW, start: 2024-01-01}}}
    stock: {cluster: {model: h100, count: 16384, since: 2024-01-01, site: hall}}
"""

# 60,000 H100 in 103 MW. Works a watt: Epoch AI's 10.2 USD in the US to 15.15 in Tokyo (Turner & Townsend
# index 2025-26), no figure being known for Korea. The budgets are larger than what is bought and built.
ULSAN = """fleetcast: 1
horizon: {start: 2025-07-01, end: 2029-07-01}
extends: [%s/data/accelerators.yaml, %s/data/currencies.yaml, %s/data/korea.yaml]
fleets:
  korea:
    budgets:
      accelerators: {amount: 20 tn KRW, enacted: 2025-07-01}
      works: {amount: 20 tn KRW, enacted: 2025-07-01, lines: {gpu: 0 %%, building: 100 %%}}
    sites:
      ulsan:
        design_pue: 1.3
        pays_from: [works]
        cost: {unknown: {low: 10.2 m USD/MW, high: 15.15 m USD/MW}}
        phases: {all: {power: 103 MW, start: 2025-08-29, build: 42 months}}
    programmes:
      cluster:
        pays_from: [accelerators]
        order: {rule: schedule, quantity: {2025-07-01: 60000}}
        mix: {h100: 100 %%}
        host: [ulsan]
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
            quantiles(database, "peak_power", "korea.2024", 2048 * 1e3),
            quantiles(database, "it_power", "korea", 2048 * 1e3))


def ulsan(folder):
    """Trillion won paid for accelerators and works."""
    path = os.path.join(folder, "ulsan.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(ULSAN % (SOURCE, SOURCE, SOURCE))
    database = run(folder, "ulsan", path, 200)
    return quantiles(database, "money_paid", "korea", 1e12)


def rows(folder):
    """Figure, on record, unit, source, ours (5, 50, 95 %), band of the ratio, remark."""
    failures, drawn, rated = big_run(folder)
    mw = tuple(x * 100000 / 8 / 1e3 for x in rated)
    return [
        ("GPUs bought with KRW 1.46 tn (2025)", 13136, "GPUs",
         "magazine.hankyung.com 202512180991b, 2025-12-18", bought(folder), (0.5, 1.2),
         "with what was known in May 2025; three quarters were later B200, at prices not known then"),
        ("unexpected interruptions a 1,000 server-days", 3.79, "",
         "419 in 54 days on 2,048 servers (arXiv 2407.21783)", failures, (0.7, 1.4),
         "the rate's own source; checks that servers fail at the rate given"),
        ("server with 8 H100, most drawn", 8.4, "kW",
         "IEEE Access 13 (2025); rated 10.2 kW", drawn, (0.97, 1.01),
         "the input's own source; checks that the meter counts every server that runs and no other"),
        ("103 MW with 60,000 H100 (SK-AWS Ulsan)", 7, "tn KRW",
         "v.daum.net 20250623; kmib.co.kr 1749986236", ulsan(folder), (0.5, 1.1),
         "H100 at catalogue prices; works at 10.2 to 15.15 USD a W of supply power, of other countries. What the 7 tn pay besides is not known"),
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
