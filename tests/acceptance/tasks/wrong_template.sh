# Whoever was written to on Monday read the wrong words.
kundehub welcome status --sent-since "$monday" --sent-before "$tuesday" --format ids > wrong.txt

# The words are mended, and looked at, before anything is sent.
mkdir -p "$(kundehub template path)"
cp mended.txt "$(kundehub template path)/welcome.da.txt"
kundehub template check
kundehub welcome preview "$(head -n 1 wrong.txt)" --text

kundehub welcome resend --ids-from wrong.txt --message "Den forrige mail havde et forkert telefonnummer. Undskyld."
