from . import recheck
from . import dunning_delivery
from . import deliver
from . import hand_over
from . import record
