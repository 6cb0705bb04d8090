from . import res_company
from . import account_move
from . import account_move_line
from . import account_partial_reconcile
from . import bank
from . import dunning_account
