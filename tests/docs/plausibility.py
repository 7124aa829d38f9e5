#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the model against what is on record: docs/plausibility.md.

    plausibility.py FLEETCAST SOURCE_FOLDER [--write]

Fails if a ratio leaves its band, if an answer no longer agrees or disagrees as its reason says, or if
a table in the document is not what the program gives now; --write writes the tables.
"""
import datetime
import os
import sqlite3
import subprocess
import sys
import tempfile

FLEETCAST, SOURCE = sys.argv[1:3]
DOCUMENT = os.path.join(SOURCE, "docs", "plausibility.md")
TABLE, BESIDE, END = "<!-- table -->\n", "<!-- beside -->\n", "<!-- end -->\n"

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
    return spread(row[0] / unit for row in database.execute(
        "SELECT value FROM v_outcome WHERE metric = ? AND entity = ? AND value IS NOT NULL",
        (metric, entity)))


def spread(values):
    values = sorted(values)

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


def shipped(folder, name, *sets):
    """A database of 200 futures of a scenario of scenarios/."""
    return run(folder, name + str(len(sets)), os.path.join(SOURCE, "scenarios", name + ".yaml"), 200, *sets)


def days(date):
    return (datetime.date.fromisoformat(date) - datetime.date(1970, 1, 1)).days


def on_day(database, metric, day, unit=1.0):
    """5 %, 50 % and 95 % of a series at a month's end."""
    row = database.execute("SELECT p05, p50, p95 FROM v_series WHERE metric = ? AND date = ?",
                           (metric, day)).fetchone()
    return tuple(value / unit for value in row)


def supply_power(database):
    """GW: rated IT power times the PUE drawn in the same future."""
    return spread(row[0] / 1e9 for row in database.execute(
        "SELECT o.value * d.value FROM v_outcome o JOIN v_draw d USING (run_id, replication)"
        " WHERE o.metric = 'it_power' AND d.path LIKE '%.design_pue'"))


def beside(folder):
    """Question, on record, how it is written, source, ours (5, 50, 95 %), whether it agrees, why."""
    meta, abilene = shipped(folder, "meta-2025"), shipped(folder, "us-abilene")
    eu, china = shipped(folder, "eu-gigafactories"), shipped(folder, "china-export-rules")
    held = shipped(folder, "meta-2025", "fleets.meta.programmes.gpus-2025.order.at_most=0")
    free = shipped(folder, "china-export-rules",
                   *(f"world.export_rules.{rule}.status=free"
                     for rule in ("h100-class", "h200", "h800", "h20-stop", "h20-licence")))
    return [
        ("Meta: H100-equivalents bought by the end of 2024", 600000, number, "goal of 2024-01 (datacenterdynamics.com)",
         quantiles(held, "h100e_in_service", "meta"), "yes",
         "Omdia's purchases and 16,000 A100, all in use: two figures of different origin. That all of them ran by then is not shown"),
        ("Meta: GPUs in service at the end of 2025", 1300000, number, "goal of 2025-01 (getcoai.com)",
         on_day(meta, "gpus_in_service", "2025-12-31"), "no",
         "the money reaches in half of all futures, the power does not: 1 GW holds 410,000 to 520,000 of the B200's class, and 737,000 are missing. "
         "Of H200 it holds 580,000 to 730,000: goal and GW nearly fit each other for Hopper"),
        ("Abilene: 400,000 GB200 in service", days("2026-06-30"), date, "mid-2026 (techspot, Financial Times)",
         quantiles(abilene, "reached_in_service", "abilene.targets.mid-2026"), "no",
         "the works: nine other new US sites took 13 to 36 months to first power, and when these began is an assumption. No outcome on record"),
        ("Abilene: supply power of 400,000 GB200, GW", 1.2, number, "1.2 GW for the site (techspot)",
         supply_power(abilene), "no",
         "rated racks at a PUE of 1.1 to 1.56: the power is enough and more, so that it may be meant to hold more than these"),
        ("EU: GPUs in service that EUR 20 bn pay for", 20e9 / (230e9 / 3e6), number,
         "bids of more than EUR 230 bn for 3 m GPUs (eunews.it; sipoch.com)",
         quantiles(eu, "gpus_in_service", "eu"), "no",
         "a few per cent off: halves of sites are built, so that ours comes in steps of 50,000. From building costs of the US and Frankfurt and racks' prices of 2025; two and a half sites, not four or five"),
        ("EU: first 100,000 in service", days("2027-12-31"), date, "from 2027 (eunews.it)",
         quantiles(eu, "reached_in_service", "eu.targets.first-site"), "no",
         "the call alone slipped from the end of 2025 to 2026-07; works and connection as elsewhere"),
        ("China: GPUs bought in 2023 and 2024", 280000, number, "50,000 and 230,000, Tencent (Omdia)",
         on_day(china, "gpus_contracted", "2024-12-31"), "yes",
         "the money was chosen so; checks that H800 came before the rule of 2023-10 and H20 after it"),
        ("China: H100-equivalents in service at the end of 2025", None, number, "nothing found",
         on_day(china, "h100e_in_service", "2025-12-31"), "-",
         "with the rules"),
        ("China: the same without the rules", None, number, "nothing found",
         on_day(free, "h100e_in_service", "2025-12-31"), "-",
         "the same money buys half as many GPUs, and 2.4 times the computing"),
    ]


def date(day):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=int(day))).strftime("%Y-%m")


def beside_table(measured):
    lines = ["| question | on record | source | ours: median (5 to 95 %) | agrees | why |",
             "| --- | --- | --- | --- | --- | --- |"]
    bad = []
    for question, record, write, source, (low, median, high), agrees, why in measured:
        if record is None:
            found = "-"
        elif low == high:  # nothing is unknown: 5 % is near enough
            found = "yes" if abs(median / record - 1) <= 0.05 else "no"
        else:
            found = "yes" if low <= record <= high else "no"
        if found != agrees:
            bad.append(f"{question}: agrees: {found}; the reason given is for: {agrees}")
        ours = write(median) if low == high else f"{write(median)} ({write(low)} to {write(high)})"
        lines.append(f"| {question} | {'-' if record is None else write(record)} | {source} | {ours} | {found} | {why} |")
    return "\n".join(lines) + "\n", bad


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
        tables = {TABLE: table(rows(folder)), BESIDE: beside_table(beside(folder))}
    with open(DOCUMENT, encoding="utf-8") as file:
        document = file.read()
    written, bad = document, []
    for begin, (text, wrong) in tables.items():
        before, rest = written.split(begin)
        old, after = rest.split(END, 1)
        written = before + begin + text + END + after
        bad += wrong
        if old != text and "--write" not in sys.argv:
            bad.append("docs/plausibility.md does not say this; see whether it should, and write it with --write:\n" + text)
    if "--write" in sys.argv:
        with open(DOCUMENT, "w", encoding="utf-8") as file:
            file.write(written)
    for line in bad:
        print(line, file=sys.stderr)
    sys.exit(1 if bad else 0)


main()
