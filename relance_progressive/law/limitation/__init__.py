from . import dunning_interruption
from . import limitation_period
from . import limitation_move
from . import dunning_account
from . import dunning_limitation
