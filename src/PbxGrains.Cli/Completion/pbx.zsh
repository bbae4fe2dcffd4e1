#compdef pbx
# Completion of pbx for zsh:  source <(pbx completion zsh), after compinit
_pbx() {
    local line="${(j: :)words[1,CURRENT]}"
    local -a candidates
    candidates=("${(@f)$(pbx "[suggest:${#line}]" "$line" 2>/dev/null)}")
    if [[ -n "$candidates" ]]; then
        compadd -- $candidates
    else
        _files
    fi
}
if [[ $funcstack[1] == _pbx ]]; then
    _pbx "$@"
else
    compdef _pbx pbx
fi
