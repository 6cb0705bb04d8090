from . import notice_dates
from . import notice_text
from . import dunning_decision
from . import decision_follow
