from . import dunning_account
from . import dunning_engine
from . import engine_deliver
