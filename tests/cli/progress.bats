# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # stderr, like output, is set by run
load helper

# A clock that runs a thousand times as fast: a minute is 60 ms.
fast_clock() {
    cat >fast.c <<'EOF'
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec *t)
{
    int ret = (int)syscall(SYS_clock_gettime, id, t);
    if (id != CLOCK_MONOTONIC) return ret;
    long long ms = (long long)t->tv_sec * 1000000 + t->tv_nsec / 1000;
    t->tv_sec = ms / 1000;
    t->tv_nsec = ms % 1000 * 1000000;
    return ret;
}
EOF
    cc -shared -fPIC fast.c -o fast.so
}

@test "not on a terminal: a line a minute with rate and time left, and the end" {
    if [ -n "${SANITIZED-}" ] || ! command -v cc >/dev/null; then skip 'needs a compiler'; fi
    fast_clock
    run --separate-stderr -0 env LD_PRELOAD=./fast.so "$FLEETCAST" run small.yaml -n 1500 -j 2
    grep -Eq '^small: [0-9]+/1500, [0-9]+/s, left [0-9]+ (s|min|h)' <<<"$stderr"
    run ! grep -q $'\r' <<<"$stderr"
    # Lines are at least a minute apart: at most so many as minutes were told in all.
    count=$(grep -c '/1500' <<<"$stderr")
    seconds=$(sed -n 's/.* in \([0-9]*\)\.[0-9] s,.*/\1/p' <<<"$stderr")
    [ "$count" -le $((seconds / 60 + 1)) ]
}

@test "on a terminal: a bar that is drawn over and gone at the end; --quiet: nothing" {
    command -v script >/dev/null || skip 'needs script (util-linux)'
    n=$(share_of 3000)
    script -qec "$FLEETCAST run small.yaml -n $n -j 1 -o a.db" typescript </dev/null >/dev/null
    grep -q "█.*/$n, .*left" typescript
    script -qec "$FLEETCAST run small.yaml -n $n -j 1 -o b.db --quiet" typescript </dev/null >/dev/null
    run ! grep -q "/$n" typescript
}
