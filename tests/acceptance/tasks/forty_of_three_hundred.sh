# numbers.txt: the customers who have said yes, one number a line.
kundehub hub grant --ids-from numbers.txt --module projects --welcome
