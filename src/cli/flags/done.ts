/** Takes the exit status of the command that ran. */
export type Done = (exitCode: number) => void;
