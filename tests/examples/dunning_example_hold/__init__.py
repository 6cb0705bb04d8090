from . import dunning_account
