from . import account_payment
from . import payment_transaction
from . import account_bank_statement_line
from . import dunning_money
from . import dunning_payee
from . import dunning_sent_back
