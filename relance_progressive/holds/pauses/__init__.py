from . import dunning_pause
from . import checks
from . import of_odoo
from . import res_company
