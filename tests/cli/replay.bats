# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # stderr, like output, is set by run
load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    cat >t.swf <<'SWF'
; MaxProcs: 4
1  0 -1 100 3 -1 -1 3 100 -1 1 7 1 -1 1 1 -1 -1
2 10 -1  50 4 -1 -1 4  60 -1 1 7 1 -1 1 1 -1 -1
3 20 -1  80 1 -1 -1 1  80 -1 1 8 1 -1 1 1 -1 -1
4 30 -1  90 1 -1 -1 1  90 -1 1 8 1 -1 1 1 -1 -1
SWF
}

@test "jobs as CSV, by hand, and the same bytes again" {
    fleetcast replay t.swf --policy easy -o jobs.csv >/dev/null
    [ "$(head -1 jobs.csv | cut -d, -f1-6)" = job_id,submission_time,requested_number_of_resources,requested_time,success,final_state ]
    grep -qx '2,10,4,60,1,done,100,50,150,90,140,2.8,2.8,0,0,7,1,3,easy' jobs.csv
    cp jobs.csv before.csv
    fleetcast replay t.swf --policy easy -o jobs.csv >/dev/null
    cmp jobs.csv before.csv
}

@test "jobs in the database; the same replay again takes its place; one digest" {
    fleetcast replay t.swf --policy fifo,easy -o a.db >/dev/null
    fleetcast replay t.swf --policy fifo,easy -o a.db >/dev/null
    fleetcast replay t.swf --policy easy -o b.db >/dev/null
    fleetcast replay t.swf --policy fifo -o b.db >/dev/null
    [ "$(sqlite3 a.db 'SELECT count(*) FROM replay')" = 2 ]
    [ "$(sqlite3 a.db "SELECT sum(waiting_time) FROM job JOIN replay USING(replay_id) WHERE policy = 'easy'")" = 210.0 ]
    [ -z "$(sqlite3 a.db 'PRAGMA foreign_key_check')" ]
    same_results a.db b.db
    fleetcast replay t.swf --policy sjf -o b.db >/dev/null
    run ! same_results a.db b.db
}

@test "a schedule exported as SWF gives the same schedule" {
    fleetcast replay t.swf --policy easy -o a.db >/dev/null
    fleetcast export --format swf a.db -o easy.swf
    grep -qx '; MaxProcs: 4' easy.swf
    grep -qx '2 10 90 50 4 -1 -1 4 60 -1 1 7 1 -1 -1 -1 -1 -1' easy.swf
    fleetcast replay t.swf --policy easy -o one.csv >/dev/null
    fleetcast replay easy.swf --policy easy -o two.csv >/dev/null
    cmp <(cut -d, -f1-15 one.csv) <(cut -d, -f1-15 two.csv)
    fleetcast export --format swf a.db | cmp - easy.swf
}

@test "of several replays one has to be chosen" {
    fleetcast replay t.swf --policy fifo,easy -o a.db >/dev/null
    run --separate-stderr -4 fleetcast export --format swf a.db
    grep -q -- '--replay N' <<<"$stderr"
    fleetcast export --format swf --replay 2 a.db | grep -q 'policy easy'
    run -4 fleetcast export --format swf --replay 3 a.db
    run -2 fleetcast export a.db
}

@test "wrong lines: exit code 3 and the line, or skipped and counted" {
    echo '5 40 -1' >>t.swf
    run --separate-stderr -3 fleetcast replay t.swf
    grep -q '^error: t.swf:6: this line has 3 fields instead of 18' <<<"$stderr"
    [ -z "$output" ]
    run --separate-stderr -0 fleetcast replay t.swf --on-error skip --lang ko
    grep -q '^주의: t.swf:6: 건너뜀: 이 줄의 항목 수: 3개' <<<"$stderr"
    grep -q '건너뜀: 1줄: 항목 부족 1줄(처음: 6행)' <<<"$output"
}

@test "a job larger than the cluster" {
    run --separate-stderr -3 fleetcast replay t.swf --gpus 3
    grep -q 't.swf:3: the job asks for 4 GPUs' <<<"$stderr"
    fleetcast replay t.swf --gpus 3 --on-error skip -o jobs.csv >/dev/null 2>&1
    grep -q '^2,10,4,60,0,rejected,,,10,,,,,0,0,7,1,3,fifo$' jobs.csv
}

@test "what is no trace" {
    : >empty.swf
    mkdir folder
    echo 'fleetcast: 1' >plan.yaml
    run -3 fleetcast replay empty.swf
    run -3 fleetcast replay plan.yaml
    run -4 fleetcast replay folder
    run -4 fleetcast replay missing.swf
    gzip -k t.swf && head -c 60 t.swf.gz >cut.swf.gz
    run -3 fleetcast replay cut.swf.gz
    fleetcast replay t.swf.gz >/dev/null
}

@test "a failed replay leaves nothing in the database" {
    fleetcast replay t.swf -o a.db >/dev/null
    before=$(digest a.db)
    echo '5 40 -1' >>t.swf
    run -3 fleetcast replay t.swf -o a.db
    run -3 fleetcast replay t.swf --policy easy -o a.db
    [ "$before" = "$(digest a.db)" ]
}

@test "a file that is no output of ours is not replaced" {
    echo precious >jobs.csv
    run -4 fleetcast replay t.swf -o jobs.csv
    [ "$(cat jobs.csv)" = precious ]
}

@test "wrong usage" {
    run -2 fleetcast replay t.swf --gpus 4 --servers 1x4
    run -2 fleetcast replay t.swf --servers 4
    run -2 fleetcast replay t.swf --policy best
    run -2 fleetcast replay t.swf --overrun stop
    run -2 fleetcast replay t.swf --format csv
    run -3 fleetcast replay t.swf --mtbf 30
    sed -i 1d t.swf
    run -2 fleetcast replay t.swf
}

@test "JSON" {
    fleetcast replay t.swf --policy fifo,easy --json >r.json
    [ "$(python3 -c 'import json; r = json.load(open("r.json")); print([x["metrics"]["wait_mean"]["value"] for x in r["replays"]], r["jobs"])')" = '[85.0, 52.5] 4' ]
}
