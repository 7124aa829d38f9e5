/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the formats share with trace.c. Private.
 */
#ifndef FC_TRACE_READER_H
#define FC_TRACE_READER_H

#include "trace/lines.h"
#include "trace/names.h"
#include "trace/trace.h"

enum { FC_TRACE_COLUMNS = 64 }; /* of a CSV */

/* What a CSV column tells. */
typedef enum fc_trace_role {
    FC_ROLE_ID,
    FC_ROLE_GPUS,
    FC_ROLE_PART, /* thousandths of one GPU */
    FC_ROLE_SUBMIT,
    FC_ROLE_START,
    FC_ROLE_END,
    FC_ROLE_RUN, /* used where start or end is not told */
    FC_ROLE_USER,
    FC_ROLE_GROUP,
    FC_ROLE_STATE,
    FC_ROLE_QOS,
    FC_ROLES
} fc_trace_role;

/* What a line comes to. */
typedef enum fc_verdict {
    FC_LINE_JOB,      /* reader->job */
    FC_LINE_NONE,     /* blank, a comment */
    FC_LINE_LEFT_OUT, /* reader->left_out */
    FC_LINE_WRONG,    /* reader->problem, reader->args */
    FC_LINE_NO_MEMORY,
} fc_verdict;

typedef struct fc_reader fc_reader;

typedef struct fc_trace_reader {
    const char *name;
    /* Whether the file's first line that is no comment is of this format; prepares to read it. */
    bool (*is)(fc_reader *reader, fc_line *line);
    /* A header line of a CSV was read by `is` and is no job. */
    bool has_header;
    fc_verdict (*read)(fc_reader *reader, fc_line *line);
    const struct fc_csv_columns *columns;
} fc_trace_reader;

extern const fc_trace_reader fc_trace_readers[]; /* ends with a NULL name */

struct fc_reader {
    const fc_trace_reader *format;
    fc_trace_job job;
    fc_trace_left_out left_out;
    fc_trace_problem problem;
    char args[3][192]; /* of the problem's sentence; may hold both languages, as FC_BOTH */
    bool names;        /* users and groups are wanted */
    fc_names users, groups;
    fc_known ids;
    bool dated;    /* the time read last was a date; behind a line, its submission */
    bool numbered; /* a job's submission was a plain number: no other may be a date */
    double origin; /* fc_trace_origin; NaN until known */
    int64_t max_procs;
    fc_trace_counts *counts;
    unsigned columns;           /* of a CSV */
    int role[FC_TRACE_COLUMNS]; /* of each column; FC_ROLES: of no interest */
};

/* Notes a problem with up to three arguments, the rest NULL. */
fc_verdict fc_reader_wrong(fc_reader *reader, fc_trace_problem problem, const char *a,
                           const char *b, const char *c);
/* A NUL or another control character in the line. */
fc_verdict fc_reader_control(fc_reader *reader);
/* A start of `text` that can be shown in a message: at most 40 bytes of whole characters. */
const char *fc_reader_quote(const char *text, size_t length, char out[48]);
/* Puts a text in both languages together, as FC_BOTH. */
const char *fc_reader_both(const char *en, const char *ko, char out[192]);
/* Copies an id; false if it is too long. */
bool fc_reader_id(fc_reader *reader, const char *text, size_t length);

bool fc_swf_is(fc_reader *reader, fc_line *line);
fc_verdict fc_swf_read(fc_reader *reader, fc_line *line);
bool fc_csv_is(fc_reader *reader, fc_line *line);
fc_verdict fc_csv_read(fc_reader *reader, fc_line *line);
/* Columns that a CSV format needs, by name, in one text; for messages. */
const struct fc_csv_columns *fc_csv_columns_of(const char *format);

#endif
