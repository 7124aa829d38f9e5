/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/replay_options.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "report/words.h"
#include "scenario/quantity.h"

enum {
    GPUS,
    SERVERS,
    POLICY,
    OVERRUN,
    EXACT,
    SHARE_BY,
    MTBF,
    REPAIR,
    CHECKPOINT,
    FORMAT,
    ON_ERROR,
    SORT,
    SCENARIO,
    FLEET,
    FROM,
    REPLICATION,
    POOLED
};

enum { MOST_UNITS = 100000000 };

const struct argp_option fc_replay_argp[] = {
    {"gpus", FC_CLI_OWN + GPUS, "N", 0,
     FC_BOTH("One flat pool of N GPUs (default: what the header of an SWF trace says)",
             "서버 구분 없는 GPU N장(기본: SWF 트레이스 머리글에 적힌 수)"),
     0},
    {"servers", FC_CLI_OWN + SERVERS, "NxG", 0,
     FC_BOTH("N servers of G GPUs, e.g. 400x8; several kinds: 400x8,50x4",
             "GPU G장짜리 서버 N대. 예: 400x8, 여러 종류면 400x8,50x4"),
     0},
    {"scenario", FC_CLI_OWN + SCENARIO, "FILE", 0,
     FC_BOTH("The accelerators that run in this scenario, as they come and go (then --with, --set, "
             "--seed are the scenario's)",
             "이 시나리오에서 가동되는 가속기를 늘고 주는 대로 사용(이때 --with, --set, --seed는 "
             "시나리오의 것)"),
     0},
    {"fleet", FC_CLI_OWN + FLEET, "NAME", 0,
     FC_BOTH("Which of its fleets, where it has several", "보유 주체가 여럿이면 그 이름"), 0},
    {"from", FC_CLI_OWN + FROM, "DATE", 0,
     FC_BOTH("The trace's time 0 is this day (default: the scenario's first)",
             "트레이스의 시각 0이 되는 날(기본: 시나리오의 첫날)"),
     0},
    {"replication", FC_CLI_OWN + REPLICATION, "N", 0,
     FC_BOTH("Which of its futures (default: 0)", "모의 번호(기본: 0)"), 0},
    {"pooled", FC_CLI_OWN + POOLED, NULL, 0,
     FC_BOTH(
         "Any of its free GPUs of a model serve a job (default: by servers of the model's size)",
         "같은 모델이면 서버와 관계없이 배치(기본: 모델의 서버 크기대로 배치)"),
     0},
    {"policy", FC_CLI_OWN + POLICY, "NAME,...", 0,
     FC_BOTH(
         "fifo, priority, preemptive, sjf, easy, conservative, fair (default: fifo); several are "
         "compared",
         "fifo, priority, preemptive, sjf, easy, conservative, fair(기본: fifo). 여럿이면 비교"),
     0},
    {"overrun", FC_CLI_OWN + OVERRUN, "extend|kill", 0,
     FC_BOTH("A job that reaches its requested time runs on (default) or is stopped",
             "요청 시간을 넘긴 작업을 계속 실행(기본)하거나 중단"),
     0},
    {"exact", FC_CLI_OWN + EXACT, NULL, 0,
     FC_BOTH("Tell the scheduler run times, even where the trace has requested times",
             "요청 시간이 있어도 스케줄러에 실제 실행 시간을 알림"),
     0},
    {"share-by", FC_CLI_OWN + SHARE_BY, "user|group", 0,
     FC_BOTH("Who has a fair share (default: user); groups are virtual clusters in Helios",
             "공정 배분의 단위(기본: user). Helios에서 group은 가상 클러스터"),
     0},
    {"mtbf", FC_CLI_OWN + MTBF, "DURATION", 0,
     FC_BOTH("Mean time between failures of a server, e.g. '300 days' (default: none fails)",
             "서버의 평균 고장 간격. 예: '300 days'(기본: 고장 없음)"),
     0},
    {"repair", FC_CLI_OWN + REPAIR, "DURATION", 0,
     FC_BOTH("Mean time to repair (default: 12 hours)", "평균 수리 시간(기본: 12시간)"), 0},
    {"checkpoint", FC_CLI_OWN + CHECKPOINT, "DURATION", 0,
     FC_BOTH("Jobs save their state this often (default: never)",
             "작업의 체크포인트 간격(기본: 저장 안 함)"),
     0},
    {"format", FC_CLI_OWN + FORMAT, "NAME", 0,
     FC_BOTH("swf, helios, acme, philly, openb (default: as the content says)",
             "swf, helios, acme, philly, openb(기본: 내용을 보고 판단)"),
     0},
    {"on-error", FC_CLI_OWN + ON_ERROR, "stop|skip", 0,
     FC_BOTH("A line that is wrong ends the replay (default) or is reported, counted and skipped",
             "잘못된 줄이 있으면 중단(기본: stop)하거나 알리고 세고 건너뜀(skip)"),
     0},
    {"sort", FC_CLI_OWN + SORT, NULL, 0,
     FC_BOTH("Put the jobs in order of submission first", "먼저 제출 순서로 정렬"), 0},
    {0}};

static int usage(fc_cli *cli, const char *en, const char *ko)
{
    fc_text both = FC_TEXT_EMPTY;
    fc_text_printf(&both, "%s" FC_BOTH("", "") "%s", en, ko);
    int ret = fc_fail(cli->diag, FC_E_USAGE, NULL, both.data ? both.data : en, NULL);
    fc_text_free(&both);
    return ret;
}

/* Is it the first word, or the second (the default where nothing was given)? */
static int choose(fc_cli *cli, int option, const char *first, const char *second, bool *is_first)
{
    const char *value = cli->own[option] ? cli->own[option] : second;
    char en[128], ko[128];
    *is_first = strcmp(value, first) == 0;
    if (*is_first || strcmp(value, second) == 0) return FC_OK;
    const char *name = fc_replay_argp[option].name;
    snprintf(en, sizeof en, "--%s is %s or %s, not '%.40s'", name, first, second, value);
    snprintf(ko, sizeof ko, "--%s: %s 또는 %s (쓴 값: '%.40s')", name, first, second, value);
    return usage(cli, en, ko);
}

/* Up to the next comma; NULL at the end of the list. */
static const char *next_item(const char **list, char out[64])
{
    size_t length = strcspn(*list, ",");
    if (!**list && length == 0) return NULL;
    snprintf(out, 64, "%.*s", (int)(length < 63 ? length : 63), *list);
    *list += length + ((*list)[length] == ',');
    return out;
}

static int read_servers(fc_cli *cli, fc_replay_options *out)
{
    const char *list = cli->own[SERVERS];
    char item[64];
    uint32_t n = 0;
    for (; next_item(&list, item); n++) {
        char *end;
        long long servers = strtoll(item, &end, 10), gpus = 0;
        bool good = end > item && (*end == 'x' || *end == 'X') && n < FC_MAX_GROUPS;
        const char *second = end + 1;
        if (good) gpus = strtoll(second, &end, 10);
        if (!good || end == second || *end || servers < 1 || servers > MOST_UNITS || gpus < 1 ||
            gpus > FC_MAX_SERVER_GPUS)
            return usage(cli, "--servers takes servers x GPUs in each, such as 400x8 or 400x8,50x4",
                         "--servers에는 서버 수x서버당 GPU 수를 씁니다(예: 400x8, 400x8,50x4)");
        out->groups[n] = (fc_gpu_group){.server_gpus = (uint32_t)gpus, .units = (uint32_t)servers};
    }
    out->spec.group_count = n;
    return n ? FC_OK : usage(cli, "--servers is empty", "--servers 값이 비었습니다");
}

static int read_fleet(fc_cli *cli, fc_replay_options *out)
{
    fc_replay_fleet *fleet = &out->fleet;
    if (cli->own[MTBF] || cli->own[REPAIR])
        return usage(
            cli,
            "the servers of a scenario fail as the scenario says: leave --mtbf and --repair out",
            "시나리오의 서버 고장은 시나리오를 따릅니다: --mtbf와 --repair를 빼십시오");
    fleet->scenario = cli->own[SCENARIO];
    fleet->name = cli->own[FLEET];
    fleet->from = cli->own[FROM];
    fleet->pooled = cli->own[POOLED] != NULL;
    if (cli->own[REPLICATION])
        fleet->replication =
            (uint32_t)fc_cli_whole(cli, "--replication", cli->own[REPLICATION], 0, UINT32_MAX);
    int ret = fc_replay_fleet_load(cli, fleet);
    out->spec.groups = fleet->cluster.groups;
    out->spec.group_count = fleet->cluster.n_groups;
    return ret;
}

static int read_cluster(fc_cli *cli, fc_replay_options *out)
{
    if (!!cli->own[GPUS] + !!cli->own[SERVERS] + !!cli->own[SCENARIO] > 1)
        return usage(cli, "give one of --gpus, --servers and --scenario",
                     "--gpus, --servers, --scenario 중 하나만 쓰십시오");
    if (cli->own[SCENARIO]) return read_fleet(cli, out);
    if (cli->own[FLEET] || cli->own[FROM] || cli->own[REPLICATION] || cli->own[POOLED] ||
        cli->n_with || cli->n_sets)
        return usage(
            cli, "--fleet, --from, --replication, --pooled, --with and --set go with --scenario",
            "--fleet, --from, --replication, --pooled, --with, --set는 --scenario와 함께 씁니다");
    out->spec.groups = out->groups;
    if (cli->own[SERVERS]) return read_servers(cli, out);
    if (!cli->own[GPUS]) return FC_OK;
    int64_t gpus = fc_cli_whole(cli, "--gpus", cli->own[GPUS], 1, MOST_UNITS);
    out->groups[0] = (fc_gpu_group){.units = (uint32_t)gpus};
    out->spec.group_count = 1;
    return FC_OK;
}

static int read_policies(fc_cli *cli, fc_replay_options *out)
{
    const char *list = cli->own[POLICY] ? cli->own[POLICY] : "fifo";
    char item[64], en[256], ko[256];
    for (size_t i = 0; next_item(&list, item); i++) {
        const fc_policy *policy = fc_policy_find(item);
        if (!policy) {
            snprintf(en, sizeof en, "there is no policy '%s'; fleetcast replay --help lists them",
                     item);
            snprintf(ko, sizeof ko, "'%s': 그런 정책이 없습니다. 목록: fleetcast replay --help",
                     item);
            return usage(cli, en, ko);
        }
        if (i == FC_REPLAY_MOST_POLICIES)
            return usage(cli, "too many policies", "정책이 너무 많습니다");
        out->policies[i] = policy;
        out->names[i] = fc_policy_name(policy);
        out->n_policies = i + 1;
    }
    return out->n_policies ? FC_OK : usage(cli, "--policy is empty", "--policy 값이 비었습니다");
}

/* What is no file, such as a pipe, can be read only once. */
static int check_readings(fc_cli *cli, const fc_replay_options *options)
{
    struct stat is;
    bool twice = options->n_policies > 1;
    for (size_t i = 0; i < options->n_policies; i++)
        twice |= options->policies[i] == &fc_policy_fair;
    if (!twice || stat(cli->args[0], &is) != 0 || S_ISREG(is.st_mode)) return FC_OK;
    return usage(cli, "what is no file can be read only once: give one policy, and not fair",
                 "파일이 아니면 한 번만 읽을 수 있습니다: fair가 아닌 정책 하나만 쓰십시오");
}

static int read_duration(fc_cli *cli, int option, double *out)
{
    if (!cli->own[option]) return FC_OK;
    fc_unit_want want = {.dim = FC_DIM_DURATION};
    fc_quantity quantity;
    char name[32];
    snprintf(name, sizeof name, "--%s", fc_replay_argp[option].name);
    fc_place place = {.path = name};
    int ret = fc_quantity_parse(cli->own[option], &want, &place, cli->diag, &quantity);
    if (ret) return ret;
    if (!(quantity.value > 0))
        return usage(cli, "a duration must be more than 0", "기간은 0보다 커야 합니다");
    *out = quantity.value;
    return FC_OK;
}

static int read_format(fc_cli *cli, fc_replay_options *out)
{
    const char *name = out->spec.trace.format = cli->own[FORMAT];
    for (size_t i = 0; name && fc_trace_formats[i]; i++)
        if (strcmp(name, fc_trace_formats[i]) == 0) return FC_OK;
    return name ? usage(cli, "--format is swf, helios, acme, philly or openb",
                        "--format: swf, helios, acme, philly, openb 중 하나")
                : FC_OK;
}

static void write_settings(fc_replay_options *o)
{
    const fc_replay_spec *s = &o->spec;
    fc_text *t = &o->settings;
    for (uint32_t i = 0; i < s->group_count && !o->fleet.scenario; i++)
        if (o->groups[i].server_gpus)
            fc_text_printf(t, "servers=%" PRIu32 "x%" PRIu32 " ", o->groups[i].units,
                           o->groups[i].server_gpus);
        else
            fc_text_printf(t, "gpus=%" PRIu32 " ", o->groups[i].units);
    if (o->fleet.scenario) fc_replay_fleet_settings(&o->fleet, t);
    fc_text_printf(t, "overrun=%s", s->overrun == FC_OVERRUN_KILL ? "kill" : "extend");
    if (s->exact) fc_text_add(t, " exact");
    if (s->share == FC_SHARE_BY_GROUP) fc_text_add(t, " share-by=group");
    if (s->failures.mtbf > 0)
        fc_text_printf(t, " mtbf=%.17gs repair=%.17gs seed=%" PRIu64, s->failures.mtbf,
                       s->failures.repair, s->failures.seed);
    if (isfinite(s->checkpoint)) fc_text_printf(t, " checkpoint=%.17gs", s->checkpoint);
    if (s->trace.on_error == FC_TRACE_SKIP) fc_text_add(t, " on-error=skip");
    if (s->trace.sort) fc_text_add(t, " sort");
}

int fc_replay_options_read(fc_cli *cli, fc_replay_options *out)
{
    bool kill, group, skip;
    *out = (fc_replay_options){.settings = FC_TEXT_EMPTY};
    fc_replay_spec *spec = &out->spec;
    spec->trace.path = cli->args[0];
    spec->trace.sort = cli->own[SORT] != NULL;
    spec->exact = cli->own[EXACT] != NULL;
    spec->checkpoint = INFINITY;
    spec->failures.repair = 12 * 3600;
    spec->failures.seed = cli->seed_given ? (uint64_t)cli->seed : 1;
    int ret = read_cluster(cli, out);
    if (!ret) ret = read_policies(cli, out);
    if (!ret) ret = check_readings(cli, out);
    if (!ret) ret = read_format(cli, out);
    if (!ret) ret = choose(cli, OVERRUN, "kill", "extend", &kill);
    if (!ret) ret = choose(cli, SHARE_BY, "group", "user", &group);
    if (!ret) ret = choose(cli, ON_ERROR, "skip", "stop", &skip);
    if (!ret) ret = read_duration(cli, MTBF, &spec->failures.mtbf);
    if (!ret) ret = read_duration(cli, REPAIR, &spec->failures.repair);
    if (!ret) ret = read_duration(cli, CHECKPOINT, &spec->checkpoint);
    if (ret) return ret;
    spec->overrun = kill ? FC_OVERRUN_KILL : FC_OVERRUN_EXTEND;
    spec->share = group ? FC_SHARE_BY_GROUP : FC_SHARE_BY_USER;
    spec->trace.on_error = skip ? FC_TRACE_SKIP : FC_TRACE_STOP;
    write_settings(out);
    return fc_text_failed(&out->settings) ? FC_E_NOMEM : FC_OK;
}

void fc_replay_options_free(fc_replay_options *options)
{
    fc_text_free(&options->settings);
    fc_replay_fleet_free(&options->fleet);
}
