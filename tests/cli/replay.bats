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

@test "a trace named SWF may begin with a wrong line; a byte order mark is no part of it" {
    sed -i '1s/.*/1 5 -1 x 3 -1 -1 3 100 -1 1 7 1 -1 1 1 -1 -1/' t.swf
    run -3 fleetcast replay t.swf --gpus 4 --on-error skip
    run --separate-stderr -0 fleetcast replay t.swf --gpus 4 --on-error skip --format swf
    grep -q "t.swf:1: skipped: run time (field 4): 'x'" <<<"$stderr"
    grep -Eq '^jobs submitted +4$' <<<"$output"
    { printf '\357\273\277'; sed 1d t.swf; } >bom.swf
    fleetcast replay bom.swf --gpus 4 | grep -Eq '^jobs submitted +4$'
}

@test "fair share of a trace that is not in order, users of late lines included" {
    printf '%s\n' '5 1 -1 10 1 -1 -1 1 10 -1 1 9 1 -1 1 1 -1 -1' >>t.swf
    fleetcast replay t.swf --policy fair --sort | grep -Eq '^jobs submitted +5$'
    run --separate-stderr -0 fleetcast replay t.swf --policy fair --on-error skip
    grep -Eq '^jobs submitted +4$' <<<"$output"
}

@test "traces of one name and other content are kept side by side" {
    mkdir other
    fleetcast replay t.swf -o a.db >/dev/null
    sed '$d' t.swf >other/t.swf
    (cd other && fleetcast replay t.swf -o ../a.db >/dev/null)
    [ "$(sqlite3 a.db 'SELECT group_concat(n) FROM (SELECT count(*) n FROM job GROUP BY replay_id)')" = 4,3 ]
    fleetcast replay t.swf -o a.db >/dev/null
    [ "$(sqlite3 a.db 'SELECT count(*) FROM replay')" = 2 ]
}

@test "ids that come twice, and jobs that start before they are submitted, are counted" {
    sed -i 's/^4 /3 /' t.swf
    fleetcast replay t.swf -o jobs.csv | tr -s '\n ' ' ' | grep -q '1 job with an id that came before'
    cat >h.csv <<'CSV'
job_id,user,vc,gpu_num,state,submit_time,start_time,end_time,duration
1,u,v,1,COMPLETED,2020-04-01 00:00:10,2020-04-01 00:00:05,2020-04-01 00:01:05,60
CSV
    fleetcast replay h.csv --gpus 4 | tr -s '\n ' ' ' | grep -q '1 job started before being submitted'
}

@test "a job of Acme without a start never ran, however long it waited" {
    cat >a.csv <<'CSV'
job_id,user,type,gpu_num,state,submit_time,start_time,end_time,duration
1,u,t,1,COMPLETED,2023-04-01 00:00:00,2023-04-01 00:00:05,2023-04-01 00:01:05,65
2,u,t,8,CANCELLED,2023-04-01 00:00:10,,2023-04-01 05:00:10,18000
CSV
    run -0 fleetcast replay a.csv --format acme --gpus 8
    grep -q '1 never ran' <<<"$output"
}

@test "a pipe is read once" {
    fleetcast replay /dev/stdin --format swf <t.swf >/dev/null
    run --separate-stderr -2 fleetcast replay <(sed p t.swf) --policy fifo,easy
    grep -q 'can be read only once' <<<"$stderr"
    fleetcast replay <(sed 's/^/ /' t.swf) | grep -Eq '^jobs submitted +4$'
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

# 4 GPUs of the stock, 4 that are ordered on 10 January and run from the 11th for 100 days.
a_fleet() {
    cat >fleet.yaml <<'YAML'
fleetcast: 1
horizon: {start: 2026-01-01, end: 2028-01-01}
world:
  accelerators:
    a: {per_server: 4, server_power: 1 kW, bf16_dense: 100 TFLOPS, price: 1000 USD, lead_time: 1 day}
fleets:
  demo:
    currency: USD
    stock: {old: {model: a, count: 4, since: 2025-01-01}}
    budgets: {main: {amount: 4000 USD, enacted: 2026-01-10, lines: {gpu: 100 %}}}
    programmes:
      state: {pays_from: [main], mix: {a: 100 %}, host: [hall], service_life: 100 days}
    sites:
      hall: {design_pue: 1, phases: {now: {power: 1 MW, start: 2026-01-01}}}
YAML
    cat >on.swf <<'SWF'
1  0 -1 864000  4 -1 -1  4 864000 -1 1 1 1 -1 1 1 -1 -1
2 10 -1    100  8 -1 -1  8    100 -1 1 1 1 -1 1 1 -1 -1
3 20 -1     50 12 -1 -1 12    100 -1 1 1 1 -1 1 1 -1 -1
SWF
}

@test "on a scenario's fleet, by hand: 8 GPUs from day 10 on, never 12" {
    a_fleet
    fleetcast replay on.swf --scenario fleet.yaml --on-error skip -o jobs.csv >text 2>/dev/null
    tr -s '\n ' ' ' <text | grep -q 'demo of fleet.yaml from 2026-01-01 on, replication 0: 4 to 8 GPUs'
    # job 2 waits for the second server, which runs on 11 January at 00:00 (864,000 s)
    [ "$(cut -d, -f1,6,7,9 jobs.csv | tail -n +2 | sort)" = "1,done,0,864000
2,done,864000,864100
3,rejected,,20" ]
    # from the 11th on both servers run: nobody waits
    fleetcast replay on.swf --scenario fleet.yaml --from 2026-01-11 --on-error skip -o jobs.csv >/dev/null 2>&1
    [ "$(cut -d, -f1,7 jobs.csv | tail -n +2 | sort | head -2)" = "1,0
2,864000" ]
    # 100 days later only the stock is left: a job of 8 can never run
    fleetcast replay on.swf --scenario fleet.yaml --from 2026-04-21 --on-error skip -o jobs.csv >/dev/null 2>&1
    grep -q '^2,10,8,100,.*,rejected,' jobs.csv
    # the measured time ends with the jobs, not with the fleet
    fleetcast replay on.swf --scenario fleet.yaml --on-error skip --json 2>/dev/null |
        grep -A1 makespan | grep -q 864100
}

@test "on a scenario's fleet: what is given wrong, and what the database remembers" {
    a_fleet
    run -2 fleetcast replay on.swf --scenario fleet.yaml --gpus 4
    run -2 fleetcast replay on.swf --scenario fleet.yaml --mtbf '3 days'
    run -2 fleetcast replay on.swf --gpus 4 --from 2026-01-01
    run --separate-stderr -3 fleetcast replay on.swf --scenario fleet.yaml --fleet dmo
    grep -q "did you mean 'demo'" <<<"$stderr"
    run -3 fleetcast replay on.swf --scenario fleet.yaml --from 2031-01-01
    sed -i 's/stock: {old: {model: a, count: 4, since: 2025-01-01}}/stock: {}/' fleet.yaml
    run --separate-stderr -3 fleetcast replay on.swf --scenario fleet.yaml --from 2027-01-01
    grep -q 'nothing of demo runs' <<<"$stderr"
    a_fleet
    fleetcast replay on.swf --scenario fleet.yaml --on-error skip -o a.db >/dev/null 2>&1
    sqlite3 a.db 'SELECT settings FROM replay' | grep -q 'fleet=demo from=2026-01-01 replication=0 '
    fleetcast status a.db | grep -q 'on.swf  *fifo  *3 '
}
