# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # stderr, like output, is set by run
load helper

commands="run sweep merge compare validate show replay export status data schema init"

@test "--help lists every command on stdout" {
    run --separate-stderr -0 fleetcast --help
    for command in $commands; do
        grep -Eq "^ +$command " <<<"$output"
    done
    [ -z "$stderr" ]
}

@test "every command has its --help, and 'help COMMAND' is the same" {
    for command in $commands; do
        run --separate-stderr -0 fleetcast "$command" --help
        grep -q "Usage: fleetcast $command" <<<"$output"
        [ "$output" = "$(fleetcast help "$command")" ]
    done
}

@test "help is in Korean for who reads Korean, option by option" {
    LC_ALL=ko_KR.UTF-8 run --separate-stderr -0 fleetcast --help
    [ "$(grep -Pc '^  [a-z]+ .*\p{Hangul}' <<<"$output")" = "$(wc -w <<<"$commands")" ]
    for command in $commands; do
        run --separate-stderr -0 fleetcast "$command" --lang ko --help
        [ "$output" = "$(LC_ALL=ko_KR.UTF-8 fleetcast "$command" --help)" ]
        # No sentence is left in English: whatever lines have no Korean are names, numbers, quotes.
        run -1 grep -Ew '(the|of|is|are|for|which|where)' <<<"${output//plan.yaml+policy/}"
    done
}

@test "wrong usage is told in Korean, too" {
    LC_ALL=ko_KR.UTF-8 run --separate-stderr -2 fleetcast rnu
    grep -q "혹시 'run'?" <<<"$stderr"
    run --separate-stderr -2 fleetcast run --lang ko -n x small.yaml
    grep -q "1~10000000의 정수" <<<"$stderr"
}

@test "no command: help on stderr, exit code 2" {
    run --separate-stderr -2 fleetcast
    [ -z "$output" ]
    grep -q Usage <<<"$stderr"
}

@test "a misspelt command names the nearest one" {
    run --separate-stderr -2 fleetcast rnu
    grep -q "did you mean 'run'" <<<"$stderr"
}

@test "wrong usage ends with exit code 2 and leaves no file" {
    run -2 fleetcast run
    run -2 fleetcast run small.yaml --replications none
    run -2 fleetcast run small.yaml --replications 0
    run -2 fleetcast run small.yaml --no-such-option
    run -2 fleetcast run small.yaml --lang fr
    run -2 fleetcast compare small.yaml
    [ ! -e results.db ]
}

@test "--version" {
    run -0 fleetcast --version
    grep -Eqx 'fleetcast [0-9]+\.[0-9]+\.[0-9]+' <<<"$output"
}

@test "options may stand after arguments" {
    fleetcast run small.yaml -n 2 -o a.db --quiet
    fleetcast run -o b.db --quiet -n 2 small.yaml
    same_results a.db b.db
}

@test "messages follow the locale, --lang goes before it" {
    LC_ALL=ko_KR.UTF-8 run --separate-stderr -3 fleetcast validate nothing.yaml
    grep -q '^오류: ' <<<"$stderr"
    LC_ALL=ko_KR.UTF-8 run --separate-stderr -3 fleetcast validate --lang en nothing.yaml
    grep -q '^error: ' <<<"$stderr"
}
