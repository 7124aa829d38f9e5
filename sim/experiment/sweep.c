/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/sweep.h"

#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

/* ---- one run ----------------------------------------------------------------------------------
 */

typedef struct sweeper {
    fc_store *store;
    const fc_sweep *sweep;
    const fc_sweep_options *options;
    fc_diag *diag;
    uint32_t before, failed, total; /* replications of the runs that are done, for the progress */
    uint64_t offset;                /* replications of the runs before */
    uint32_t which, point;          /* the run: its case and, of values, its point */
    fc_sweep_result *out;
} sweeper;

static void show_overall(void *self, uint32_t done, uint32_t total, uint32_t failed)
{
    const sweeper *s = self;
    (void)total;
    s->options->each.progress(s->options->each.self, s->before + done, s->total,
                              s->failed + failed);
}

/* How many points a run of this case has. */
static uint32_t points_a_run(const fc_sweep *sweep)
{
    return sweep->design.quantiles ? sweep->design.n_points : 1;
}

/* Whether this shard has any of the run's replications. */
static bool has_any(const sweeper *s, uint32_t n)
{
    const fc_experiment_options *each = &s->options->each;
    for (uint32_t r = 0; r < n && r < each->shards; r++)
        if (fc_shard_has(each->shard, each->shards, (uint32_t)(s->offset % each->shards), r))
            return true;
    return each->shards <= 1;
}

static int note_points(sweeper *s, int64_t run, uint32_t each)
{
    const fc_sweep_case *c = &s->sweep->cases[s->which];
    bool sampled = s->sweep->design.quantiles != NULL;
    fc_point_range range = {.design = s->out->design,
                            .scenario = c->scenario,
                            .policies = c->policies->text,
                            .first = s->point,
                            .n = sampled ? s->sweep->design.n_points : 1,
                            .run = run,
                            .each = each};
    return fc_store_add_points(s->store, &range, s->diag);
}

/* From now on it is known which points are begun. Of a precision the result may hold fewer
 * replications than were asked for: a point is those, once they are known. */
static int on_begun(void *self, int64_t run)
{
    sweeper *s = self;
    return note_points(s, run, s->options->precision ? 0 : s->sweep->cases[s->which].replications);
}

static int run_one(sweeper *s, fc_scenario *scenario, const fc_sample_points *points)
{
    const fc_sweep_case *c = &s->sweep->cases[s->which];
    uint32_t n = c->replications * points_a_run(s->sweep);
    const fc_precision *precision = s->options->precision;
    fc_experiment_options options = s->options->each;
    fc_experiment_result result;
    fc_precision_result reached = {0};
    options.replications = n;
    options.points = points->quantiles ? points : NULL;
    options.offset = options.shards ? (uint32_t)(s->offset % options.shards) : 0;
    if (options.progress) options.progress = show_overall;
    options.begun = on_begun;
    options.self = s;
    int ret = precision ? fc_experiment_run_until(s->store, scenario, precision, &options, s->diag,
                                                  &result, &reached)
                        : fc_experiment_run(s->store, scenario, &options, s->diag, &result);
    if (ret) return ret;
    s->out->found += result.found;
    s->out->done += result.done;
    s->out->failed += result.failed;
    s->out->stopped = result.stopped;
    s->before += result.total;
    s->failed += result.failed;
    if (s->options->done)
        s->options->done(s->options->each.self, scenario, &result, precision ? &reached : NULL);
    return precision ? note_points(s, result.run, reached.n) : FC_OK;
}

/* A point that cannot be built is recorded, and the rest goes on. */
static int fail_point(sweeper *s, const fc_diag *why)
{
    const fc_sweep_case *c = &s->sweep->cases[s->which];
    char *sentence = NULL;
    int code = fc_diag_first(why);
    for (size_t i = 0; i < fc_diag_size(why) && !sentence; i++)
        if (fc_diag_code(why, i) == code) sentence = fc_diag_text(why, i, FC_LANG_EN);
    s->out->unbuilt++;
    int ret = fc_store_fail_point(s->store, s->out->design, c->scenario, c->policies->text,
                                  s->point, code, sentence ? sentence : "", s->diag);
    free(sentence);
    return ret;
}

static int run_point(sweeper *s)
{
    fc_scenario *scenario = NULL;
    fc_sample_points points = {0};
    uint32_t n = s->sweep->cases[s->which].replications * points_a_run(s->sweep);
    fc_arena *arena = fc_arena_create();
    fc_diag *own = fc_diag_create();
    int ret = FC_OK;
    if (!arena || !own)
        ret = fc_fail(s->diag, FC_E_NOMEM, NULL, NULL);
    else if (has_any(s, n)) {
        ret = fc_sweep_load(s->sweep, s->which, s->point, arena, own, &scenario, &points);
        if (ret == FC_E_NOMEM)
            fc_fail(s->diag, ret, NULL, NULL);
        else if (ret)
            ret = fail_point(s, own);
        else
            ret = run_one(s, scenario, &points);
    }
    s->offset += n;
    fc_scenario_free(scenario);
    fc_arena_free(arena);
    fc_diag_free(own);
    return ret;
}

/* ---- what is kept of the experiment ------------------------------------------------------------
 */

static void describe_factors(const fc_experiment_file *file, fc_text *out)
{
    for (uint32_t f = 0; f < file->n_factors; f++)
        fc_text_printf(out, "%s%s: %s%s%s", f ? "; " : "", file->factors[f].name,
                       file->factors[f].key, file->factors[f].range ? " = " : "",
                       file->factors[f].range ? file->factors[f].range : "");
}

static void describe_cases(const fc_sweep *sweep, fc_text *scenarios, fc_text *policies,
                           fc_text *replications)
{
    const fc_experiment_file *file = sweep->file;
    for (uint32_t i = 0; i < file->n_scenarios; i++) {
        const fc_sweep_case *c = &sweep->cases[(size_t)i * file->n_policies];
        fc_text_printf(scenarios, "%s%s", i ? ", " : "", c->scenario);
        fc_text_printf(replications, "%s%u", i ? ", " : "", c->replications);
    }
    for (uint32_t i = 0; i < file->n_policies; i++)
        fc_text_printf(policies, "%s%s", i ? ", " : "",
                       *file->policies[i].text ? file->policies[i].text : "none");
}

/* "demo: fleets.korea.budgets.b.amount: 1 tn KRW -> 2 tn KRW", of the first case that has changed:
 * told by its first point that can be built. */
static int describe_changes(void *self, fc_text *out)
{
    sweeper *s = self;
    uint32_t runs = s->sweep->design.quantiles ? 1 : s->sweep->design.n_points;
    fc_text words = FC_TEXT_EMPTY;
    int ret = FC_OK;
    for (uint32_t c = 0; c < s->sweep->n_cases && !ret && !words.length; c++) {
        fc_arena *arena = fc_arena_create();
        fc_diag *own = fc_diag_create();
        fc_scenario *scenario = NULL;
        bool there;
        for (uint32_t p = 0; p < runs && arena && own && !scenario; p++)
            if (fc_sweep_load(s->sweep, c, p, arena, own, &scenario, NULL) == FC_E_NOMEM) break;
        if (scenario) ret = fc_store_changes(s->store, scenario, s->diag, &there, &words);
        if (words.length) fc_text_printf(out, "%s: %s", s->sweep->cases[c].scenario, words.data);
        fc_scenario_free(scenario);
        fc_diag_free(own);
        fc_arena_free(arena);
    }
    fc_text_free(&words);
    return ret;
}

/* Of what the runs hang on besides the design: scenarios, seeds, version, and, of a sample,
 * replications a point. */
static void hash_base(const fc_sweep *sweep, char hex[65])
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&sha);
    for (uint32_t i = 0; i < sweep->n_cases; i++) {
        const fc_sweep_case *c = &sweep->cases[i];
        char text[256];
        int n = snprintf(text, sizeof text, "%s %" PRIu64 " %.100s %" PRIu32 "\n", c->hash, c->seed,
                         FC_VERSION, sweep->design.quantiles ? c->replications : 0);
        sha256_update(&sha, (size_t)n, (const uint8_t *)text);
    }
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) snprintf(hex + 2 * i, 3, "%02" PRIx8, digest[i]);
}

static int begin_design(sweeper *s)
{
    const fc_sweep *sweep = s->sweep;
    const fc_experiment_file *file = sweep->file;
    static const char *const kinds[] = {"grid",  "one_at_a_time", "list", "latin_hypercube",
                                        "sobol", "monte_carlo"};
    fc_text texts[4] = {FC_TEXT_EMPTY, FC_TEXT_EMPTY, FC_TEXT_EMPTY, FC_TEXT_EMPTY};
    char points[64], seed[24], base[65];
    hash_base(sweep, base);
    describe_factors(file, &texts[0]);
    describe_cases(sweep, &texts[1], &texts[2], &texts[3]);
    snprintf(points, sizeof points, "%u", sweep->design.n_points);
    if (sweep->design.shift_points)
        snprintf(points, sizeof points, "%u in %u shifts", sweep->design.n_points,
                 sweep->design.n_points / sweep->design.shift_points);
    snprintf(seed, sizeof seed, "%lld", (long long)sweep->seed);
    fc_design_info info = {.name = file->name,
                           .title_en = file->title[0] ? file->title[0] : file->name,
                           .title_ko = file->title[1] ? file->title[1] : file->name,
                           .file = file->file,
                           .kind = kinds[file->design.kind],
                           .factors = texts[0].data ? texts[0].data : "",
                           .scenarios = texts[1].data,
                           .policies = texts[2].data,
                           .replications = texts[3].data,
                           .seed = sweep->seed < 0 ? "" : seed,
                           .points = points,
                           .hash = sweep->hash,
                           .base = base,
                           .n_points = sweep->design.n_points,
                           .n_columns = sweep->design.n_columns,
                           .columns = sweep->design.columns,
                           .quantiles = sweep->design.quantiles,
                           .cells = sweep->design.cells,
                           .changes = describe_changes,
                           .self = s};
    int ret = FC_OK;
    for (size_t i = 0; i < 4; i++)
        if (texts[i].failed) ret = fc_fail(s->diag, FC_E_NOMEM, NULL, NULL);
    if (!ret)
        ret = fc_store_begin_design(s->store, &info, s->options->each.force, s->diag,
                                    &s->out->design);
    for (size_t i = 0; i < 4; i++) fc_text_free(&texts[i]);
    return ret;
}

int fc_sweep_takes_precision(const fc_sweep *sweep, fc_diag *diag)
{
    if (!sweep->design.quantiles) return FC_OK;
    return fc_fail(diag, FC_E_USAGE, NULL,
                   FC_BOTH("--precision is not for sampled designs: their points are the sample",
                           "--precision은 표본 설계에 쓸 수 없습니다: 설계점이 곧 표본입니다"),
                   NULL);
}

int fc_sweep_run(fc_store *store, const fc_sweep *sweep, const fc_sweep_options *options,
                 fc_diag *diag, fc_sweep_result *out)
{
    *out = (fc_sweep_result){0};
    uint64_t shards = options->each.shards ? options->each.shards : 1;
    uint64_t total = (sweep->replications + shards - 1) / shards;
    sweeper s = {.store = store,
                 .sweep = sweep,
                 .options = options,
                 .diag = diag,
                 .total = total < UINT32_MAX ? (uint32_t)total : UINT32_MAX,
                 .out = out};
    uint32_t runs = sweep->design.quantiles ? 1 : sweep->design.n_points;
    int ret = begin_design(&s);
    for (s.which = 0; s.which < sweep->n_cases; s.which++)
        for (s.point = 0; s.point < runs && !ret && !out->stopped; s.point++) {
            const atomic_bool *stop = options->each.stop;
            if (stop && atomic_load(stop))
                out->stopped = true;
            else
                ret = run_point(&s);
        }
    return ret;
}

/* ---- trying all points -------------------------------------------------------------------------
 */

static int say_unbuilt(const fc_sweep *sweep, uint32_t which, uint32_t point, const fc_diag *why,
                       fc_diag *diag)
{
    const char *scenario = sweep->cases[which].scenario;
    fc_text both = FC_TEXT_EMPTY, name = FC_TEXT_EMPTY;
    char *en = fc_diag_text(why, 0, FC_LANG_EN), *ko = fc_diag_text(why, 0, FC_LANG_KO);
    fc_text_printf(&name, FC_BOTH("point %u of %s", "%s의 설계점 %u번"), point, scenario, scenario,
                   point);
    fc_text_printf(&both, "%s\x1f%s", en ? en : "", ko ? ko : "");
    int ret = fc_fail(diag, FC_E_CHANGE, NULL, name.data ? name.data : "",
                      both.data ? both.data : "", NULL);
    fc_text_free(&name);
    free(en);
    free(ko);
    fc_text_free(&both);
    return ret;
}

int fc_sweep_try(const fc_sweep *sweep, fc_diag *diag)
{
    int ret = FC_OK;
    for (uint32_t c = 0; c < sweep->n_cases && ret != FC_E_NOMEM; c++)
        for (uint32_t p = 0; p < sweep->design.n_points && ret != FC_E_NOMEM; p++) {
            if (sweep->design.quantiles) break; /* one run a case, which was tried */
            fc_scenario *scenario = NULL;
            fc_arena *arena = fc_arena_create();
            fc_diag *own = fc_diag_create();
            int code =
                arena && own ? fc_sweep_load(sweep, c, p, arena, own, &scenario, NULL) : FC_E_NOMEM;
            if (code == FC_E_NOMEM)
                ret = fc_fail(diag, code, NULL, NULL);
            else if (code)
                ret = say_unbuilt(sweep, c, p, own, diag);
            fc_scenario_free(scenario);
            fc_diag_free(own);
            fc_arena_free(arena);
        }
    return ret;
}

/* ---- one replication of one run ----------------------------------------------------------------
 */

static bool has_replication(const fc_sweep *sweep, const fc_sample_points *points, uint32_t r)
{
    return !points->quantiles || r / points->each < sweep->design.n_points;
}

int fc_sweep_find(const fc_sweep *sweep, const char *run, uint32_t replication, fc_arena *arena,
                  fc_diag *diag, fc_scenario **out, fc_sample_points *points)
{
    uint32_t runs = sweep->design.quantiles ? 1 : sweep->design.n_points;
    fc_diag *own = fc_diag_create(); /* a point that cannot be built is not the one */
    int ret = own ? FC_OK : FC_E_NOMEM;
    *out = NULL;
    for (uint32_t i = 0; !ret && !*out && i < sweep->n_cases * runs; i++) {
        fc_scenario *scenario = NULL;
        ret = fc_sweep_load(sweep, i / runs, i % runs, arena, own, &scenario, points);
        if (ret && ret != FC_E_NOMEM) {
            ret = FC_OK;
            continue;
        }
        if (!ret && (!run || strcmp(scenario->name, run) == 0) &&
            has_replication(sweep, points, replication))
            *out = scenario;
        else
            fc_scenario_free(scenario);
    }
    fc_diag_free(own);
    if (ret) return fc_fail(diag, ret, NULL, NULL);
    if (*out) return FC_OK;
    return fc_fail(diag, FC_E_USAGE, NULL,
                   FC_BOTH("the experiment has no such replication: write RUN:NUMBER, the run as "
                           "fleetcast status lists it",
                           "실험에 그런 모의가 없습니다: 실행 이름:번호로 쓰십시오(실행 이름은 "
                           "fleetcast status가 보여 줍니다)"),
                   NULL);
}
