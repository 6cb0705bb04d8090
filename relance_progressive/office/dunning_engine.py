from bisect import bisect_left
from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext
from odoo.tools.mail import generate_tracking_message_id

from ..channels.dunning_channel import MOST_INVOICED
from ..channels.email.address import with_name
from ..core.plain.mailbox import Message, waits
from ..engine.delivery.delivery_queries import READY
from ..settings.apart import apart
from . import queries


def _days(first, end):
    """Return the days from ``first`` on that come before ``end``."""
    return [first + timedelta(days=number) for number in range((end - first).days)]


BATCH = 100


class DunningEngine(models.AbstractModel):
    """What the preview adds of what happens after the night: the brake of the first run, the limit of the day."""

    _inherit = "dunning.engine"

    def _add_days_of_leaving(self, company, day, partners, rows):
        """Add to the rows of a preview whether and when each message leaves; see :meth:`_preview_company`."""
        whole, spread = rows, company.dunning_mailbox == "spread"
        if partners is not None and (company.dunning_daily_cap or not company.dunning_started or spread):
            whole = self._decided_rows(company, day, None)  # the others count as well
        brake = not company.dunning_started and self._brakes(company, whole)
        leaving = [row for row in whole if row["send"] and not row["approval"] and not brake]
        days = self._days_of_leaving(company, day, leaving)
        put_off = self._days_of_mailboxes(company, day, leaving, days) if spread else {}
        for row in rows:
            partner = row["partner_id"]
            row["go_ahead"] = bool(row["send"] and brake)
            row["shared_mailbox"] = partner in put_off
            row["leaves_on"] = put_off.get(partner) or days.get(partner)

    def _days_of_mailboxes(self, company, day, rows, days):
        """Return ``{customer id: day}`` of what leaves later than ``days`` say because of its mailbox.

        Of what is prepared already, too.
        """
        ready, messages = self._ready_for_mailboxes(company, day)
        customers = {reminder.id: reminder for reminder in ready}
        calendar, dates = company._dunning_calendar(day), [*self._working_days_before(company, day), day]

        def number(moment):  # in working days from now; more of them are added when they are needed
            while dates[-1] < moment:
                dates.append(calendar.next_open(dates[-1] + timedelta(days=1)))
            return bisect_left(dates, moment)

        queue = []
        for message in messages:
            reminder = customers[message.key]
            queue.append(message._replace(key=reminder.partner_id.id, first=number(reminder.date)))
        for message in self._messages_of_rows(company, rows):
            queue.append(message._replace(first=number(days[message.key])))
        first = {message.key: message.first for message in queue}
        put_off = {
            customer: wait for customer, wait in waits(queue, self._written_to(company, dates[0])).items()
            if wait > first[customer]
        }  # fmt: skip
        while len(dates) <= max(put_off.values(), default=0):
            dates.append(calendar.next_open(dates[-1] + timedelta(days=1)))
        return {customer: dates[wait] for customer, wait in put_off.items()}

    def _working_days_before(self, company, day):
        """Return the working days from today on that come before ``day``: what is ready leaves first."""
        calendar = company._dunning_calendar(day)
        return [moment for moment in _days(company._dunning_today(), day) if calendar.is_open(moment)]

    def _messages_of_rows(self, company, rows):
        """Return the :class:`core.mailbox.Message` of each row that leaves by e-mail, in the order of the night."""
        levels = self.env["dunning.level"].browse({row["level_id"] for row in rows})
        by_email = {level.id: level.stage or "friendly" for level in levels if self._goes_by_email(level)}
        rows = sorted((row for row in rows if row["level_id"] in by_email), key=lambda row: row["partner_id"])
        items = self.env["account.move.line"].browse({line["item"] for row in rows for line in row["lines"]})
        made_out_to = {item.id: item.move_id.partner_id.id for item in items}
        channel, targets = self.env["dunning.channel.email"], []
        for row in rows:
            customer = row["partner_id"]
            contacts = dict.fromkeys(made_out_to[line["item"]] for line in row["lines"])
            targets.append(channel._target(
                key=customer, partner_id=customer, company_id=company.id, stage=by_email[row["level_id"]],
                invoiced=tuple(contact for contact in contacts if contact != customer)[:MOST_INVOICED],
            ))  # fmt: skip
        recipients = channel._recipients(targets)
        return [
            Message(row["partner_id"], row["partner_id"], [one for _name, one in recipients[row["partner_id"]].to])
            for row in rows
        ]  # fmt: skip

    def _brakes(self, company, rows):
        """Tell whether a first run that prepares these rows waits for a person's word."""
        waiting = self.env["dunning.reminder"].search_count([
            ("company_id", "=", company.id), ("state", "=", "draft"), ("draft_reason", "=", "first_run"),
        ])  # fmt: skip
        return waiting + sum(row["send"] for row in rows) > company.dunning_brake

    def _days_of_leaving(self, company, day, rows):
        """Return ``{customer id: day}``: the oldest debts leave first, as many a day as the limit allows."""
        if not company.dunning_daily_cap:
            return {row["partner_id"]: day for row in rows}
        cap, today = company.dunning_daily_cap, company._dunning_today()
        oldest = dict(self.env.execute_query(queries.due_dates(self.env, [row["lines"][0]["item"] for row in rows])))
        line = sorted((due, 0, 0) for (due,) in self.env.execute_query(queries.ready_debts(self.env, company, day)))
        calendar, room = company._dunning_calendar(day), max(0, cap - self._left_on(company, min(day, today)))
        for _moment in self._working_days_before(company, day):
            del line[:room]
            room = cap
        days, moment = {}, day
        for _due, _new, partner in sorted(line + [
            (oldest[row["lines"][0]["item"]], 1, row["partner_id"]) for row in rows
        ]):  # fmt: skip
            if not room:
                moment, room = calendar.next_open(moment + timedelta(days=1)), cap
            room -= 1
            days[partner] = moment
        return days

    # === LIMIT OF THE DAY === #
    # The oldest debts leave first, the rest on the following days.

    def _deliver_capped(self, company, day, journal, progress, cap):
        """Deliver the oldest debts, as many as are left of the limit; those that turn out void make room for others."""
        tried = []
        while (left := cap - self._left_on(company, day)) > 0:
            rows = self.env.execute_query(queries.oldest_debts(self.env, company, day, tried, left))
            if not rows:
                break
            progress.only = [reminder_id for (reminder_id,) in rows]
            tried += progress.only
            try:
                if not self._deliver_all(READY, company, day, journal, progress):
                    return False
            finally:
                progress.only = None
        return True

    def _left_on(self, company, day):
        """Return how many reminders left on a day, or may have.

        Each counts for its own day when the delivery names none: then those of the present day by the clock count.
        """
        left = Domain("company_id", "=", company.id) & Domain("state", "in", ("sent", "uncertain"))
        if day:
            return self.env["dunning.reminder"].search_count(left & Domain("date", "=", day))
        midnight = company._dunning_midnight()
        return self.env["dunning.reminder"].search_count(left & Domain("delivery_ids.sent_at", ">=", midnight))

    @contextmanager
    def _one_at_a_time(self, company):
        """Tell whether this process is the only one to count the limit of a company.

        The lock lives in a transaction of its own: the deliveries commit theirs batch by batch.
        """
        if not self._can_commit():
            yield True
            return
        with self.env.registry.cursor() as cr:
            cr.execute(queries.try_to_count(company))
            (mine,) = cr.fetchone()
            self._checkpoint()  # see what the others have sent
            yield mine

    # === DIGEST === #
    # The persons in charge are told in the morning what the day will bring.

    @api.model
    def _send_digest(self, company):
        """Send the digest of the day, once."""
        day = company._dunning_today()
        if company.dunning_digest and company.dunning_digest_on != day:
            company.dunning_digest_on = day
            if company._dunning_calendar(day).is_open(day):
                mails = self.env["dunning.digest"].sudo().with_company(company)._send(company, day)
                company.dunning_digest_at = fields.Datetime.now() if mails else False
            self._checkpoint()

    # === THANKS === #
    # To those who have paid, over the e-mail channel: once, or not at all.

    def _send_thanks(self, company, journal):
        """Thank those who are to be thanked; a thank-you in doubt is not sent again.

        Thanks wait while the mail server does not work, and share the limit of the hour with the reminders.
        """
        limit = self.env["dunning.channel.email"]._hourly_limit(company)
        while not journal.services.is_waiting(company, "email"):
            with journal.turn(company.id, "email", limit) as (left, _free_at):
                query = queries.take_thanks(self.env, company, int(min(BATCH, left)))
                rows = left and self._retrying(lambda query=query: self.env.execute_query(query))
                self.env["dunning.account"].invalidate_model(["to_thank", "thanked_at"])
                self._checkpoint()
            if not rows or not self._thank(dict(rows)):
                break

    def _thank(self, last):
        """Send the thanks, ``last`` being the last reminder of each account: ``{account id: reminder id}``.

        :return: whether somebody takes more of them; those that nobody took are sent another day
        """
        email, kept = self.env["dunning.channel.email"], {}
        reminders = self.env["dunning.reminder"].browse(last.values())
        contents, broken = self._retrying(lambda: self._render_thanks(email, reminders))
        self._checkpoint()  # after this nothing is undone that has left
        accounts = {reminder: account for account, reminder in last.items()}
        for reminder_id, reason in broken.items():
            words = self.env._("The thanks for the payment did not leave: %(reason)s", reason=reason)
            kept[accounts[reminder_id]] = Markup("<p>%s</p>") % words
        works, waiting = True, self.env["dunning.account"]
        for reminder_id, outcome in email._hand_over(contents, lambda _reminder_id: None):
            content = contents[reminder_id]
            if outcome.state == "delayed" and outcome.scope in ("service", "sender"):
                works = False
                waiting |= waiting.browse(accounts[reminder_id])
                continue
            words = self.env._("Thanked for the payment: %(address)s", address=content["address"])
            if outcome.state != "accepted":
                words = self.env._("The thanks for the payment did not leave: %(reason)s", reason=outcome.reason)
            kept[accounts[reminder_id]] = Markup("<p>%s</p>%s") % (words, Markup(content["words"]))  # noqa: S704
        self._retrying(lambda: self._note_thanks(kept, waiting))
        self._checkpoint()
        return works

    def _note_thanks(self, kept, waiting):
        """Write what was sent, ``{account id: words}``, and who still waits for it."""
        if kept:
            self.env["dunning.account"].browse(kept)._message_log_batch(bodies=kept)
        waiting.write({"to_thank": True, "thanked_at": False})

    def _render_thanks(self, email, reminders):
        """Return ``({reminder id: content}, {reminder id: why not})``, batch by batch of one language and text.

        Those that cannot be reached are left out.
        """
        recipients = email._recipients(email._targets(reminders))
        standard = self.env.ref("relance_progressive.thank_you_template", raise_if_not_found=False)
        batches, contents, broken = defaultdict(list), {}, {}
        for reminder in reminders:
            template = reminder.account_id.plan_id.thank_you_template_id or standard
            if template and not recipients[reminder.id].problem:
                batches[reminder._language(recipients[reminder.id].lang), template].append(reminder.id)
        for (lang, template), ids in batches.items():
            batch = reminders.browse(ids).with_context(lang=lang)
            self._word_thanks(email, batch, template, recipients, contents, broken)
        return contents, broken

    def _word_thanks(self, email, batch, template, recipients, contents, broken):
        """Add the thanks of a batch to ``contents``; alone what fails together, to ``broken`` with its reason."""

        def told(error):
            if len(batch) > 1:
                for reminder in batch:
                    self._word_thanks(email, reminder, template, recipients, contents, broken)
                return
            broken[batch.id] = self.env._(
                "The text “%(template)s” cannot be made: %(error)s", template=template.name,
                error=batch._error_in_words(error),
            )  # fmt: skip

        with apart(self.env, told):  # any error of a text that people edit: the history of each account says it
            subjects, texts = batch._worded(template, own=False)
            contents.update({
                one.id: self._thanks(email, one, recipients[one.id], subjects, texts, template) for one in batch
            })

    def _thanks(self, email, reminder, recipient, subjects, texts, template):
        """Return the content of one e-mail."""
        words, sender = str(texts[reminder.id]), email._sender(reminder)
        frame = {
            "text": texts[reminder.id], "company": email._letterhead(reminder.company_id),
            "dir": email._direction(reminder.env.context["lang"]),
            "person": reminder.user_name, "phone": reminder.user_phone, "email": reminder.user_email,
        }  # fmt: skip
        qweb = self.env["ir.qweb"].with_context(lang=reminder.env.context["lang"])
        return {
            "address": recipient.address,
            "to": [with_name(recipient.name, one) for one in recipient.address.split(", ") if one],
            "cc": [],
            "contact_id": recipient.contact_id,
            "from": sender,
            "reply_to": email._person(reminder).email_formatted or sender,
            "author_id": email._author(reminder).id,
            "subject": " ".join(str(subjects[reminder.id]).split()) or reminder.company_name,
            "body": str(qweb._render("relance_progressive.thank_you_email", {"m": frame}, minimal_qcontext=True)),
            "text": "\n\n".join((
                html2plaintext(words, include_references=False).strip(), email._plain_signature(frame["company"]),
            )),
            "words": words,
            "lang": reminder.env.context["lang"],
            "reference": generate_tracking_message_id(f"{reminder.id}-dunning.reminder"),
            "attachment_ids": [],
            "server_id": template.mail_server_id.id,
        }
