from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.tools import format_amount, format_date, format_time

from ...channels.email.address import with_name
from ..delivery import delivery_queries
from ..delivery.limits import left_on

MOST = 30  # rows of a section; the others are counted


class DunningDigest(models.AbstractModel):
    """One e-mail a day for each person in charge: what leaves, what waits, what went wrong, what is to do."""

    _name = "dunning.digest"
    _description = "Morning Digest of Reminders"

    @api.model
    def _send_due(self, company):
        """Send the digest of the day, once."""
        day = company._dunning_today()
        if not company.dunning_digest or company.dunning_digest_on == day:
            return
        company.dunning_digest_on = day
        if company._dunning_calendar(day).is_open(day):
            mails = self.sudo().with_company(company)._send(company, day)
            company.dunning_digest_at = fields.Datetime.now() if mails else False
        self.env["dunning.engine"]._checkpoint()

    @api.model
    def _send(self, company, day):
        """Queue the e-mails of a company's day; whoever has nothing to read gets none."""
        mails = [
            self._mail(company, user, day, sections)
            for user, sections in self._sections(company, day).items()
            if user.email
        ]  # fmt: skip
        return self.env["mail.mail"].sudo().create(mails)

    # === WHAT === #

    def _sections(self, company, day):
        """Return ``{user: {section: reminders}}``, largest amounts first."""
        reminders = self.env["dunning.reminder"].search([
            ("company_id", "=", company.id), "|", ("state", "in", ("draft", "failed", "uncertain")),
            "&", ("state", "=", "ready"), ("date", "<=", day),
        ], order="amount_total DESC, id")  # fmt: skip
        found, later = defaultdict(lambda: defaultdict(list)), self._beyond_the_limit(company, day)
        for reminder in reminders:
            if user := reminder._person_in_charge():
                found[user]["later" if reminder.id in later else self._section(reminder)].append(reminder.id)
        return {
            user: {name: reminders.browse(ids) for name, ids in sections.items()} for user, sections in found.items()
        }  # fmt: skip

    def _beyond_the_limit(self, company, day):
        """Return the ids of the reminders that are ready and leave on a later day: the oldest debts come first."""
        if not company.dunning_daily_cap:
            return set()
        room = max(0, company.dunning_daily_cap - left_on(self.env, company, day))
        rows = self.env.execute_query(delivery_queries.oldest_debts(self.env, company, day, [], None))
        return {reminder_id for (reminder_id,) in rows[room:]}

    def _section(self, reminder):
        if reminder.state == "ready":
            return "todo" if reminder.waiting else "leaves"
        return "approve" if reminder.state == "draft" else "failed"

    # === HOW === #

    def _mail(self, company, user, day, sections):
        """Return the values of one e-mail, in the language of its reader."""
        digest = self.with_context(lang=user.lang or company.partner_id.lang or self.env.lang)
        env = digest.env
        titles = {
            "leaves": env._("Leaves today"),
            "later": env._("Ready, leaves on the following days"),
            "approve": env._("Waits for an approval"),
            "failed": env._("Could not be sent"),
            "todo": env._("Calls and letters to do"),
        }
        cap = company.dunning_daily_cap
        pages = {"leaves": "reminders-leaving", "later": "reminders-leaving", "approve": "reminders-queue"}
        values = {
            "company": company.name,
            "day": format_date(env, day, date_format="full"),
            "cap": cap and env._(
                "At most %(count)s messages leave by themselves today, those of the oldest debts first.", count=cap
            ),
            "sections": [
                digest._listed(company, title, sections[name], pages.get(name, "reminders-to-handle"))
                for name, title in titles.items() if name in sections
            ],
            "hours": "leaves" in sections and env._(
                "Nothing of it leaves before %(hour)s: until then you can postpone, pass or cancel any of it.",
                hour=format_time(env, company._dunning_first_hour(), time_format="short"),
            ),
            "leaving_url": digest._url(company, "reminders-leaving"),
        }  # fmt: skip
        counts = ", ".join(table["head"].lower() for table in values["sections"])
        sender = company.partner_id.email_formatted if company.email else user.email_formatted
        return {
            "subject": env._("Reminders of %(day)s: %(counts)s", day=format_date(env, day), counts=counts),
            "body_html": env["ir.qweb"]._render("relance_progressive.digest_email", values, minimal_qcontext=True),
            "email_from": sender,
            "email_to": with_name(user.name, user.email),
            "author_id": company.partner_id.id,
            "auto_delete": True,
            "recipient_ids": [Command.clear()],
        }

    def _url(self, company, page, reminder=None):
        """Return the address of a page, at work in the company of the digest."""
        url = f"{company.get_base_url()}/dunning/{company.id}/{page}"
        return f"{url}?reminder={reminder.id}" if reminder else url

    def _listed(self, company, title, reminders, page):
        shown = reminders[:MOST].with_env(self.env)
        more = len(reminders) - len(shown)
        total = sum(reminders.mapped("amount_total"))
        currency = company.currency_id
        return {
            "head": self.env._("%(title)s: %(count)s", title=title, count=len(reminders)),
            "total": format_amount(self.env, total, currency),
            "more": more and self.env._("and %(count)s more in the list", count=more),
            "url": self._url(company, page),
            "rows": [
                {
                    "customer": reminder.partner_id.display_name,
                    "level": reminder.level_id.name,
                    "amount": format_amount(self.env, reminder.amount_total, currency),
                    "how": reminder._acts_in_words() if reminder.waiting else reminder.level_id.channel_text,
                    "why": (reminder.reason or "").splitlines()[:1] if reminder.state == "failed" else [],
                    "url": self._url(company, page, reminder),
                }
                for reminder in shown
            ],
        }
