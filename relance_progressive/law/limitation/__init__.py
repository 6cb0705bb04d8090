from . import dunning_interruption
from . import limitation_period
from . import limitation_rules
from . import limitation_items
from . import limitation_words
from . import limitation_account
from . import limitation_move
