#compdef kundehub
# zsh completion for kundehub: a file _kundehub in a folder of $fpath, or, behind compinit,
#     source <(kundehub completion zsh)

_kundehub() {
  local -a lines closed closed_shown open open_shown
  local line word shown
  local -i width=0
  # (Q) takes the quoting away: the program gets words as the command would.
  lines=("${(@f)$("${(Q)words[1]/#\~\//$HOME/}" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" \
    2>/dev/null </dev/null)}")
  for line in "${(@)lines[2,-1]}"; do
    word=${line%%$'\t'*}
    (( ${#word} > width )) && width=${#word}
  done
  for line in "${(@)lines[2,-1]}"; do
    word=${line%%$'\t'*}
    shown=$word
    [[ $line == *$'\t'* ]] && shown="${(r:width:)word}  -- ${line#*$'\t'}"
    if [[ $word == *[:=,] ]]; then
      open+=("$word") open_shown+=("$shown")
    else
      closed+=("$word") closed_shown+=("$shown")
    fi
  done
  local -i found=1
  (( $#closed )) && compadd -l -V kundehub -d closed_shown -a -- closed && found=0
  (( $#open )) && compadd -l -V kundehub-open -S '' -d open_shown -a -- open && found=0
  case $lines[1] in
    (:files|:folders)
      [[ $PREFIX == --*=* ]] && compset -P 1 '*='
      if [[ $lines[1] == :folders ]]; then
        _files -/ && found=0
      else
        _files && found=0
      fi
      ;;
  esac
  return found
}

if [[ ${funcstack[1]-} == _kundehub ]]; then
  _kundehub "$@"
else
  compdef _kundehub kundehub
fi
