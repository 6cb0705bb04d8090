from . import dunning_interruption
from . import period
from . import move
from . import dunning_account
from . import dunning_limitation
