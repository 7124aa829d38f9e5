#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every command of the documentation: run_docs.py BUILD_DIR

Every ```sh, ```python and ```r block of README.md and docs/*.md runs in bash, python3 or Rscript,
from the root of a fresh copy of the checkout whose build/ is BUILD_DIR, and must end with exit code
0; Python and R are skipped where pandas or R's DBI and RSQLite are not installed. The blocks of one
document share a copy, in order. Comments in the Markdown, alone on the line before a block, say more:

    <!-- not run: REASON -->   an sh block that cannot run here (a network, an hour)
    <!-- output -->            a block that is what the block before it prints to stdout; there
                               a line "..." stands for any lines, "..." in a line for any text

`meson test` is left out of commands: it is what runs this. Relative links of these documents must
lead somewhere. Prints TAP, one test a block and one a document's links.
"""

import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS_A_BLOCK = 120
# What may run a block (the distribution's Python has its pandas even if another comes first), and
# what that must be able to do.
LANGUAGES = {
    "sh": ([["bash", "-eu", "-c"]], "true"),
    "python": ([["python3", "-c"], ["/usr/bin/python3", "-c"]], "import pandas"),
    "r": ([["Rscript", "-e"]], "library(DBI); library(RSQLite)"),
}
FENCE = re.compile(r"^( *)```+ *(\w*)[^\n]*\n(.*?)^\1```+ *$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!-- *(output|not run)(?:: *([^>]*?))? *-->\s*\Z")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


class Tap:
    def __init__(self):
        self.tests = self.failures = 0

    def result(self, passed, name, details="", skip=""):
        self.tests += 1
        self.failures += not passed
        suffix = f" # SKIP {skip}" if skip else ""
        print(f"{'ok' if passed else 'not ok'} {self.tests} {name}{suffix}")
        for line in details.splitlines():
            print("#", line)
        sys.stdout.flush()


def blocks(text):
    """(line number, language, body, marker, reason) of every fenced block."""
    for match in FENCE.finditer(text):
        indent = len(match[1])
        body = "\n".join(line[indent:] for line in match[3].splitlines())
        comment = COMMENT.search(text[: match.start()])
        marker, reason = (comment[1], comment[2] or "") if comment else ("", "")
        yield text.count("\n", 0, match.start()) + 1, match[2], body, marker, reason


def pattern_of(expected):
    lines = []
    for line in expected.rstrip().splitlines():
        if line.strip() == "...":
            lines.append(r"(?:.*\n)*?")
        else:
            lines.append(".*?".join(re.escape(part) for part in line.rstrip().split("...")) + "\n")
    return re.compile("".join(lines))


@functools.cache
def interpreter_of(language):
    """The first that does what it must; None if there is none."""
    candidates, needs = LANGUAGES[language]
    for candidate in candidates:
        if shutil.which(candidate[0]) and subprocess.run(
                [*candidate, needs], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL).returncode == 0:
            return candidate
    return None


def run(language, command, copy):
    command = re.sub(r"(&&\s*)?meson test\b[^\n;&|]*", "", command)
    environment = dict(os.environ, LC_ALL="C.UTF-8", NO_COLOR="1")
    environment.pop("MAKEFLAGS", None)
    try:
        done = subprocess.run(
            [*interpreter_of(language), command],
            cwd=copy, env=environment, stdin=subprocess.DEVNULL, timeout=SECONDS_A_BLOCK,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
        )
    except subprocess.TimeoutExpired:
        return None, "", f"not done after {SECONDS_A_BLOCK} s"
    return done.returncode, done.stdout, done.stderr


def check_commands(tap, document, copy):
    printed, skipped = None, False
    for line, language, body, marker, reason in blocks(document.read_text(encoding="utf-8")):
        name = f"{document.relative_to(ROOT)}:{line}"
        if marker == "output":
            said = "\n".join(part.rstrip() for part in (printed or "").rstrip().splitlines()) + "\n"
            if skipped:
                tap.result(True, name + " output", skip="its command did not run")
                continue
            passed = printed is not None and pattern_of(body).fullmatch(said) is not None
            tap.result(passed, name + " output", "" if passed else "printed was:\n" + said)
        elif language in LANGUAGES and (marker == "not run" or not interpreter_of(language)):
            printed, skipped = None, marker != "not run"
            tap.result(True, name, skip=reason or f"what {language} needs is not installed")
        elif language in LANGUAGES:
            skipped = False
            code, printed, errors = run(language, body, copy)
            passed = code == 0
            details = f"exit code {code} of:\n{body}\n{printed[-2000:]}\n{errors[-2000:]}"
            tap.result(passed, name, "" if passed else details)


def check_links(tap, document):
    lost = []
    for target in LINK.findall(FENCE.sub("", document.read_text(encoding="utf-8"))):
        if not re.match(r"[a-z]+:", target) and not (document.parent / target).exists():
            lost.append(target)
    tap.result(not lost, f"{document.relative_to(ROOT)} links", "\n".join(lost))


def fresh_copy(parent, build):
    copy = Path(parent) / "fleetcast"
    shutil.copytree(ROOT, copy, symlinks=True,
                    ignore=lambda folder, names: [
                        name for name in names
                        if name.endswith((".db", ".db-wal", ".db-shm"))
                        or Path(folder) == ROOT and (name == ".git" or name.startswith("build"))])
    (copy / "build").symlink_to(build.resolve(), target_is_directory=True)
    return copy


def main():
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    tap = Tap()
    documents = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
    for document in documents:
        check_links(tap, document)
        if document.name in ("CONTRIBUTING.md", "CHANGELOG.md"):
            continue
        with tempfile.TemporaryDirectory(prefix="fleetcast-docs-") as parent:
            check_commands(tap, document, fresh_copy(parent, Path(sys.argv[1])))
    print(f"1..{tap.tests}")
    sys.exit(tap.failures > 0)


if __name__ == "__main__":
    main()
