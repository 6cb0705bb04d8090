from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date, format_datetime, plaintext2html

from ..settings import database
from . import copy_queries

# A month without a night is a holiday or a switch that was off; a clock that is wrong is off by more, or by years.
MOST_DAYS = 31
MORNING = 6  # the hour, where the company is, at which a night that is not done is told
LATE = timedelta(minutes=30)  # what a scheduled action may be late by itself


class ResCompany(models.Model):
    """What stops the nights and deliveries of a company until a person has answered, and what he is told."""

    _inherit = "res.company"

    dunning_day_right = fields.Date(
        copy=False, readonly=True, help="A person has said that this day is right, far as it is from the last run."
    )
    dunning_night_done = fields.Date(copy=False, readonly=True, help="The last day that was decided to the end.")
    dunning_night_why = fields.Char(copy=False, readonly=True, help="Why the night was not done at the last try.")
    dunning_night_tries = fields.Integer(copy=False, readonly=True, help="How often this night has failed so far.")
    dunning_delivery_tries = fields.Integer(
        copy=False, readonly=True, help="How many deliveries in a row have left messages out."
    )
    dunning_trouble = fields.Selection(
        [
            ("copy", "Copied or Restored"), ("day", "Far Day"), ("future", "Night of the Future"),
            ("night", "Night Failed"), ("delivery", "Delivery Failed"),
        ],
        copy=False, readonly=True, help="What the person in charge was told of.",
    )  # fmt: skip
    dunning_trouble_text = fields.Text(copy=False, readonly=True)
    dunning_trouble_on = fields.Date(copy=False, readonly=True, help="The day on which it was told.")
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
        """Note the database in which reminders are switched on first; in a copy of it, a person is asked."""
        if self and not database.kept(self.env):
            database.keep(self.env)

    # === DOUBT === #

    def _dunning_doubt(self):
        """Return what a person has to say before anything is decided or sent by itself: "copy", "day", "future", ""."""
        self.ensure_one()
        if database.is_copied(self.env):
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
            return self._dunning_copy_text()
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

    def _dunning_copy_text(self):
        """Return what is asked in a copy: what would leave, what this database knows of it, and what it cannot know."""
        leaving = self._dunning_leaving()
        known = self._dunning_last_known()
        parts = [
            self.env._(
                "%(company)s: this database was copied or restored. Nothing leaves, neither by itself nor by hand, "
                "before somebody has said in the settings that this is the real one.", company=self.name,
            ),
            known and self.env._(
                "What it knows ends on %(moment)s: what left after that is not known here, the log of the mail server "
                "and of the post tell.",
                moment=format_datetime(self.env, known, tz=self._dunning_zone(), dt_format="short"),
            ),
            *self._dunning_leaving_in_words(leaving),
        ]  # fmt: skip
        return "\n".join(filter(None, parts))

    def _dunning_leaving(self):
        """Return the reminders that would leave from a copy: of all companies, as the answer is given for all."""
        reminders = self.env["dunning.reminder"].sudo()
        return reminders.search(reminders._leaving_domain())

    def _dunning_leaving_in_words(self, leaving):
        """Return sentences about what would leave."""
        if not leaving:
            return [self.env._("No reminder is ready to leave.")]
        signs = leaving._signs_of_leaving()
        words = self.env._("Reminders that would leave: %(count)s.", count=len(leaving))
        if not signs:
            return [words]
        return [words, self.env._(
            "With signs that they have left already: %(count)s; these do not leave again without your word.",
            count=len(signs),
        )]  # fmt: skip

    @api.model
    def _dunning_last_known(self):
        """Return the last moment (UTC) that a copy knows of, as noted when it was noticed."""
        noted = self.env["ir.config_parameter"].sudo().get_param(database.KNOWN)
        if noted:
            return fields.Datetime.to_datetime(noted)
        ((moment,),) = self.env.execute_query(copy_queries.last_known(self.env))
        return moment

    @api.model
    def _dunning_notice_copy(self):
        """Note the last moment that a copy knows of, before the scheduled actions of the copy blur it."""
        parameters = self.env["ir.config_parameter"].sudo()
        if database.is_copied(self.env) and not parameters.get_param(database.KNOWN):
            parameters.set_param(database.KNOWN, fields.Datetime.to_string(self._dunning_last_known()))

    def _dunning_in_words(self):
        """Return the company in the language of the person in charge of reminders."""
        person = self._dunning_person()
        return self.with_context(lang=person.lang or self.partner_id.lang or self.env.lang)

    def _dunning_tell(self, trouble, text=""):
        """Give the person in charge one task about what stops the reminders; end it when nothing does any more.

        What still stops them on another day is told anew: the alert names that day, a task that was done comes back.
        """
        today = self._dunning_today()
        if (self.dunning_trouble or "") == trouble and (not trouble or self.dunning_trouble_on == today):
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
            "dunning_trouble_task_id": task.id, "dunning_trouble_on": today if trouble else False,
        })  # fmt: skip

    # === A NIGHT THAT IS NOT DONE === #

    def _dunning_late_night(self):
        """Return what is said of a night that is not done by the morning, empty if it is or need not be yet.

        It has failed, it was broken off (a server that was stopped, a limit of time), or it has not begun.
        """
        if self._dunning_local().hour < MORNING:
            return ""
        why = self.dunning_night_why if self.dunning_night_tries else self._dunning_why_not_done()
        if not why:
            return ""
        return self.env._(
            "%(company)s: the reminders of %(day)s are not decided yet. It goes on being tried. %(why)s",
            company=self.name, day=format_date(self.env, self._dunning_today()), why=why,
        )  # fmt: skip

    def _dunning_why_not_done(self):
        """Return why a night that told of no failure is not done, empty if it need not be."""
        cron, today = self.env.ref("relance_progressive.ir_cron_dunning_run").sudo(), self._dunning_today()
        if not self.dunning_last_run or self.dunning_night_done == today:
            return ""  # reminders were switched on after the night, or it is done
        if self.dunning_last_run == today:
            return self.env._("It has begun and has not come to its end: the log of the server says more.")
        if not cron.active:
            return self.env._("The scheduled action “%(action)s” is switched off.", action=cron.name)
        if cron.nextcall < fields.Datetime.now() - LATE:
            return self.env._("The scheduled action “%(action)s” has not run.", action=cron.name)
        return ""

    def _dunning_alert(self):
        """Return what stands above the lists of reminders, empty if nothing has stopped."""
        doubt = self._dunning_doubt()
        if not self.dunning_automatic:
            return self._dunning_doubt_text(doubt) if doubt == "copy" else ""
        if not doubt and self.dunning_trouble in ("night", "delivery"):
            return self.dunning_trouble_text
        if not doubt and (late := self._dunning_late_night()):
            return late
        return self._dunning_doubt_text(doubt)

    # === ANSWERS === #

    def _dunning_say_right(self):
        """Go on: this is the real database, today is right."""
        if self._dunning_doubt() == "copy":
            database.keep(self.env)
        if self._dunning_doubt() == "day":
            self.dunning_day_right = self._dunning_today()
        self._dunning_tell(self._dunning_doubt())

    def _dunning_drop_prepared(self, reminders):
        """Have nothing leave of what was prepared before the copy was made."""
        reminders._drop_in_a_copy()

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
