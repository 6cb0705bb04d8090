from . import text
from . import dunning_decision
from . import decision_follow
