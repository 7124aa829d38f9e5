# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # stderr, like output, is set by run
load helper

@test "scenarios that are no scenarios: exit code 3, the file is named" {
    mkdir folder
    : >empty.yaml
    printf 'a: "\000"\n' >nul.yaml
    for file in missing.yaml folder empty.yaml nul.yaml; do
        run --separate-stderr -3 fleetcast validate "$file"
        grep -q "$file" <<<"$stderr"
    done
}

@test "an invalid scenario leaves no results database" {
    echo 'no_such_key: 1' >>small.yaml
    run --separate-stderr -3 fleetcast run small.yaml
    grep -q 'small.yaml:[0-9]*:1: no_such_key' <<<"$stderr"
    [ ! -e results.db ]
}

@test "somebody else's database is refused and not touched" {
    sqlite3 other.db 'CREATE TABLE mine(x); INSERT INTO mine VALUES (1)'
    before=$(sha256sum other.db)
    run --separate-stderr -4 fleetcast run small.yaml -n 2 -o other.db
    grep -q other.db <<<"$stderr"
    [ "$before" = "$(sha256sum other.db)" ]
}

@test "a file that is no database is refused and not touched" {
    before=$(sha256sum small.yaml)
    run -4 timeout 8 "$FLEETCAST" run small.yaml -n 2 -o small.yaml # at once, just made or not
    run -4 fleetcast status small.yaml
    [ "$before" = "$(sha256sum small.yaml)" ]
}

@test "a database of a newer version is refused and not touched" {
    fleetcast run small.yaml -n 2 -o new.db --quiet
    sqlite3 new.db 'PRAGMA user_version = 99' 'PRAGMA journal_mode = DELETE' >/dev/null
    before=$(sha256sum new.db)
    run -4 fleetcast run small.yaml -n 4 -o new.db
    [ "$before" = "$(sha256sum new.db)" ]
}

@test "a missing folder and a folder in place of the database" {
    mkdir folder
    run -4 fleetcast run small.yaml -n 2 -o nowhere/results.db
    run -4 fleetcast run small.yaml -n 2 -o folder
    run -4 fleetcast status missing.db
    [ ! -e missing.db ]
}

@test "a folder that may not be written to" {
    [ "$(id -u)" -ne 0 ] || skip "root may write everywhere"
    mkdir folder
    chmod a-w folder
    run -4 fleetcast run small.yaml -n 2 -o folder/results.db
}

@test "init does not overwrite" {
    before=$(sha256sum small.yaml)
    run -4 fleetcast init small.yaml
    [ "$before" = "$(sha256sum small.yaml)" ]
}

@test "a full stdout is an error" {
    schema_to_full_disk() { fleetcast schema >/dev/full; }
    run -4 schema_to_full_disk
}

@test "the results are one file that sqlite3 reads" {
    fleetcast run small.yaml -n 3 --quiet
    [ ! -e results.db-wal ]
    [ "$(sqlite3 results.db 'SELECT count(*) FROM replication')" = 3 ]
    [ "$(sqlite3 results.db 'PRAGMA integrity_check')" = ok ]
    [ -z "$(sqlite3 results.db 'PRAGMA foreign_key_check')" ]
}

@test "a scenario anywhere extends the catalogue; a slip in its name is named" {
    printf 'fleetcast: 1\nextends: [data:accelerators.yaml, small.yaml]\n' >child.yaml
    fleetcast show child.yaml | grep -q 'world.accelerators.b200'
    printf 'extends: data:acelerators.yaml\n' >slip.yaml
    run --separate-stderr -3 fleetcast validate slip.yaml
    grep -q 'slip.yaml:1:10: extends: .*did you mean .*/accelerators.yaml' <<<"$stderr"
}

@test "show --diff takes a layer that is no scenario of its own" {
    printf 'fleetcast: 1\nreplications: 7\n' >layer.yaml
    run --separate-stderr -0 fleetcast show --diff layer.yaml small.yaml
    grep -q '^+ fleets' <<<"$output"
    grep -q '^~ replications: 7 ->' <<<"$output"
    run --separate-stderr -3 fleetcast show --diff missing.yaml small.yaml
}
