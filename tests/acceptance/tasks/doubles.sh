# 1002 turns out to be 1001 once more. The first try shows where they differ.
kundehub customer merge 1002 1001 --yes || test $? -eq 4

# The newer telephone number is the right one.
kundehub customer merge 1002 1001 --prefer from --yes
