#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `fleetcast replay` on traces of ten million lines of which one in a hundred is wrong: SWF and Helios'
# CSV, half of the lines ended by CR LF, some out of order, some longer than a line may be, and the
# SWF once more as gzip that breaks off. Each with --on-error skip and stop: processor seconds, largest
# memory, and whether the counts are those of what was made.
#
#     replay_malformed.py FLEETCAST [--lines N] [--quick]
import collections
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
import zlib

GPUS = 1000
BAD_EVERY = 100
LONG_EVERY = 1000000
LONGEST = 1 << 18


def swf(i, submit, run, gpus, fault):
    fields = [i, submit, -1, run, gpus, -1, -1, gpus, 2 * run, -1, 1, i % 997, i % 31, -1, 1, -1, -1, -1]
    if fault == "negative":
        fields[1] = -submit
    elif fault == "number":
        fields[3] = f"{run}x"
    elif fault == "fields":
        del fields[9:]
    line = " ".join(map(str, fields))
    return "\x01" + line if fault == "bytes" else line


CLOCK = [f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(86400)]
DAYS = [str(datetime.date(2020, 4, 1) + datetime.timedelta(days=d)) for d in range(1000)]


def date(seconds):
    return f"{DAYS[seconds // 86400]} {CLOCK[seconds % 86400]}"


def helios(i, submit, run, gpus, fault):
    end = date(submit + run - (2 * run + 1 if fault == "order" else 0))
    fields = [f"{i}", f"u{i % 997}", f"vc{i % 31}", f"{gpus}", "COMPLETED", date(submit), date(submit), end,
              f"{run}"]
    if fault == "negative":
        fields[3] = f"-{gpus}"
    elif fault == "number":
        fields[3] = f"{gpus}x"
    elif fault == "fields":
        del fields[5:]
    elif fault == "id":
        fields[0] = "9" * 60
    elif fault == "bytes":
        fields[1] = "\0"
    return ",".join(fields)


FORMATS = {
    "swf": (swf, ["; UnixStartTime: 1585699200"],
            ["fields", "number", "negative", "unsorted", "bytes", "large"]),
    "helios": (helios, ["job_id,user,vc,gpu_num,state,submit_time,start_time,end_time,duration"],
               ["fields", "number", "negative", "order", "unsorted", "id", "bytes", "large"]),
}


def make(path, name, lines):
    """Writes the trace; returns how many lines of each fault it has."""
    write, head, faults = FORMATS[name]
    made = collections.Counter()
    with open(path, "w", newline="") as out:
        out.write("\n".join(head) + "\n")
        for i in range(1, lines + 1):
            fault = faults[i // BAD_EVERY % len(faults)] if i % BAD_EVERY == 0 else ""
            submit = 1000 + i if fault != "unsorted" else 950 + i
            line = write(i, submit, 1 + i * 7919 % 600, 2 * GPUS if fault == "large" else 1 + i % 4, fault)
            if i % LONG_EVERY == LONG_EVERY // 2 + 1:
                line += " " * LONGEST
                fault = "long"
            if fault:
                made[fault] += 1
            out.write(line + ("\r\n" if i % 2 else "\n"))
    return made


def break_off(path, packed):
    """The first two thirds of the file as gzip."""
    pack = zlib.compressobj(1, zlib.DEFLATED, 31)
    with open(path, "rb") as text, open(packed, "wb") as out:
        while block := text.read(1 << 20):
            out.write(pack.compress(block))
        out.write(pack.flush())
    os.truncate(packed, os.path.getsize(packed) * 2 // 3)


def largest_memory(pid):
    """MB so far; of a process that wait4 tells of, Python's own before it became another would count."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return max([int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM")], default=0)


def replay(fleetcast, path, choice):
    """Exit code, seconds, MB, standard output and error."""
    command = [fleetcast, "replay", path, "--gpus", str(GPUS), "--on-error", choice, "--json", "--quiet"]
    memory = 0
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(command, stdout=out, stderr=err)
        while not os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            memory = max(memory, largest_memory(child.pid))
            time.sleep(0.002)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return child.returncode, used.ru_utime + used.ru_stime, memory, out.read().decode(), err.read().decode()


def main():
    fleetcast, lines = sys.argv[1], 10000000
    if "--quick" in sys.argv:
        lines = 20000
    if "--lines" in sys.argv:
        lines = int(sys.argv[sys.argv.index("--lines") + 1])
    wrong = 0
    print(f"{'':16}{'lines':>12}{'MB':>8}{'wrong lines':>14}{'skip, s':>10}{'MB':>6}{'stop, s':>10}")
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        for name in [*FORMATS, "swf.gz"]:
            path = os.path.join(folder, name)
            if name == "swf.gz":
                break_off(os.path.join(folder, "swf"), path)
                expected = None
            else:
                expected = make(path, name, lines)
            code, seconds, memory, out, err = replay(fleetcast, path, "skip")
            told = json.loads(out) if code == 0 else {"skipped": {}, "lines": 0}
            skipped = {kind: one["lines"] for kind, one in told["skipped"].items()}
            stop_code, stop_seconds, _, _, stop_err = replay(fleetcast, path, "stop")
            right = skipped.get("gzip") == 1 if expected is None else skipped == expected
            right = right and code == 0 and len(err.splitlines()) <= 6 * len(skipped)
            right = right and stop_code == 3 and f"{path}:101:" in stop_err
            wrong += not right
            print(f"{name:16}{told['lines']:12,}{os.path.getsize(path) / 1e6:8.0f}{sum(skipped.values()):14,}"
                  f"{seconds:10.2f}{memory:6.0f}{stop_seconds:10.3f}"
                  f"{'' if right else '  WRONG: ' + str(skipped) + ' of ' + str(expected)}")
    sys.exit(wrong > 0)


main()
