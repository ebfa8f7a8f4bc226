import { plainLines } from '../host/plain-text.ts';
import { macOf, type Seen } from './seen.ts';

/** A line of nginx's access log, as templates/netboot/servers/nginx.conf.hbs has it written. */
interface AccessLine {
  readonly address: string;
  readonly method: string;
  readonly uri: string;
  readonly args: string;
  readonly status: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly completed: string;
}

function parse(line: string): AccessLine | undefined {
  try {
    const value = JSON.parse(line) as Partial<AccessLine> | null;
    return typeof value?.uri === 'string' && typeof value.address === 'string'
      ? (value as AccessLine)
      : undefined;
  } catch {
    return undefined; // something else that nginx says
  }
}

/** As long as a node's longest report is. */
const longest = 600;

/** A text that came over the network, as one line that a terminal can be shown. */
const shown = (text: string | null): string =>
  plainLines((text ?? '').slice(0, 4 * longest))
    .join(' ')
    .slice(0, longest);

/** What a line of nginx's output says of a machine; undefined for a line that is none of the access log. */
export function readAccess(line: string): Seen | undefined {
  const access = parse(line);
  if (access === undefined) return undefined;
  const query = new URLSearchParams(access.args);
  const mac = macOf(query.get('mac'));
  if (access.uri === '/report')
    return mac === undefined
      ? undefined
      : { kind: 'report', mac, stage: shown(query.get('stage')), text: shown(query.get('text')) };
  const { uri, status, bytes, seconds, method } = access;
  // A question for the size alone.
  if (method === 'HEAD' && status < 400) return undefined;
  const file = {
    path: shown(uri),
    by: 'HTTP' as const,
    status,
    bytes,
    seconds,
    whole: access.completed === 'OK',
  };
  return { kind: 'file', address: access.address, file, ...(mac === undefined ? {} : { mac }) };
}
