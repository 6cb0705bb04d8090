"""Who may read, on Odoo's own models, where a customer stands with its reminders; others read those models too."""

READERS = "relance_progressive.dunning_group_user,account.group_account_readonly"
