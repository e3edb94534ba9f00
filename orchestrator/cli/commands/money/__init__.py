"""Commands of a record's money: its budget, invoices and deals."""
