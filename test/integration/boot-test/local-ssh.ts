import type { Host } from '../../../src/host/host.ts';
import { makeHost } from '../../../src/host/make-host.ts';

/** A host whose ssh runs this machine's own sh instead of connecting to a node; `answer` may answer instead. */
export function localSsh(answer?: () => number | undefined): Host {
  const real = makeHost();
  return {
    ...real,
    run: async (program, args, options) => {
      if (program !== 'ssh') return real.run(program, args, options);
      const status = answer?.();
      if (status !== undefined) return { exitCode: status, stdout: '', stderr: 'Connection refused\n' };
      return real.run('sh', ['-s'], options);
    },
  };
}

export const nowhere = { port: 1, user: 'ops', keyFile: '/no/key' };
