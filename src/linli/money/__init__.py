"""Every cent: ledger, payments, payouts, invoices. Nothing above this wing moves money by itself."""
