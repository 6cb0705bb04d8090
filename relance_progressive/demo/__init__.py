from . import dunning_demo
from . import dunning_demo_customers
from . import dunning_demo_ledger
from . import dunning_demo_history
from . import dunning_demo_holds
