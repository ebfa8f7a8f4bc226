import { Writable } from 'node:stream';
import type { World } from '../../src/cli/world.ts';
import { makeHost } from '../../src/host/make-host.ts';

/** A world that records what is written to it. */
export function fakeWorld(more: Partial<World> = {}): { world: World; out: () => string; err: () => string } {
  const said = { out: '', err: '' };
  const err = (text: string) => void (said.err += text);
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      err(chunk.toString());
      done();
    },
  });
  const world: World = {
    host: makeHost(),
    out: (text) => void (said.out += text),
    err,
    cwd: process.cwd(),
    env: {},
    stream: stream as unknown as NodeJS.WriteStream,
    signal: new AbortController().signal,
    ...more,
  };
  return { world, out: () => said.out, err: () => said.err };
}
