/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The nearest of several names to one that was not found: "did you mean ...?".
 */
#ifndef FC_SCENARIO_NEAREST_H
#define FC_SCENARIO_NEAREST_H

#include <string.h>
#include "base/text.h"
#include "fleetcast/error.h"

enum {
    FC_NEAREST_ERRORS = 50,  /* after so many errors nobody reads suggestions: do not seek them */
    FC_NEAREST_NAMES = 1000, /* names looked at */
};

typedef struct fc_nearest {
    const char *wanted;
    const char *found; /* NULL while nothing is near: a third of the letters and one may differ */
    size_t limit, tried;
} fc_nearest;

static inline fc_nearest fc_nearest_start(const char *wanted, const fc_diag *diag)
{
    size_t letters = strlen(wanted);
    bool tired = letters < 2 || fc_diag_errors(diag) >= FC_NEAREST_ERRORS;
    return (fc_nearest){
        .wanted = wanted, .limit = letters / 3 + 1, .tried = tired ? FC_NEAREST_NAMES : 0};
}

/* How far a name is from the one wanted: letters to change, limit + 1 beyond the limit. Whole words
 * of a name are nearer to it than any slip of the keys: 'gb200' of 'gb200-nvl72', 'price' of
 * 'offshore_price'. */
static inline size_t fc_name_distance(const char *wanted, const char *name, size_t limit)
{
    static const char between[] = "-_";
    size_t letters = strlen(wanted);

    for (const char *at = name; *at;) {
        if (strncmp(wanted, at, letters) == 0 && (!at[letters] || strchr(between, at[letters])))
            return 0;
        at += strcspn(at, between);
        at += strspn(at, between);
    }
    return fc_text_distance(wanted, name, limit);
}

/* Looks at one more name; of equally near ones the first stays. False when no more are wanted. */
static inline bool fc_nearest_try(fc_nearest *nearest, const char *name)
{
    if (nearest->tried >= FC_NEAREST_NAMES) return false;
    nearest->tried++;
    size_t distance = fc_name_distance(nearest->wanted, name, nearest->limit);
    if (distance > nearest->limit || (nearest->found && distance == nearest->limit)) return true;
    nearest->found = name;
    nearest->limit = distance;
    return true;
}

#endif
