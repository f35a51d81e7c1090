# Prints a version's entries of README.md, Changes, as those of a Debian changelog. Given with -v: version.
function print_entry(   words, count, i, line) {
  count = split(entry, words, " ")
  line = "  *"
  for (i = 1; i <= count; ++i) {
    if (length(line " " words[i]) > 79) {
      print line
      line = "   "
    }
    line = line " " words[i]
  }
  if (count > 0) print line
  entry = ""
}
/^#/ { print_entry(); wanted = $0 == "### " version }
wanted && /^- / { print_entry() }
wanted && /^(- |  )/ { entry = entry " " substr($0, 3) }
END { print_entry() }
