from . import pauses
from . import promises
from . import disputes
from . import dunning_account
from . import account_move
from . import account_move_line
from . import dunning_reminder
from . import dunning_call
