from odoo import api, models

# Who may read, on Odoo's own models, where a customer stands with its reminders; others read those models too.
READERS = "relance_progressive.dunning_group_user,account.group_account_readonly"


class DunningInternal(models.AbstractModel):
    """What the add-on puts on Odoo's own records is the business of the house.

    Odoo lets a portal user read his company, his contacts, his invoices and their items: not how, when and by whom
    he is reminded of them. The customer's page reads as superuser what :mod:`..portal.door.rights` lists.
    """

    _name = "dunning.internal"
    _description = "Fields for Employees Only"

    @api.model
    def _has_field_access(self, field, operation):
        closed = field.name.startswith("dunning_") and not self.env.su and not self.env.user._is_internal()
        return not closed and super()._has_field_access(field, operation)


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "dunning.internal"]


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["res.users", "dunning.internal"]


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "dunning.internal"]


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "dunning.internal"]


class AccountPaymentTerm(models.Model):
    _name = "account.payment.term"
    _inherit = ["account.payment.term", "dunning.internal"]
