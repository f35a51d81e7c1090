# The work for Nordlys has ended, for now.
kundehub customer archive 1001
kundehub customer list --archived

# They are back.
kundehub customer unarchive 1001
kundehub welcome send 1001
