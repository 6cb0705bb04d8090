"""Who reads (r), writes (w), creates (c) and deletes (u) the records of each model of ours, in his own companies.

Visitors and portal users have no right on any of them: the customer's page reads as superuser what
``portal/door/rights.py`` lists. An invoicing clerk has the rights of a user, as long as the settings leave them to
him; an accounting manager those of a manager. Of disputes an employee reads those that he has to answer. What companies
share is changed by whoever manages all of them. In the records of another company nobody has any right at all.
"""

TABLE = """
model                                employee auditor user  manager
dunning.account                      ----     r---    rw--  rw--
dunning.call                         ----     r---    r---  r---
dunning.call.record                  ----     ----    rwcu  rwcu
dunning.decision                     ----     r---    r---  r---
dunning.decision.wizard              ----     ----    rwcu  rwcu
dunning.delivery                     ----     r---    r---  r---
dunning.delivery.event               ----     r---    r---  r---
dunning.delivery.event.wizard        ----     ----    rwcu  rwcu
dunning.delivery.strike.wizard       ----     ----    ----  rwcu
dunning.dispute                      r---     r---    rwc-  rwc-
dunning.dispute.line                 r---     r---    rwcu  rwcu
dunning.dispute.reason               r---     r---    r---  rwcu
dunning.dispute.resolve              ----     ----    rwcu  rwcu
dunning.dispute.resolve.line         ----     ----    rwcu  rwcu
dunning.erasure                      ----     ----    ----  ----
dunning.forecast                     ----     ----    rwcu  rwcu
dunning.forecast.line                ----     ----    r---  r---
dunning.interest.rate                ----     r---    r---  rwcu
dunning.interest.rate.import         ----     ----    ----  rwcu
dunning.interruption                 ----     r---    rwc-  rwc-
dunning.journal                      ----     ----    ----  ----
dunning.letter.return.wizard         ----     ----    rwcu  rwcu
dunning.level                        ----     r---    r---  rwcu
dunning.level.channel                ----     r---    r---  rwcu
dunning.mailing                      ----     r---    r---  r---
dunning.mailing.letter               ----     r---    r---  r---
dunning.mailing.post.wizard          ----     ----    rwcu  rwcu
dunning.money                        ----     r---    r---  r---
dunning.notice                       ----     ----    ----  ----
dunning.notice.text                  ----     r---    r---  rwcu
dunning.outage                       ----     r---    r---  r---
dunning.pause                        ----     r---    rwc-  rwc-
dunning.penalty.invoice              ----     ----    rwcu  rwcu
dunning.penalty.invoice.item         ----     ----    rwcu  rwcu
dunning.penalty.line                 ----     r---    r---  r---
dunning.penalty.sheet                ----     rwcu    rwcu  rwcu
dunning.penalty.sheet.line           ----     rwcu    rwcu  rwcu
dunning.penalty.waive                ----     ----    ----  rwcu
dunning.penalty.waive.item           ----     ----    ----  rwcu
dunning.penalty.waiver               ----     r---    r---  r---
dunning.penalty.waiver.cancel        ----     ----    ----  rwcu
dunning.penalty.waiver.line          ----     r---    r---  r---
dunning.plan                         ----     r---    r---  rwcu
dunning.portal.answer                ----     r---    r---  r---
dunning.portal.answer.refuse         ----     ----    rwcu  rwcu
dunning.portal.contact               ----     ----    rwcu  rwcu
dunning.portal.visit                 ----     ----    ----  ----
dunning.promise                      ----     r---    rw--  rw--
dunning.promise.cancel               ----     ----    rwcu  rwcu
dunning.promise.line                 ----     r---    r---  r---
dunning.promise.record               ----     ----    rwcu  rwcu
dunning.promise.record.date          ----     ----    rwcu  rwcu
dunning.promise.record.item          ----     ----    rwcu  rwcu
dunning.promise.warning              ----     r---    r---  r---
dunning.registered.import            ----     ----    rwcu  rwcu
dunning.registered.line              ----     ----    rwcu  rwcu
dunning.registered.scan              ----     ----    rwcu  rwcu
dunning.reminder                     ----     r---    rw--  rw--
dunning.reminder.line                ----     r---    r---  r---
dunning.reminder.order               ----     ----    rwcu  rwcu
dunning.reminder.preview             ----     r---    r---  r---
dunning.reminder.words               ----     ----    rwcu  rwcu
dunning.sent.back                    ----     ----    rwcu  rwcu
dunning.shipped                      ----     ----    ----  ----
dunning.takeover                     ----     r---    ----  rwcu
dunning.takeover.day                 ----     r---    ----  r---
dunning.takeover.item                ----     ----    ----  ----
dunning.takeover.line                ----     r---    ----  r---
"""

# Whoever changes Odoo's settings has the rights of an employee, and these.
ADMIN = {"dunning.erasure": "rwcu"}


def expected():
    """Return ``{model: {kind of person: letters}}``."""
    (_model, *people), *rows = (line.split() for line in TABLE.strip().splitlines())
    return {row[0]: dict(zip(people, row[1:], strict=True)) for row in rows}
