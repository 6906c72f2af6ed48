"""The demonstration company: customers, ledger and collection work of two years.

``world`` and ``identity`` prepare, ``companies``, ``customers``, ``ledger`` and
``collection`` and ``requests`` each add one layer; ``recouvrement.demo.company`` runs
them in order.
"""
