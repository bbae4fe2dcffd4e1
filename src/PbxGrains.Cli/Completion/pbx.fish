# Completion of pbx for fish:  pbx completion fish | source
function __pbx_complete
    set -l line (commandline --cut-at-cursor | string collect)
    pbx "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete --command pbx --arguments '(__pbx_complete)'
