# Anna has a new address.
kundehub contact edit anna@nordlys.dk --email anna.berg@nordlys.dk --welcome
