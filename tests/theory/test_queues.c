/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The job engine against exact results of queueing theory (Kleinrock, "Queueing Systems" I, 1975,
 * unless said otherwise). Fixed seeds; each interval is the mean of independent replications +- 3.9
 * standard errors: it misses a right mean in 1 of 10,000 seeds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "jobs/generator.h"
#include "jobs/jobs.h"
#include "kernel/init.h"
#include "kernel/stats.h"
#include "share.h"

enum { REPLICATIONS = 40, MOST_CLASSES = 2 };
static const double SURE = 0.9999;

/* A queueing system: `servers` GPUs, classes of one-GPU jobs. */
typedef struct queue {
    const fc_policy *policy;
    uint32_t servers, classes;
    double rate[MOST_CLASSES]; /* arrivals a second */
    const fc_distribution *service, *patience;
    double duration; /* of a replication; a tenth of it is warm-up */
} queue;

typedef struct results {
    fc_tally wait[MOST_CLASSES], left, in_system, busy;
} results;

static fc_distribution make(fc_distribution_kind kind, double a, double b)
{
    fc_distribution d;

    fc_kernel_init();
    assert_int_equal(fc_distribution_make(kind, (double[]){a, b}, NULL, NULL, &d), FC_OK);
    return d;
}

static fc_distribution exponential(double mean)
{
    return make(FC_DIST_EXPONENTIAL, mean, 0);
}

static void simulate(const queue *q, uint32_t replication, results *out)
{
    static const char *const names[MOST_CLASSES] = {"first", "second"};
    fc_distribution one = make(FC_DIST_CONSTANT, 1, 0);
    fc_path rate[MOST_CLASSES];
    fc_job_class class[MOST_CLASSES];
    fc_gpu_group group = {.units = q->servers};
    fc_jobs_spec spec = {.policy = q->policy,
                         .groups = &group,
                         .group_count = 1,
                         .classes = q->classes,
                         .warmup = q->duration / 10};
    fc_job_generator g;
    fc_jobs *jobs = NULL;
    fc_jobs_summary sum;

    for (uint32_t i = 0; i < q->classes; i++) {
        rate[i] = FC_PATH_CONSTANT(q->rate[i]);
        class[i] = (fc_job_class){.like = {.class = (uint16_t)i, .priority = -(int32_t)i},
                                  .rate = &rate[i],
                                  .key = fc_stream_key(7, names[i], "jobs"),
                                  .gpus = &one,
                                  .duration = q->service,
                                  .patience = q->patience};
    }
    assert_int_equal(
        fc_job_generator_init(&g, class, q->classes, replication, INFINITY, UINT64_MAX), FC_OK);
    assert_int_equal(fc_jobs_create(&spec, &jobs), FC_OK);
    fc_jobs_input input = {.jobs = fc_job_generator_source(&g)};
    assert_int_equal(fc_jobs_run(jobs, &input, q->duration), FC_OK);
    fc_jobs_summary_of(jobs, &sum);
    for (uint32_t i = 0; i < q->classes; i++)
        fc_tally_add(&out->wait[i], fc_histogram_mean(&fc_jobs_class(jobs, i)->wait));
    fc_tally_add(&out->left,
                 (double)sum.counts.status[FC_JOB_ABANDONED] / (double)sum.counts.arrived);
    fc_tally_add(&out->in_system, sum.levels.waiting + sum.levels.running);
    fc_tally_add(&out->busy, sum.levels.held);
    fc_jobs_free(jobs);
    fc_job_generator_free(&g);
}

static results run(const queue *q)
{
    results out = {.left = FC_TALLY_EMPTY, .in_system = FC_TALLY_EMPTY, .busy = FC_TALLY_EMPTY};

    for (uint32_t i = 0; i < MOST_CLASSES; i++) out.wait[i] = FC_TALLY_EMPTY;
    for (uint32_t r = 0; r < share_of(REPLICATIONS, 8); r++) simulate(q, r, &out);
    return out;
}

static void assert_mean(const fc_tally *tally, double exact)
{
    double half = fc_student_half_width(tally, SURE);

    if (fabs(tally->mean - exact) > half)
        fail_msg("mean %.6g +- %.2g, expected %.6g", tally->mean, half, exact);
    assert_true(half < 0.1 * share_width() * exact); /* narrow enough to tell anything */
}

/* Probability of loss with c servers and offered load a. */
static double erlang_b(int c, double a)
{
    double b = 1;

    for (int k = 1; k <= c; k++) b = a * b / (k + a * b);
    return b;
}

/* Probability of waiting. */
static double erlang_c(int c, double a)
{
    double b = erlang_b(c, a);

    return c * b / (c - a * (1 - b));
}

static void test_mm1(void **state)
{
    (void)state;
    fc_distribution service = exponential(1);
    queue q = {&fc_policy_fifo, 1, 1, {0.8}, &service, NULL, 20000};
    results r = run(&q);

    assert_mean(&r.wait[0], 0.8 / (1 - 0.8));
    assert_mean(&r.in_system, 0.8 / (1 - 0.8));
    assert_mean(&r.busy, 0.8);
}

static void test_mmc_erlang_c(void **state)
{
    (void)state;
    fc_distribution service = exponential(1);
    queue q = {&fc_policy_easy, 10, 1, {8.5}, &service, NULL, 6000};
    results r = run(&q);

    assert_mean(&r.wait[0], erlang_c(10, 8.5) / (10 - 8.5));
}

static void test_mmcc_erlang_b(void **state)
{
    (void)state;
    fc_distribution service = exponential(1), none = make(FC_DIST_CONSTANT, 0, 0);
    queue q = {&fc_policy_fifo, 10, 1, {8}, &service, &none, 3000};
    results r = run(&q);

    assert_mean(&r.left, erlang_b(10, 8));
    assert_mean(&r.busy, 8 * (1 - erlang_b(10, 8)));
}

static void test_md1(void **state)
{
    (void)state;
    fc_distribution service = make(FC_DIST_CONSTANT, 1, 0);
    queue q = {&fc_policy_fifo, 1, 1, {0.8}, &service, NULL, 20000};
    results r = run(&q);

    assert_mean(&r.wait[0], 0.8 / (2 * (1 - 0.8)));
}

/* Pollaczek-Khinchine: lambda E[S^2] / (2 (1 - rho)). */
static void test_mg1(void **state)
{
    (void)state;
    fc_distribution service = make(FC_DIST_GAMMA, 0.5, 2);
    double square = fc_distribution_variance(&service) + 1;
    queue q = {&fc_policy_conservative, 1, 1, {0.7}, &service, NULL, 24000};
    results r = run(&q);

    assert_mean(&r.wait[0], 0.7 * square / (2 * (1 - 0.7)));
}

/* Cobham 1954 (Operations Research 2:70): W_k = W_0 / ((1 - s_(k-1)) (1 - s_k)), W_0 the mean
 * residual work in service, s_k the load of classes 1 to k. */
static void test_priorities(void **state)
{
    (void)state;
    fc_distribution service = exponential(1);
    queue q = {&fc_policy_priority, 1, 2, {0.4, 0.4}, &service, NULL, 20000};
    results r = run(&q);

    assert_mean(&r.wait[0], 0.8 / (1 - 0.4));
    assert_mean(&r.wait[1], 0.8 / ((1 - 0.4) * (1 - 0.8)));
}

/* Preemptive resume (work is always saved): the first class does not see the second at all, and
 * the number in system is that of M/M/1, whatever the order. */
static void test_preemptive_resume(void **state)
{
    (void)state;
    fc_distribution service = exponential(1);
    queue q = {&fc_policy_preemptive, 1, 2, {0.5, 0.3}, &service, NULL, 20000};
    results r = run(&q);

    assert_mean(&r.wait[0], 0.5 / (1 - 0.5));
    assert_mean(&r.in_system, 0.8 / (1 - 0.8));
}

/* Erlang A (Palm 1957; Garnett, Mandelbaum and Reiman 2002): a birth-death process with death rate
 * min(n, c) + theta max(n - c, 0); theta E[waiting] of lambda arrivals leave. */
static void test_reneging_erlang_a(void **state)
{
    (void)state;
    const int c = 10;
    const double lambda = 12, theta = 0.5;
    fc_distribution service = exponential(1), patience = exponential(1 / theta);
    queue q = {&fc_policy_fifo, 10, 1, {lambda}, &service, &patience, 2000};
    double weight = 1, sum = 1, waiting = 0;

    for (int n = 1; n < 400; n++) {
        weight *= lambda / (fmin(n, c) + theta * fmax(n - c, 0));
        sum += weight;
        waiting += fmax(n - c, 0) * weight;
    }
    results r = run(&q);
    assert_mean(&r.left, theta * waiting / sum / lambda);
}

/* M(t)/G/infinity (Eick, Massey and Whitt 1993, Operations Research 41:731): the number busy at t
 * is Poisson with mean integral of rate(u) P(S > t - u) over u. Rate from 0 up to 40 at 10 and down
 * to 10 at 20; Weibull service; t = 16. */
static void test_infinite_servers(void **state)
{
    (void)state;
    const double t = 16;
    double times[] = {0, 10, 20}, values[] = {0, 40, 10}, mean = 0, dt = 1e-3;
    fc_path rate = {.kind = FC_PATH_LINEAR, .count = 3, .time = times, .value = values};
    fc_distribution service = make(FC_DIST_WEIBULL, 0.7, 3), one = make(FC_DIST_CONSTANT, 1, 0);
    fc_job_class class = {.rate = &rate,
                          .key = fc_stream_key(9, "class", "jobs"),
                          .gpus = &one,
                          .duration = &service};
    fc_gpu_group group = {.units = 100000};
    fc_jobs_spec spec = {.policy = &fc_policy_fifo, .groups = &group, .group_count = 1};
    fc_tally busy = FC_TALLY_EMPTY;
    const uint32_t n = share_of(2000, 8);

    for (double u = dt / 2; u < t; u += dt)
        mean += dt * fc_path_at(&rate, u) * fc_distribution_survival(&service, t - u);
    for (uint32_t r = 0; r < n; r++) {
        fc_job_generator g;
        fc_jobs *jobs = NULL;
        fc_jobs_summary sum;

        assert_int_equal(fc_job_generator_init(&g, &class, 1, r, INFINITY, UINT64_MAX), FC_OK);
        assert_int_equal(fc_jobs_create(&spec, &jobs), FC_OK);
        fc_jobs_input input = {.jobs = fc_job_generator_source(&g)};
        assert_int_equal(fc_jobs_run(jobs, &input, t), FC_OK);
        fc_jobs_summary_of(jobs, &sum);
        fc_tally_add(&busy, (double)sum.counts.status[FC_JOB_RUNNING]);
        fc_jobs_free(jobs);
        fc_job_generator_free(&g);
    }
    assert_mean(&busy, mean);
    /* Variance equals the mean; the sample variance of n Poisson counts of that size has a relative
     * standard deviation of about sqrt(2 / n). */
    assert_true(fabs(fc_tally_variance(&busy) / mean - 1) < 3.9 * sqrt(2.0 / n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mm1),
        cmocka_unit_test(test_mmc_erlang_c),
        cmocka_unit_test(test_mmcc_erlang_b),
        cmocka_unit_test(test_md1),
        cmocka_unit_test(test_mg1),
        cmocka_unit_test(test_priorities),
        cmocka_unit_test(test_preemptive_resume),
        cmocka_unit_test(test_reneging_erlang_a),
        cmocka_unit_test(test_infinite_servers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
