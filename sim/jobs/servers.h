/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Servers of one size, and which gang lies where. Servers in service are kept in lists by how many
 * of their GPUs are free, so that the best fit is found without search.
 */
#ifndef FC_JOBS_SERVERS_H
#define FC_JOBS_SERVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FC_NO_SHARE = UINT32_MAX };

typedef enum fc_server_state {
    FC_SERVER_OUT,     /* not there (any more, or yet) */
    FC_SERVER_IN,      /* in service */
    FC_SERVER_LEAVING, /* goes when the last job on it ends */
    FC_SERVER_BROKEN   /* comes back */
} fc_server_state;

/* The part of a gang that lies on one server. */
typedef struct fc_server_share {
    uint32_t server, gpus, slot;
    uint32_t next_of_job;   /* FC_NO_SHARE: the last */
    uint32_t before, after; /* on the same server */
} fc_server_share;

typedef struct fc_servers {
    uint32_t size, most;   /* GPUs in a server, servers */
    uint32_t *free;        /* [most] GPUs no job holds */
    uint8_t *state;        /* [most] fc_server_state */
    uint32_t *first_share; /* [most] */
    uint32_t *next, *prev; /* [most] in the list of its level */
    uint32_t *head;        /* [size + 1] first server in service with so many GPUs free */
    uint32_t *at_level;    /* [size + 1] how many such servers */
    fc_server_share *shares;
    uint32_t share_count, free_share;
    uint32_t *then_free;  /* [most] scratch of the question below what would fit */
    uint32_t *then_level; /* [size + 1] */
} fc_servers;

int fc_servers_init(fc_servers *s, uint32_t size, uint32_t units, uint32_t most); /* FC_E_NOMEM */
void fc_servers_free(fc_servers *s);
/* Room for `most` servers, more than before. FC_E_NOMEM: nothing has changed. */
int fc_servers_grow(fc_servers *s, uint32_t most);

/* The largest gang that fits, given how many servers have how many GPUs free ([size + 1]). Every
 * smaller one fits too. */
uint64_t fc_servers_room(uint32_t size, const uint32_t *at_level);

/* Puts a gang that fits; *share is the first of its shares. FC_E_NOMEM. */
int fc_servers_place(fc_servers *s, uint32_t slot, uint32_t gpus, uint32_t *share);
/* The same server by server, of which the caller says which: first makes sure that a gang can have
 * so many shares (FC_E_NOMEM), then gives it GPUs that are free there; *share, FC_NO_SHARE at
 * first, is its new first share. */
int fc_servers_reserve(fc_servers *s, uint32_t shares);
void fc_servers_put(fc_servers *s, uint32_t server, uint32_t gpus, uint32_t slot, uint32_t *share);
/* Takes a gang off. Returns how many GPUs went out of service with it. */
uint64_t fc_servers_release(fc_servers *s, uint32_t share);

/* Server `server` enters service, empty; it must be OUT or BROKEN. */
void fc_servers_enter(fc_servers *s, uint32_t server);
/* Server `server` leaves as `state` (OUT or BROKEN), with nothing on it. */
void fc_servers_leave(fc_servers *s, uint32_t server, fc_server_state state);
/* Up to n servers enter: those leaving stay, others come in. Returns how many could. */
uint32_t fc_servers_add(fc_servers *s, uint32_t n, uint64_t *gpus_in);
/* Up to n servers go, the emptiest first. Returns how many could, and the GPUs that went at once.
 */
uint32_t fc_servers_remove(fc_servers *s, uint32_t n, uint64_t *gpus_out);

/* What would be: begin with what is, let gangs end one by one, and run on after all, and look at
 * the room `then_level` has. (projection.h follows the ends of jobs for policies that look at
 * them.) */
void fc_servers_suppose(fc_servers *s);
void fc_servers_suppose_end(fc_servers *s, uint32_t share);
void fc_servers_suppose_start(fc_servers *s, uint32_t share);

bool fc_servers_verify(const fc_servers *s, uint64_t free_gpus);

#endif
