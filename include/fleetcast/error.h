/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors: one catalogue of numbered messages, one list that collects them.
 *
 * Every function that can fail returns an int: FC_OK (0) or an error number from the catalogue
 * (error_table.h). The hundreds digit is the kind, and the program's exit code:
 *   1xx internal, 2xx usage, 3xx invalid input, 4xx file or database, 5xx failed runs,
 *   6xx a stated check failed; 7xx invalid input too, of experiments (exit code 3); 8xx not whole
 *   yet: stopped, or shards are missing; 9xx are warnings.
 * What a person needs to mend the mistake (where, what was expected, the nearest valid name)
 * goes into an fc_diag, which the caller passes in; fc_fail() adds to it and returns the number:
 *
 *     return fc_fail(diag, FC_E_UNKNOWN_KEY, &place, "gpuss", "gpus", NULL);
 *
 * Library code never prints, exits or aborts.
 */
#ifndef FLEETCAST_ERROR_H
#define FLEETCAST_ERROR_H

#include <stddef.h>
#include <stdbool.h>
#include "fleetcast/error_table.h"
#include "fleetcast/export.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    FC_OK = 0,
#define FC_X(name, number, en, ko) FC_##name = number,
    FC_ERROR_TABLE(FC_X)
#undef FC_X
};

typedef enum fc_lang { FC_LANG_EN, FC_LANG_KO } fc_lang;

/* Where in the input a problem is. Any part may be absent: NULL or 0. Strings are copied. */
typedef struct fc_place {
    const char *file;
    int line, column; /* from 1 */
    const char *path; /* scenario path: fleets.korea.sites.solaseado.power */
} fc_place;

typedef struct fc_diag fc_diag;

/* A list of problems in the order found. Holds the first 200 and counts the rest.
 * fc_diag_create returns NULL when out of memory; every other call accepts a NULL list. */
FC_API fc_diag *fc_diag_create(void);
FC_API void fc_diag_free(fc_diag *diag);
FC_API void fc_diag_clear(fc_diag *diag);

/* Adds a message and returns `code`. The strings after `place` (may be NULL) fill {1}, {2}, ...
 * of the catalogue's sentence; the list ends with NULL. Strings for which there is no memory are
 * left out of the message. */
#define FC_BOTH(en, ko) en "\x1f" ko /* an argument that reads differently in the two languages */
FC_API int fc_fail(fc_diag *diag, int code, const fc_place *place, ...) __attribute__((sentinel));
#ifdef __clang_analyzer__ /* which sees no other file: it may rely on what fc_fail returns */
#define fc_fail(diag, code, ...) (fc_fail((diag), (code), __VA_ARGS__), (code))
#endif
/* The same for 9xx codes; reads better where nothing fails. Returns FC_OK. */
FC_API int fc_warn(fc_diag *diag, int code, const fc_place *place, ...) __attribute__((sentinel));

FC_API size_t fc_diag_errors(const fc_diag *diag); /* how many errors, dropped ones included */
FC_API size_t fc_diag_warnings(const fc_diag *diag);
FC_API size_t fc_diag_size(const fc_diag *diag); /* how many are held */
FC_API int fc_diag_code(const fc_diag *diag, size_t i);
FC_API fc_place fc_diag_place(const fc_diag *diag, size_t i); /* strings live as long as the list */
/* The first error's number, FC_OK if none. */
FC_API int fc_diag_first(const fc_diag *diag);

/* Entry i as text, "file:line:column: path: sentence [E301]" in `lang`, without newline.
 * Returns a malloc'd string, NULL when out of memory. */
FC_API char *fc_diag_text(const fc_diag *diag, size_t i, fc_lang lang);

/* Only the sentence of a catalogue entry with its arguments filled in, malloc'd. */
FC_API char *fc_diag_sentence(const fc_diag *diag, size_t i, fc_lang lang);

/* The bare sentence of the catalogue for a number ("unknown error" if there is none). */
FC_API const char *fc_error_text(int code, fc_lang lang);
/* The program's exit code for an error number: its hundreds digit (7xx: 3). */
FC_API int fc_exit_code(int code);

#ifdef __cplusplus
}
#endif
#endif
