# The bookkeeper of ten firms has married.
kundehub person show bo@bogholderi.dk
kundehub person edit bo@bogholderi.dk --last-name Østergaard

# A year later the agreement ends.
kundehub person revoke bo@bogholderi.dk
