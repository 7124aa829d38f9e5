/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command line: one file a command, thin. Data goes to stdout, words to stderr. */
#ifndef FC_CLI_CLI_H
#define FC_CLI_CLI_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>
#include "fleetcast/error.h"
#include "scenario/scenario.h"

enum {
    FC_CLI_MAX_ARGS = 64,
    FC_CLI_OWN = 0x200, /* keys of a command's own options: FC_CLI_OWN + 0, 1, ... */
    FC_CLI_MAX_OWN = 24,
};

/* What every command understands; a command's own options follow in its file. */
typedef struct fc_cli {
    fc_lang lang;
    bool json, quiet, color;
    int64_t replications; /* 0: as the scenario says */
    int64_t jobs;         /* 0: as many as processors */
    int64_t seed;
    bool seed_given;
    bool force;             /* begin or continue in spite of what differs */
    uint32_t shard, shards; /* --shard 2/8; 0, 0: all */
    const char *precision;  /* NULL: not given */
    const char *output;     /* NULL: the command's own default */
    const char *with[FC_CLI_MAX_ARGS], *sets[FC_CLI_MAX_ARGS], *args[FC_CLI_MAX_ARGS];
    size_t n_with, n_sets, n_args;
    const char
        *own[FC_CLI_MAX_OWN]; /* of own option i: its value, "" if it has none; NULL: not given */
    fc_diag *diag;
    bool reported;                  /* an error was printed */
    const struct fc_engine *engine; /* who simulates (pool.h); NULL: threads of this process */
} fc_cli;

/* The program; returns its exit code. Ends it itself on --help and on wrong usage. */
int fc_cli_main(int argc, char **argv, const struct fc_engine *engine);

/* Which common options a command takes. */
enum {
    FC_CLI_RUNS = 1,     /* -n -j -s -o --force */
    FC_CLI_SCENARIO = 2, /* --with --set */
    FC_CLI_JSON = 4,
    FC_CLI_OUTPUT = 8, /* -o */
    FC_CLI_SEED = 16,  /* -s */
    FC_CLI_PARTS = 32, /* --precision --shard */
};

typedef struct fc_command {
    const char *name, *arguments, *summary, *doc;
    unsigned takes;
    size_t min_args, max_args;
    const struct argp_option *options; /* of its own, NULL: none */
    int (*run)(fc_cli *cli);           /* returns an error number */
} fc_command;

extern const fc_command fc_command_run, fc_command_compare, fc_command_validate, fc_command_show,
    fc_command_replay, fc_command_export, fc_command_status, fc_command_data, fc_command_schema,
    fc_command_init, fc_command_sweep, fc_command_merge;

/* Reads the command line into `cli`; ends the program on --help and on wrong usage (exit 2). */
void fc_cli_parse(const fc_command *command, int argc, char **argv, fc_cli *cli);

/* Whole number of an option; ends the program with a usage error where it is not one. */
int64_t fc_cli_whole(const fc_cli *cli, const char *option, const char *text, int64_t min,
                     int64_t max);

/* The language of LC_ALL, LC_MESSAGES, LANG. */
fc_lang fc_cli_locale(void);

/* Prints the messages in the list to stderr, warnings too unless quiet, and clears it. */
void fc_cli_report(fc_cli *cli);

/* Whether an argument names a scenario file: plan.yaml, or plan.yaml+policy. */
bool fc_cli_is_scenario(const char *name);

/* Loads a scenario with the --with, --set and --seed of the command line; `plan.yaml+policy` puts
 * the policy in force in this scenario only. */
int fc_cli_load(fc_cli *cli, const char *path, fc_scenario **out);

/* The same without binding it: a layer that is no scenario of its own will do. */
int fc_cli_resolve(fc_cli *cli, const char *path, fc_arena *arena, const fc_tree **out);

/* Folder of the catalogue: $FLEETCAST_DATA, data/ beside the program's build folder, or
 * share/fleetcast/data of its installation. False: there is none. */
bool fc_cli_data_folder(char *out, size_t size);

/* Writes a text to stdout, and what was written there before; E_FILE_WRITE where that fails (full
 * disk; without a message, closed pipe). */
int fc_cli_write(fc_cli *cli, const char *text);

/* Picks by language. */
#define FC_SAY(cli, en, ko) ((cli)->lang == FC_LANG_KO ? (ko) : (en))

#endif
