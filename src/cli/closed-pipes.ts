/** Lets stdout and stderr be closed early: a reader such as head(1) has read enough and closed the pipe. */
export function allowClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}
