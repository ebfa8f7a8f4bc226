import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

interface Answer {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

type Parameters = Readonly<Record<string, unknown>>;

/** A page in a Chromium without a window. */
export interface BrowserPage {
  /** Calls a method of the DevTools protocol for this page. */
  readonly call: (method: string, parameters?: Parameters) => Promise<Record<string, unknown>>;
  /** Opens an address and waits until it is loaded. */
  readonly open: (url: string) => Promise<void>;
  /** The value of an expression; a promise is awaited. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** The events of this page that have arrived. */
  readonly events: readonly Answer[];
}

export interface Browser {
  readonly newPage: () => Promise<BrowserPage>;
  readonly close: () => Promise<void>;
}

const program = process.env['CHROMIUM'] ?? 'chromium';

/**
 * Starts Chromium and speaks its DevTools protocol over a pipe: JSON texts, each followed by a zero byte
 * (chromium --remote-debugging-pipe, file descriptors 3 and 4). No port is opened, and no library is needed.
 */
export async function openBrowser(): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'ingot-browser-'));
  const child = spawn(
    program,
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--remote-debugging-pipe'],
      ...['--no-first-run', '--disable-extensions', `--user-data-dir=${profile}`, 'about:blank'],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'close');
  const [, , , input, output] = child.stdio as [null, null, null, Writable, Readable];
  const waiting = new Map<number, (answer: Answer) => void>();
  const listeners = new Set<(answer: Answer) => void>();
  let rest = '';
  let last = 0;
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const texts = (rest + chunk).split('\0');
    rest = texts.pop() ?? '';
    for (const text of texts) {
      const answer = JSON.parse(text) as Answer;
      if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
      else for (const listen of listeners) listen(answer);
    }
  });
  const call = async (method: string, params: Parameters, sessionId?: string) => {
    last += 1;
    const id = last;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    input.write(
      `${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`,
    );
    const { error, result } = await answered;
    waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as Record<string, unknown>;
  };
  const newPage = async (): Promise<BrowserPage> => {
    const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
    const session = String(sessionId);
    const events: Answer[] = [];
    listeners.add((answer) => {
      if (answer.sessionId === session) events.push(answer);
    });
    const own: BrowserPage['call'] = (method, parameters = {}) => call(method, parameters, session);
    await own('Page.enable');
    await own('Network.enable');
    await own('Emulation.setFocusEmulationEnabled', { enabled: true });
    return {
      call: own,
      events,
      open: async (url) => {
        const loaded = new Promise<void>((resolve) => {
          const listen = ({ sessionId: of, method }: Answer): void => {
            if (of !== session || method !== 'Page.loadEventFired') return;
            listeners.delete(listen);
            resolve();
          };
          listeners.add(listen);
        });
        await own('Page.navigate', { url });
        await loaded;
      },
      evaluate: async (expression) => {
        const { result, exceptionDetails } = (await own('Runtime.evaluate', {
          ...{ expression, awaitPromise: true, returnByValue: true },
        })) as { result: { value?: unknown }; exceptionDetails?: { exception?: { description?: string } } };
        if (exceptionDetails !== undefined)
          throw new Error(exceptionDetails.exception?.description ?? 'the expression failed');
        return result.value;
      },
    };
  };
  return {
    newPage,
    close: async () => {
      await call('Browser.close', {}).catch(() => undefined);
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
