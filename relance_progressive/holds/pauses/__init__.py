from . import dunning_pause
from . import of_odoo
from . import res_company
