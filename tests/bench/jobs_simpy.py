#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The obvious SimPy program for FIFO on a flat pool with the job mix of helios_mix.h: what the "fifo,
# flat" row of bench_jobs does. Needs Debian's python3-simpy3.
#
#     jobs_simpy.py [--quick]
import random
import sys
import time

import simpy

GPUS = 30000
SIZES = [2 ** i for i in range(12)]
WEIGHTS = [.7, .11, .07, .09, .016, .007, .004, .002, .0008, .0004, .0002, .0001]
SHAPE, SCALE = 0.2986, 703.0
MEAN_RUN = 6648.5
MEAN_SIZE = sum(s * w for s, w in zip(SIZES, WEIGHTS)) / sum(WEIGHTS)


def job(env, gpus, size, run, waits):
    arrival = env.now
    yield gpus.get(size)
    waits.append(env.now - arrival)
    yield env.timeout(run)
    yield gpus.put(size)


def arrivals(env, gpus, count, waits):
    mean_gap = MEAN_SIZE * MEAN_RUN / (0.8 * GPUS)
    for _ in range(count):
        yield env.timeout(random.expovariate(1 / mean_gap))
        size = random.choices(SIZES, WEIGHTS)[0]
        run = random.weibullvariate(SCALE, SHAPE)
        env.process(job(env, gpus, size, run, waits))


def main():
    count = 20000 if "--quick" in sys.argv else 300000
    random.seed(1)
    env = simpy.Environment()
    gpus = simpy.Container(env, GPUS, GPUS)
    waits = []
    env.process(arrivals(env, gpus, count, waits))
    start = time.perf_counter()
    env.run()
    rate = count / (time.perf_counter() - start)
    print(f"SimPy {simpy.__version__}, fifo, flat, load 0.8: {rate:,.0f} jobs/s, mean wait "
          f"{sum(waits) / len(waits):.1f} s")


main()
