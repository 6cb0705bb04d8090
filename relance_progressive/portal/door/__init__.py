from . import res_company
from . import dunning_account
from . import dunning_reminder
from . import ir_attachment
from . import dunning_portal_visit
from . import door
from . import controller
