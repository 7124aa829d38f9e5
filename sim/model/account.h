/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The account of one budget, in minor units of its currency (whole won, cents). At any moment
 *
 *     released = paid + committed + free + lapsed
 *
 * Only the functions below change it. Each refuses, with FC_E_LEDGER and the account as it was,
 * what would make a part negative: nobody can overspend.
 */
#ifndef FC_MODEL_ACCOUNT_H
#define FC_MODEL_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct fc_account {
    int64_t released;  /* so far */
    int64_t free;      /* released, neither bound by a contract nor lost */
    int64_t committed; /* ordered and not yet paid */
    int64_t paid;
    int64_t lapsed;
} fc_account;

/* No account holds more than this many minor units. */
#define FC_ACCOUNT_LIMIT ((int64_t)1 << 60)

int fc_account_release(fc_account *account, int64_t amount); /* becomes free */
int fc_account_commit(fc_account *account, int64_t amount);  /* free to committed */
int fc_account_pay(fc_account *account, int64_t amount);     /* committed to paid */
int fc_account_cancel(fc_account *account, int64_t amount);  /* committed back to free */
int fc_account_lapse(fc_account *account, int64_t amount);   /* free to lapsed */
bool fc_account_balances(const fc_account *account);

/* `amount` major units of a currency with that many minor digits, rounded to minor units, in
 * *out; FC_E_DOMAIN if it is negative, not a number or beyond FC_ACCOUNT_LIMIT. */
int fc_money(double amount, int minor_digits, int64_t *out);
/* amount x part / whole, rounded down; 0 <= part <= whole, whole > 0. */
int64_t fc_share_of(int64_t amount, int64_t part, int64_t whole);
/* Back in major units. */
double fc_money_major(int64_t amount, int minor_digits);

#endif
