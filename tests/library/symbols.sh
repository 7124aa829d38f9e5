#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# symbols.sh LIBRARY HEADER...: the shared library exports what the headers mark with FC_API, every
# function of it and nothing else, and the headers declare no function without the mark.
set -euo pipefail
export LC_ALL=C

library=$1
shift
# __asan_ and the like come from sanitizers.
exported=$(nm --dynamic --defined-only "$library" | awk '{print $NF}' | grep -v '^__' | sort)
declared=$(grep -hoE '^FC_API [a-z0-9_ ]*[ *]fc_[a-z0-9_]+\(' "$@" | grep -oE 'fc_[a-z0-9_]+\(' |
    tr -d '(' | sort)
unmarked=$(grep -hE '^(const |struct |unsigned )*[a-z0-9_]+ \**fc_[a-z0-9_]+\(' "$@" |
    grep -v '^typedef' || true)

[[ $declared ]]
diff --label exported --label declared <(echo "$exported") <(echo "$declared")
[[ ! $unmarked ]] || {
    printf 'not marked with FC_API:\n%s\n' "$unmarked"
    exit 1
}
wc -l <<<"$exported"
