/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An account: one line of one budget, in minor units of its currency (whole won, cents). At any
 * moment
 *
 *     released + received + topped_up = paid + committed + free + lapsed
 *
 * Beside that equation stand orders on money that has not come yet (`ahead`). Money that comes
 * covers them before anything else; what of them has fallen due meanwhile (`due`) is paid then.
 * While anything is ahead, nothing is free; while anything is due, nothing is committed.
 *
 * Only the functions below change an account. Each refuses, with FC_E_LEDGER and the account as it
 * was, what would make a part negative: nobody can overspend.
 */
#ifndef FC_MODEL_ACCOUNT_H
#define FC_MODEL_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct fc_account {
    int64_t released;  /* public money so far */
    int64_t received;  /* private money that came with it */
    int64_t topped_up; /* from outside the budget, where exchange rates cost more than was free */
    int64_t free;      /* neither bound by a contract nor lost */
    int64_t committed; /* ordered, covered and not yet paid */
    int64_t paid;
    int64_t lapsed;
    int64_t ahead;         /* ordered and not covered */
    int64_t due;           /* of what is ahead, what should have been paid by now */
    int64_t exchange_loss; /* paid above the rates of the contracts so far; below 0: a gain */
} fc_account;

/* No account holds more than this many minor units. */
#define FC_ACCOUNT_LIMIT ((int64_t)1 << 60)

int fc_account_release(fc_account *account, int64_t amount); /* covers what is ahead, then free */
int fc_account_receive(fc_account *account, int64_t amount); /* likewise */
/* Free to committed; what free money does not reach goes ahead, of which there may then be at most
 * `ceiling` (0: none). */
int fc_account_commit(fc_account *account, int64_t amount, int64_t ceiling);
/* What was ordered costs `now` instead of `then`: a loss takes free money and what is lacking from
 * outside, a gain takes off what is ahead and is free for the rest. */
int fc_account_revalue(fc_account *account, int64_t then, int64_t now);
int fc_account_pay(fc_account *account, int64_t amount);    /* of what was ordered; or it is due */
int fc_account_cancel(fc_account *account, int64_t amount); /* the order is void */
int fc_account_return(fc_account *account, int64_t amount); /* what was paid comes back */
int fc_account_lapse(fc_account *account, int64_t amount);  /* free to lapsed */
bool fc_account_balances(const fc_account *account);

/* `amount` major units of a currency with that many minor digits, rounded to minor units, in
 * *out; FC_E_DOMAIN if it is negative, not a number or beyond FC_ACCOUNT_LIMIT. */
int fc_money(double amount, int minor_digits, int64_t *out);
/* amount x part / whole, rounded down; 0 <= part <= whole, whole > 0. */
int64_t fc_share_of(int64_t amount, int64_t part, int64_t whole);
/* Back in major units. */
double fc_money_major(int64_t amount, int minor_digits);

#endif
