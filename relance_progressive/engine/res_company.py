from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date, plaintext2html

from . import place

# A month without a night is a holiday or a switch that was off; a clock that is wrong is off by more, or by years.
MOST_DAYS = 31


class ResCompany(models.Model):
    """What stops the nights and deliveries of a company until a person has answered, and what he is told."""

    _inherit = "res.company"

    dunning_day_right = fields.Date(
        copy=False, readonly=True, help="A person has said that this day is right, far as it is from the last run."
    )
    dunning_night_tries = fields.Integer(copy=False, readonly=True, help="How often this night has failed so far.")
    dunning_trouble = fields.Selection(
        [
            ("copy", "Copied or Restored"), ("day", "Far Day"), ("future", "Night of the Future"),
            ("night", "Night Failed"), ("delivery", "Delivery Failed"),
        ],
        copy=False, readonly=True, help="What the person in charge was told of.",
    )  # fmt: skip
    dunning_trouble_text = fields.Text(copy=False, readonly=True)
    dunning_trouble_task_id = fields.Many2one("mail.activity", copy=False, readonly=True, ondelete="set null")

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.filtered("dunning_automatic")._dunning_keep_place()
        return companies

    def write(self, vals):
        turned_on = vals.get("dunning_automatic") and not all(self.mapped("dunning_automatic"))
        res = super().write(vals)
        if turned_on:
            self._dunning_keep_place()
        return res

    def _dunning_keep_place(self):
        """Note the database in which a person switches reminders on, unless others were on before: they are asked."""
        domain = [("dunning_automatic", "=", True), ("id", "not in", self.ids)]
        if self and (not place.kept(self.env) or not self.sudo().search_count(domain, limit=1)):
            place.keep(self.env)

    # === DOUBT === #

    def _dunning_doubt(self):
        """Return what a person has to say before anything is decided or sent by itself: "copy", "day", "future", ""."""
        self.ensure_one()
        known = place.kept(self.env)
        if known and known != place.present(self.env):
            return "copy"
        today, last = self._dunning_today(), self.dunning_last_run
        if last and today < last:
            return "future"
        known_days = [day for day in (last, self.dunning_day_right) if day]
        return "day" if last and today > max(known_days) + timedelta(days=MOST_DAYS) else ""

    def _dunning_doubt_text(self, doubt):
        """Return the question in a few sentences."""
        values = {
            "company": self.name, "today": format_date(self.env, self._dunning_today()),
            "last": format_date(self.env, self.dunning_last_run),
        }  # fmt: skip
        if doubt == "copy":
            ready = self.env["dunning.reminder"].sudo().search_count(
                [("company_id", "=", self.id), ("state", "=", "ready")]
            )
            return self.env._(
                "%(company)s: this database was copied or restored. No reminder leaves by itself before somebody has "
                "said in the settings that this is the real one. %(count)s reminders are ready; some of them may have "
                "left after the backup was made.", count=ready, **values,
            )  # fmt: skip
        if doubt == "day":
            return self.env._(
                "%(company)s: the last night was on %(last)s, and the server says that today is %(today)s. Is this "
                "right? Nothing is decided or sent by itself before somebody has said so in the settings.", **values,
            )  # fmt: skip
        if doubt == "future":
            return self.env._(
                "%(company)s: a night was done for %(last)s, and today is %(today)s. Until that day nothing is decided "
                "or sent by itself, unless this night is taken back in the settings.", **values,
            )  # fmt: skip
        return ""

    def _dunning_in_words(self):
        """Return the company in the language of the person in charge of reminders."""
        person = self._dunning_person()
        return self.with_context(lang=person.lang or self.partner_id.lang or self.env.lang)

    def _dunning_tell(self, trouble, text=""):
        """Give the person in charge one task about what stops the reminders; end it when nothing does any more."""
        if (self.dunning_trouble or "") == trouble:
            return
        self.dunning_trouble_task_id.unlink()
        task, user = self.env["mail.activity"], self._dunning_person()
        if trouble and user:
            own = self._dunning_in_words()
            task = own.partner_id.activity_schedule(
                "mail.mail_activity_data_warning", summary=own.env._("Payment reminders have stopped"),
                note=plaintext2html(text), user_id=user.id,
            )  # fmt: skip
        self.write({
            "dunning_trouble": trouble or False, "dunning_trouble_text": text or False,
            "dunning_trouble_task_id": task.id,
        })  # fmt: skip

    def _dunning_alert(self):
        """Return what stands above the lists of reminders, empty if nothing has stopped."""
        if not self.dunning_automatic:
            return ""
        doubt = self._dunning_doubt()
        if not doubt and self.dunning_trouble in ("night", "delivery"):
            return self.dunning_trouble_text
        return self._dunning_doubt_text(doubt)

    # === ANSWERS === #

    def _dunning_say_right(self):
        """Go on: this is the real database, today is right."""
        if self._dunning_doubt() == "copy":
            place.keep(self.env)
        if self._dunning_doubt() == "day":
            self.dunning_day_right = self._dunning_today()
        self._dunning_tell(self._dunning_doubt())

    def _dunning_take_back(self):
        """Drop what nights of the future prepared and has not left, and have the accounts decided again.

        What a person put off keeps the day that was chosen.
        """
        today = self._dunning_today()
        if not self.dunning_last_run or self.dunning_last_run <= today:
            return
        prepared = self.env["dunning.reminder"].with_context(tracking_disable=True).search([
            ("company_id", "=", self.id), ("state", "in", ("draft", "ready", "failed")), ("date", ">", today),
            ("postponed", "=", False),
        ])  # fmt: skip
        prepared._set_state("cancelled", reason=self.env._("The night of a wrong day was taken back."))
        self.write({"dunning_last_run": today - timedelta(days=1), "dunning_day_right": False})
        self.env["dunning.account"]._forget_fingerprint(SQL("company_id = %s", self.id))
        self._dunning_tell(self._dunning_doubt())
