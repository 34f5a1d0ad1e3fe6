// The scripts ask runner itself what can come next, so that they know the verbs and labs of the day.
import { COMPLETE_VERB } from './verb.ts';

const BASH = `# runner completion for bash: source <(runner completion bash)
_runner() {
  local current=\${COMP_WORDS[COMP_CWORD]} answer files
  mapfile -t answer < <("\${COMP_WORDS[0]}" ${COMPLETE_VERB} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  files=\${answer[0]:-none}
  COMPREPLY=("\${answer[@]:1}")
  compopt +o nospace 2>/dev/null
  case $files in
    scenarios) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -X '!*.@(yaml|yml)' -- "$current") ;;
    all) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    directories) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
  esac
}
shopt -s extglob
complete -F _runner runner
`;

const ZSH = `#compdef runner
# runner completion for zsh: source <(runner completion zsh)
_runner() {
  local -a answer
  answer=("\${(@f)$("\${words[1]}" ${COMPLETE_VERB} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  case \${answer[1]:-none} in
    scenarios) _files -g '*.(yaml|yml)' ;;
    all) _files ;;
    directories) _files -/ ;;
    *) (( \${#answer} > 1 )) && compadd -- "\${(@)answer[2,-1]}" ;;
  esac
}
compdef _runner runner
`;

const FISH = `# runner completion for fish: runner completion fish | source
function __runner_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l answer ($words[1] ${COMPLETE_VERB} $words[2..-1] 2>/dev/null)
  switch "$answer[1]"
    case scenarios all
      __fish_complete_path (commandline -ct)
    case directories
      __fish_complete_directories (commandline -ct)
    case '*'
      printf '%s\\n' $answer[2..-1]
  end
end
complete -c runner -f -a '(__runner_complete)'
`;

export const COMPLETION_SCRIPTS: Readonly<Record<'bash' | 'zsh' | 'fish', string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
};
