from . import choice
from . import page
from . import payment_transaction
from . import account_payment
from . import controller
