from . import dunning_account
from . import account_facts
from . import account_move
from . import account_move_line
from . import account_partial_reconcile
from . import res_partner
