/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Common options, messages, loading. */
#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/help.h"

enum { KEY_WITH = 0x100, KEY_SET, KEY_LANG, KEY_JSON, KEY_FORCE, KEY_SHARD, KEY_PRECISION };

static const struct argp_option run_options[] = {
    {"replications", 'n', "N", 0,
     FC_BOTH("Simulate N futures (default: as the scenario says)",
             "모의 횟수(기본: 시나리오에 적힌 대로)"),
     0},
    {"jobs", 'j', "N", 0,
     FC_BOTH("Use N threads (default: all processors)", "스레드 수(기본: 모든 프로세서)"), 0},
    {"seed", 's', "N", 0,
     FC_BOTH("Seed of all random streams (default: as the scenario says)",
             "난수 시드(기본: 시나리오에 적힌 대로)"),
     0},
    {"output", 'o', "FILE", 0,
     FC_BOTH("Results database (default: results.db)", "결과 데이터베이스(기본: results.db)"), 0},
    {"force", KEY_FORCE, NULL, 0,
     FC_BOTH("Go on although scenario, seed, version or libm differ from an unfinished run's",
             "끝나지 않은 실행과 시나리오·시드·버전·libm이 달라도 진행"),
     0},
    {0}};
static const struct argp_option part_options[] = {
    {"precision", KEY_PRECISION, "WHAT: HOW", 0,
     FC_BOTH("Simulate until a result is so precise: 'gpus_in_service@2030-12-31: 1 %' or "
             "'P(end-2030): 2 points'; -n is then the most",
             "결과가 이만큼 정밀해질 때까지 모의: 'gpus_in_service@2030-12-31: 1 %' 또는 "
             "'P(end-2030): 2 points'. 이때 -n은 최대 횟수"),
     0},
    {"shard", KEY_SHARD, "K/N", 0,
     FC_BOTH("Simulate only the K-th of N shards; fleetcast merge puts them together",
             "샤드 N개 가운데 K번째만 모의(fleetcast merge로 합침)"),
     0},
    {0}};
static const struct argp_option scenario_options[] = {
    {"with", KEY_WITH, "POLICY", 0,
     FC_BOTH("Put a policy of the scenario in force (may be repeated)",
             "시나리오의 정책을 시행(여러 번 쓸 수 있음)"),
     0},
    {"set", KEY_SET, "PATH=VALUE", 0,
     FC_BOTH("Set a key, e.g. --set fleets.korea.budgets.b.amount='1 tn KRW'",
             "키에 값을 지정. 예: --set fleets.korea.budgets.b.amount='1 tn KRW'"),
     0},
    {0}};
static const struct argp_option json_options[] = {
    {"json", KEY_JSON, NULL, 0, FC_BOTH("Print JSON", "JSON으로 출력"), 0}, {0}};
static const struct argp_option output_options[] = {
    {"output", 'o', "FILE", 0, FC_BOTH("Write to this file", "이 파일에 쓰기"), 0}, {0}};
static const struct argp_option seed_options[] = {
    {"seed", 's', "N", 0, FC_BOTH("Seed of all random streams (default: 1)", "난수 시드(기본: 1)"),
     0},
    {0}};
static const struct argp_option all_options[] = {
    {"lang", KEY_LANG, "en|ko", 0,
     FC_BOTH("Language of messages and answers", "메시지와 결과의 언어"), -1},
    {"quiet", 'q', NULL, 0,
     FC_BOTH("No progress, no warnings", "진행 상황과 주의 메시지를 표시하지 않음"), -1},
    {0}};

typedef struct parse {
    const fc_command *command;
    fc_cli *cli;
} parse;

int64_t fc_cli_whole(const fc_cli *cli, const char *option, const char *text, int64_t min,
                     int64_t max)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < min || value > max) {
        fprintf(stderr,
                FC_SAY(cli, "fleetcast: %s takes a whole number from %lld to %lld, not '%s'\n",
                       "fleetcast: %s: %lld~%lld의 정수를 쓰십시오(적힌 것: '%s')\n"),
                option, (long long)min, (long long)max, text);
        exit(2);
    }
    return value;
}

static void append(const fc_cli *cli, const char **list, size_t *n, const char *value)
{
    if (*n == FC_CLI_MAX_ARGS) {
        fprintf(stderr,
                FC_SAY(cli, "fleetcast: '%s' is one too many: %d at most\n",
                       "fleetcast: '%s': %d개까지만 쓸 수 있습니다\n"),
                value, FC_CLI_MAX_ARGS);
        exit(2);
    }
    list[(*n)++] = value;
}

static void set_language(fc_cli *cli, const char *value)
{
    if (strcmp(value, "ko") == 0)
        cli->lang = FC_LANG_KO;
    else if (strcmp(value, "en") == 0)
        cli->lang = FC_LANG_EN;
    else {
        fprintf(stderr,
                FC_SAY(cli, "fleetcast: --lang is en or ko, not '%s'\n",
                       "fleetcast: --lang은 en 또는 ko입니다(적힌 것: '%s')\n"),
                value);
        exit(2);
    }
}

static void set_shard(fc_cli *cli, const char *value)
{
    char *end, *last = NULL;
    unsigned long shard = strtoul(value, &end, 10);
    unsigned long shards = *end == '/' ? strtoul(end + 1, &last, 10) : 0;
    if (shard < 1 || shard > shards || shards > 100000 || !last || *last) {
        fprintf(stderr,
                FC_SAY(cli, "fleetcast: --shard is K/N with K from 1 to N, such as 3/8, not '%s'\n",
                       "fleetcast: --shard는 K/N입니다. K는 1~N, 예: 3/8(적힌 것: '%s')\n"),
                value);
        exit(2);
    }
    cli->shard = (uint32_t)shard;
    cli->shards = (uint32_t)shards;
}

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    parse *p = state->input;
    fc_cli *cli = p->cli;
    switch (key) {
    case 'n':
        cli->replications = fc_cli_whole(cli, "--replications", value, 1, 10000000);
        return 0;
    case 'j':
        cli->jobs = fc_cli_whole(cli, "--jobs", value, 1, 1024);
        return 0;
    case 's':
        cli->seed = fc_cli_whole(cli, "--seed", value, 0, INT64_C(9007199254740991));
        cli->seed_given = true;
        return 0;
    case 'o':
        cli->output = value;
        return 0;
    case KEY_FORCE:
        cli->force = true;
        return 0;
    case KEY_PRECISION:
        cli->precision = value;
        return 0;
    case KEY_SHARD:
        set_shard(cli, value);
        return 0;
    case KEY_WITH:
        append(cli, cli->with, &cli->n_with, value);
        return 0;
    case KEY_SET:
        append(cli, cli->sets, &cli->n_sets, value);
        return 0;
    case KEY_LANG:
        set_language(cli, value);
        return 0;
    case KEY_JSON:
        cli->json = true;
        return 0;
    case 'q':
        cli->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        append(cli, cli->args, &cli->n_args, value);
        return 0;
    case ARGP_KEY_END:
        if (cli->n_args < p->command->min_args)
            argp_error(state, FC_SAY(cli, "%s is missing", "%s: 필요합니다"),
                       p->command->arguments);
        if (cli->n_args > p->command->max_args)
            argp_error(state,
                       FC_SAY(cli, "'%s' is one argument too many", "'%s': 필요 없는 인수입니다"),
                       cli->args[p->command->max_args]);
        return 0;
    default:
        fc_help_option(key, state);
        if (key < FC_CLI_OWN || key >= FC_CLI_OWN + FC_CLI_MAX_OWN) return ARGP_ERR_UNKNOWN;
        cli->own[key - FC_CLI_OWN] = value ? value : "";
        return 0;
    }
}

static char *in_language(int key, const char *text, void *input)
{
    const parse *p = input;
    return fc_help_in(key, text, p ? p->cli->lang : fc_cli_locale());
}

static size_t add_options(struct argp_option *out, size_t n, const struct argp_option *from)
{
    for (; from && (from->name || from->key || from->doc); from++) out[n++] = *from;
    return n;
}

void fc_cli_parse(const fc_command *command, int argc, char **argv, fc_cli *cli)
{
    struct argp_option options[48] = {{0}};
    size_t n = add_options(options, 0, command->options);
    if (command->takes & FC_CLI_RUNS) n = add_options(options, n, run_options);
    if (command->takes & FC_CLI_PARTS) n = add_options(options, n, part_options);
    if (command->takes & FC_CLI_SCENARIO) n = add_options(options, n, scenario_options);
    if (command->takes & FC_CLI_OUTPUT) n = add_options(options, n, output_options);
    if (command->takes & FC_CLI_SEED) n = add_options(options, n, seed_options);
    if (command->takes & FC_CLI_JSON) n = add_options(options, n, json_options);
    n = add_options(options, n, all_options);
    add_options(options, n, fc_help_options);
    char doc[2048], name[64];
    snprintf(doc, sizeof doc, "%s\v%s", command->summary, command->doc);
    snprintf(name, sizeof name, "fleetcast %s", command->name);
    struct argp argp = {options, parse_option, command->arguments, doc, NULL, in_language, NULL};
    parse p = {command, cli};
    argv[0] = name; /* argp names the program by it in --help and errors */
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &p);
}

fc_lang fc_cli_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) return strncmp(value, "ko", 2) == 0 ? FC_LANG_KO : FC_LANG_EN;
    }
    return FC_LANG_EN;
}

void fc_cli_report(fc_cli *cli)
{
    size_t size = fc_diag_size(cli->diag);
    for (size_t i = 0; i < size; i++) {
        bool warning = fc_diag_code(cli->diag, i) >= 900;
        if (warning && cli->quiet) continue;
        char *text = fc_diag_text(cli->diag, i, cli->lang);
        const char *kind = warning ? FC_SAY(cli, "warning", "주의") : FC_SAY(cli, "error", "오류");
        fprintf(stderr, "%s: %s\n", kind, text ? text : fc_error_text(FC_E_NOMEM, cli->lang));
        free(text);
    }
    cli->reported |= fc_diag_errors(cli->diag) > 0;
    size_t all = fc_diag_errors(cli->diag) + fc_diag_warnings(cli->diag);
    if (all > size)
        fprintf(stderr, FC_SAY(cli, "... and %zu more\n", "... 외 %zu건\n"), all - size);
    fc_diag_clear(cli->diag);
}

/* The '+' behind the file's ending in `plan.yaml+policy`, the end of the text in `plan.yaml`, NULL
 * in what is no scenario file. */
static const char *after_ending(const char *name)
{
    static const char *const endings[] = {".yaml", ".yml"};
    for (size_t i = 0; i < 2; i++)
        for (const char *at = strstr(name, endings[i]); at; at = strstr(at + 1, endings[i])) {
            const char *after = at + strlen(endings[i]);
            if (!*after || *after == '+') return after;
        }
    return NULL;
}

bool fc_cli_is_scenario(const char *name)
{
    return after_ending(name) != NULL;
}

/* What the layers of an argument are: the text that these point into lives as long as they do. */
typedef struct argument {
    char *file, data[PATH_MAX];
    const char *with[2 * FC_CLI_MAX_ARGS];
    fc_layer_options layers;
} argument;

static int split_argument(const fc_cli *cli, const char *path, argument *out)
{
    const char *plus = after_ending(path);
    char *rest = NULL;
    size_t n = cli->n_with;
    out->file = strdup(path);
    if (!out->file) return FC_E_NOMEM;
    memcpy(out->with, cli->with, n * sizeof *out->with);
    if (plus && *plus && access(path, F_OK) != 0) { /* plan.yaml+policy: --with for this one only */
        out->file[plus - path] = '\0';
        for (char *name = strtok_r(out->file + (plus - path) + 1, "+", &rest);
             name && n < 2 * FC_CLI_MAX_ARGS; name = strtok_r(NULL, "+", &rest))
            out->with[n++] = name;
    }
    out->layers = (fc_layer_options){
        .data = fc_cli_data_folder(out->data, sizeof out->data) ? out->data : NULL,
        .with = out->with,
        .with_count = n,
        .sets = cli->sets,
        .sets_count = cli->n_sets,
        .schema = &fc_scenario_schema};
    return FC_OK;
}

int fc_cli_load(fc_cli *cli, const char *path, fc_scenario **out)
{
    argument from;
    int ret = split_argument(cli, path, &from);
    if (ret) return ret;
    fc_scenario_options options = {.layers = from.layers,
                                   .seed = cli->seed_given ? &cli->seed : NULL};
    ret = fc_scenario_load(from.file, &options, cli->diag, out);
    free(from.file);
    return ret;
}

int fc_cli_resolve(fc_cli *cli, const char *path, fc_arena *arena, const fc_tree **out)
{
    argument from;
    int ret = split_argument(cli, path, &from);
    if (ret) return ret;
    ret = fc_layers_resolve(arena, from.file, &from.layers, cli->diag, out);
    free(from.file);
    return ret;
}

int fc_cli_write(fc_cli *cli, const char *text)
{
    if (fputs(text, stdout) >= 0 && !ferror(stdout) && fflush(stdout) == 0) return FC_OK;
    if (errno == EPIPE) {
        cli->reported = true; /* who reads wants no more, as `head` does */
        return FC_E_FILE_WRITE;
    }
    return fc_fail(cli->diag, FC_E_FILE_WRITE, NULL, "stdout", strerror(errno), NULL);
}
