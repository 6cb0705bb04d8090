from . import engine_recheck
from . import dunning_delivery
from . import engine_deliver
from . import engine_hand_over
from . import engine_record
