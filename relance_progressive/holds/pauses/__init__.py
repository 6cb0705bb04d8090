from . import dunning_pause
from . import pause_checks
from . import pause_odoo
from . import res_company
