# Bo has left Værkstedet, customer 1003; he still does the books of four others.
kundehub hub revoke 1003 --contact bo@bogholderi.dk

# A week later everybody at Værkstedet gets the invoices.
kundehub hub grant 1003 --module invoices
