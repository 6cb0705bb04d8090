from . import notice_dates
from . import notice_text
from . import notice_words
from . import notice_rates
from . import dunning_decision
from . import decision_follow
from . import dunning_account
