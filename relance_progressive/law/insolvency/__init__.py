from . import insolvency_holds
