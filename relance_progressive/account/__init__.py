from . import dunning_account
from . import dunning_plan
from . import res_partner
from . import dunning_account_display
from . import res_users
