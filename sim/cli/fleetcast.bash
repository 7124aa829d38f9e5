# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of fleetcast(1) for bash.
_fleetcast() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local common='--lang --quiet --help' runs='--replications --jobs --seed --output --force'
    local parts='--precision --shard'
    local scenario='--with --set'
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W 'run sweep merge compare validate show replay export status data schema init --help --version' -- "$current")
        return
    fi
    case $previous in
    --lang)
        mapfile -t COMPREPLY < <(compgen -W 'en ko' -- "$current")
        return
        ;;
    -o | --output)
        mapfile -t COMPREPLY < <(compgen -f -X '!*.db' -- "$current"; compgen -d -- "$current")
        return
        ;;
    --policy)
        mapfile -t COMPREPLY < <(compgen -W 'fifo priority preemptive sjf easy conservative fair' -- "$current")
        return
        ;;
    --overrun)
        mapfile -t COMPREPLY < <(compgen -W 'extend kill' -- "$current")
        return
        ;;
    --on-error)
        mapfile -t COMPREPLY < <(compgen -W 'stop skip' -- "$current")
        return
        ;;
    --share-by)
        mapfile -t COMPREPLY < <(compgen -W 'user group' -- "$current")
        return
        ;;
    --format)
        mapfile -t COMPREPLY < <(compgen -W 'swf helios acme philly openb' -- "$current")
        return
        ;;
    --chart)
        mapfile -t COMPREPLY < <(compgen -f -X '!*.svg' -- "$current"; compgen -d -- "$current")
        return
        ;;
    --write-design | --events)
        mapfile -t COMPREPLY < <(compgen -f -X '!*.csv' -- "$current"; compgen -d -- "$current")
        return
        ;;
    --precision | --shard | --only | -n | --replications | -j | --jobs | -s | --seed | --with | --set) return ;;
    --gpus | --servers | --mtbf | --repair | --checkpoint | --replay) return ;;
    --fleet | --from | --replication) return ;;
    --scenario)
        mapfile -t COMPREPLY < <(compgen -f -X '!*.y?(a)ml' -- "$current"; compgen -d -- "$current")
        return
        ;;
    esac
    local options=$common
    case ${COMP_WORDS[1]} in
    sweep) options+=" $runs $parts --json --write-design --dry-run --only --events" ;;
    merge) options+=' --force' ;;
    run) options+=" $runs $parts $scenario --only --events --json --full --explain --chart" ;;
    compare) options+=" $runs $scenario --json" ;;
    validate) options+=" $scenario" ;;
    show) options+=" $scenario --resolved --diff" ;;
    replay)
        options+=' --gpus --servers --policy --overrun --exact --share-by --mtbf --repair --checkpoint'
        options+=' --format --on-error --sort --output --seed --json'
        options+=" $scenario --scenario --fleet --from --replication --pooled"
        ;;
    export) options+=' --format --replay --output' ;;
    status) options+=' --digest' ;;
    schema) options+=' --markdown --experiment' ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        return
    fi
    case ${COMP_WORDS[1]} in
    run | sweep | compare | validate | show | init)
        mapfile -t COMPREPLY < <(compgen -f -X '!*.y?(a)ml' -- "$current"; compgen -d -- "$current")
        ;;
    replay) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    status | export | merge) mapfile -t COMPREPLY < <(compgen -f -X '!*.db' -- "$current"; compgen -d -- "$current") ;;
    esac
}
complete -o filenames -F _fleetcast fleetcast
