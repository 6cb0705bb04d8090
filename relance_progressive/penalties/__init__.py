from . import notice_dates
from . import dunning_penalty
