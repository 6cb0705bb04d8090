from . import dunning_pause
from . import pause_checks
from . import pause_odoo
from . import dunning_account
from . import dunning_account_protected
from . import account_move
from . import dunning_reminder
from . import res_company
