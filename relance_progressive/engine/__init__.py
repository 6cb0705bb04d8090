from . import dunning_account
from . import dunning_engine
from . import engine_deliver
from . import engine_hand_over
from . import engine_record
from . import engine_cron
