# fish completion for kundehub: kundehub completion fish | source

function __kundehub_complete
    set -l before (commandline --current-process --tokenize --cut-at-cursor)
    set -l typed (commandline --current-token --cut-at-cursor)
    set -l word (string unescape -- $typed; or printf "%s" $typed)
    set -l program (string replace --regex '^~(?=/)' $HOME -- $before[1])
    set -l lines (command $program __complete $before[2..] "$word" 2>/dev/null </dev/null)
    set -l option (string match --regex '^--[^=]*=' -- "$word")
    set -l path (string replace --regex '^--[^=]*=' '' -- "$word")
    switch "$lines[1]"
        case :files
            printf '%s\n' "$option"(__fish_complete_path "$path")
        case :folders
            printf '%s\n' "$option"(__fish_complete_directories "$path" "")
    end
    set --query lines[2]; and printf '%s\n' $lines[2..]
end

complete --command kundehub --no-files --keep-order --arguments '(__kundehub_complete)'
