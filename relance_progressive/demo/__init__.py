from . import dunning_demo
from . import dunning_demo_ledger
from . import dunning_demo_history
