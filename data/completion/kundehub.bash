# bash completion for kundehub: source <(kundehub completion bash)
# Needs bash 4.4, and no bash-completion.

# Splits the line up to the cursor as the shell will, expanding nothing. Sets: words; quote, the quote that is open;
# kept, how much of the last word stands in front of what readline takes for it (it breaks words at : and = too, and
# in front of an @).
__kundehub_split() {
  local line=${COMP_LINE:0:COMP_POINT} word= c
  local -i i inside=0
  words=() quote= kept=0
  for ((i = 0; i < ${#line}; ++i)); do
    c=${line:i:1}
    if [[ $quote == "'" && $c != "'" ]]; then
      word+=$c
    elif [[ $c == '\' ]]; then
      ((++i))
      [[ $quote == '"' && ${line:i:1} != [\"\\\$\`] ]] && word+=$c
      word+=${line:i:1} inside=1
    elif [[ -n $quote && $c == "$quote" ]]; then
      quote=
    elif [[ -n $quote ]]; then
      word+=$c
    elif [[ $c == [\'\"] ]]; then
      quote=$c inside=1 kept=${#word}
    elif [[ $c == [[:blank:]] ]]; then
      ((inside)) && words+=("$word")
      word= inside=0 kept=0
    else
      word+=$c inside=1
      [[ $COMP_WORDBREAKS == *"$c"* ]] && kept=${#word}
      [[ $COMP_WORDBREAKS == *@* && $c == @ ]] && kept+=-1
    fi
  done
  words+=("$word")
}

# A word as it has to be typed behind the quote that is open.
__kundehub_quote() {
  local c
  local -i i
  case $quote in
    "'") REPLY=${1//\'/\'\\\'\'} ;;
    '"')
      REPLY=
      for ((i = 0; i < ${#1}; ++i)); do
        c=${1:i:1}
        [[ $c == [\"\\\$\`] ]] && REPLY+='\'
        REPLY+=$c
      done
      ;;
    *)
      REPLY=$1
      [[ $1 == *[^[:alnum:]_@%+=:,./-]* ]] && printf -v REPLY %q "$1"
      ;;
  esac
}

_kundehub() {
  local quote line program REPLY
  local -a words lines
  local -i kept
  COMPREPLY=()
  __kundehub_split
  if [[ ${#words[@]} -gt 1 && (${words[-1]} == [\<\>]* || ${words[-2]} == *[\<\>]) ]]; then
    compopt -o default # a redirection
    return
  fi
  program=${words[0]}
  [[ $program == '~/'* ]] && program=$HOME/${program:2}
  mapfile -t lines < <("$program" __complete "${words[@]:1}" 2>/dev/null </dev/null)
  case ${lines[0]-} in
    :files) compopt -o default ;;
    :folders) compopt -o dirnames ;;
  esac
  for line in "${lines[@]:1}"; do
    line=${line%%$'\t'*}
    [[ $quote == '"' && $line == *!* ]] && continue # no quoting keeps the history out of it
    __kundehub_quote "${line:kept}"
    COMPREPLY+=("$REPLY")
  done
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[:=,] ]] && compopt -o nospace
}

complete -o nosort -F _kundehub kundehub
