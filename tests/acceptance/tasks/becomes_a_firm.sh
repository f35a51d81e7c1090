# Carl Lund has founded a firm.
kundehub customer convert 1001 --to business --name "Lund & Co. ApS"
kundehub customer edit 1001 --cvr 13585628
kundehub contact add 1001 "Dora Dam <dora@lund.dk>" --no-welcome
