from odoo import api, models
from odoo.tools import html2plaintext

MARK = "dunning-message-goes-here"


class DunningChannelEmail(models.AbstractModel):
    """What surrounds the text of a level: the items, the totals, how to pay, who to call."""

    _name = "dunning.channel.email"
    _inherit = ["dunning.channel.email", "dunning.frame"]

    @api.model
    def _frame(self, reminder, subject, text):
        """Return all that the message shows, in words, in the language of the reminder's context."""
        overdue, upcoming = self._overdue_and_upcoming(reminder)
        claimed, penalties = overdue or upcoming, self._penalties(reminder)
        return {
            "subject": subject,
            "text": text,
            "name": reminder.name,
            "dir": self._direction(reminder.env.context["lang"]),
            "company": self._letterhead(reminder.company_id),
            "amount": penalties["total"] if penalties and penalties["claimed"] else reminder.amount_text,
            "overdue": self._items(reminder, overdue),
            "upcoming": self._items(reminder, upcoming),
            "covered": reminder._covered_in_words(),
            "notice": reminder._notice_in_words(),
            "payees": self._payees(reminder, claimed),
            "reference": self._reference(reminder, claimed),
            "link": reminder._customer_link(),
            "person": reminder.user_name,
            "phone": reminder.user_phone,
            "email": reminder.user_email,
            "penalties": penalties,
        }

    def _letterhead(self, company):
        partner = company.partner_id
        city = " ".join(part for part in (partner.zip, partner.city) if part)
        return {
            "name": company.name,
            "address": [part for part in (partner.street, partner.street2, city) if part],
            "phone": company.phone or "",
            "email": company.email or "",
            "website": company.website or "",
            "numbers": self._numbers(company),
            "color": company.primary_color or "#2c3e50",
        }

    # === HTML === #

    @api.model
    def _as_html(self, reminder, frame):
        """Return the message, without the document around it: as it is kept in the history."""
        qweb = self.env["ir.qweb"].with_context(lang=reminder.env.context["lang"])
        return str(qweb._render("relance_progressive.reminder_email", {"m": frame}, minimal_qcontext=True))

    @api.model
    def _document(self, content):
        """Return the HTML document to send: style sheets cannot be kept in the history, they would leak."""
        documents = self.env.cr.cache.setdefault("dunning.documents", {})
        if content["lang"] not in documents:
            qweb = self.env["ir.qweb"].with_context(lang=content["lang"])
            values = {
                "lang": content["lang"].replace("_", "-"), "dir": self._direction(content["lang"]), "mark": MARK,
            }  # fmt: skip
            documents[content["lang"]] = str(
                qweb._render("relance_progressive.reminder_email_document", values, minimal_qcontext=True)
            )
        return "<!DOCTYPE html>\n" + documents[content["lang"]].replace(MARK, content["body"], 1)

    # === PLAIN TEXT === #

    @api.model
    def _as_plain_text(self, reminder, frame):
        """Return the same message for those who read without HTML."""
        env = reminder.env
        parts = [html2plaintext(frame["text"] or "", include_references=False).strip()]
        claimed = frame["overdue"] or frame["upcoming"]
        if claimed:
            parts += ["\n".join(self._plain_rows(env, claimed)), *self._plain_totals(env, frame, claimed["total"])]
        if frame["overdue"] and frame["upcoming"]:
            title = env._("Not due yet, for your information")
            parts.append("\n".join([title, *self._plain_rows(env, frame["upcoming"])]))
        if frame["notice"]:
            parts.append(frame["notice"])
        if frame["covered"]:
            parts.append(env._("Already deducted, on its way to us: %(amount)s", amount=frame["covered"]))
        if claimed and claimed["more"] and frame["link"]:
            parts.append(env._("The whole list stands on your page, also as a spreadsheet."))
        parts.append(self._plain_payment(env, frame))
        contact = (frame["person"], frame["phone"], frame["email"])
        parts.append(env._("A question? %(contact)s", contact=" · ".join(part for part in contact if part)))
        parts.append(self._plain_signature(frame["company"]))
        return "\n\n".join(part for part in parts if part)

    def _plain_signature(self, company):
        """Return who writes, with what identifies it, below the line that mail programs know as a signature's."""
        return "-- \n" + "\n".join([company["name"], *company["address"], *company["numbers"]])

    def _plain_rows(self, env, table):
        rows = [
            env._("- %(number)s, due %(due)s: %(amount)s", number=row["number"], due=row["due"], amount=row["balance"])
            for row in table["rows"]
        ]
        if table["more"]:
            rows.append(f"- {table['more_words']}")
            rows += [env._("- due in %(month)s: %(count)s, %(amount)s", **month) for month in table["months"]]
        return rows

    def _plain_totals(self, env, frame, total):
        """Return the paragraphs that sum up what is claimed, and tell what being late costs."""
        penalties = frame["penalties"]
        if not penalties or not penalties["claimed"]:
            told = [" ".join(penalties["sentences"])] if penalties else []
            return [env._("Total: %(amount)s", amount=total), *told]
        return self._plain_penalties(env, penalties)

    def _plain_penalties(self, env, penalties):
        rows = [
            env._(
                "- %(number)s: %(balance)s from %(first)s to %(last)s, %(days)s days at %(rate)s: %(amount)s",
                **{name: row[name] for name in ("number", "balance", "first", "last", "days", "rate", "amount")},
            )
            for row in penalties["rows"]
        ]
        if penalties["more"]:
            rows.append(f"- {penalties['more']}")
        sums = [env._("Invoices: %(amount)s", amount=penalties["invoices"])]
        if penalties["interest"]:
            words = {"day": penalties["until"], "amount": penalties["interest"]}
            sums.append(env._("Late interest until %(day)s: %(amount)s", **words))
        if penalties["indemnity"]:
            words = {name: penalties[f"indemnity_{name}"] for name in ("label", "article")}
            sums.append(env._("%(label)s (%(article)s): %(amount)s", amount=penalties["indemnity"], **words))
        sums.append(env._("Total: %(amount)s", amount=penalties["total"]))
        title = env._("Late interest: balance x days x rate / days of the year")
        computation = "\n".join([title, *rows, *penalties["sources"]]) if rows else ""
        return [
            part
            for part in (computation, "\n".join(sums), penalties["gap"], penalties["waiver"], penalties["per_day"])
            if part
        ]

    def _plain_payment(self, env, frame):
        parts = ["\n".join(self._plain_payee(env, payee)) for payee in frame["payees"]]
        rows = []
        if not parts and frame["reference"]:
            rows.append(env._("Reference: %(reference)s", reference=frame["reference"]))
        if frame["link"]:
            rows.append(env._("Online: %(link)s", link=frame["link"]))
        return "\n\n".join([*parts, "\n".join(rows)]) if len(parts) > 1 else "\n".join([*parts, *rows])

    def _plain_payee(self, env, payee):
        """Return the lines on one payee: with several, also the sum and what it is for."""
        if payee["amount"] and payee["iban"]:
            yield env._("%(amount)s by transfer to %(holder)s, IBAN %(iban)s", **payee)
        elif payee["amount"]:
            yield env._("%(amount)s: please ask us for the bank details", **payee)
        else:
            yield env._("Transfer to %(holder)s, IBAN %(iban)s", **payee)
        if payee["penalties"]:
            yield env._("of which for the delay: %(amount)s", amount=payee["penalties"])
        if payee["documents"]:
            yield env._("For: %(documents)s", **payee)
        yield env._("Reference: %(reference)s", **payee)
