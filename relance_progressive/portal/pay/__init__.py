from . import pay_choice
from . import pay_page
from . import payment_transaction
from . import account_payment
from . import pay_controller
