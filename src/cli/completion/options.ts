import { choiceArgument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** `ingot completion`: a script that completes command lines of ingot. */
export const completionCommand = command({
  name: 'completion',
  task: 'install',
  summary: 'print the script with which a shell completes command lines of ingot',
  arguments: { shell: choiceArgument('shell', 'the shell that reads the script', shells) },
  options: {},
  examples: [
    { line: 'ingot completion bash', does: 'in ~/.bashrc: source <(ingot completion bash)' },
    { line: 'ingot completion zsh', does: 'in ~/.zshrc, after compinit: source <(ingot completion zsh)' },
    { line: 'ingot completion fish', does: 'redirect it to ~/.config/fish/completions/ingot.fish' },
  ],
});

export type CompletionInput = InputOf<typeof completionCommand>;
