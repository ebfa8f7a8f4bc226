import { type MachineEvent, macOf } from './machine-event.ts';
import { shownText } from './shown-text.ts';

/** A line of nginx's access log, in the format that templates/netboot/servers/nginx.conf.hbs sets. */
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
    return undefined; // another message of nginx
  }
}

/** A stage that a machine reports: "root", "refused". */
const stageForm = /^[a-z][a-z-]{0,31}$/;

/** Parses a report; undefined if it names no machine or was not accepted. */
function report(access: AccessLine, query: URLSearchParams): MachineEvent | undefined {
  const mac = macOf(query.get('mac'));
  const stage = query.get('stage') ?? '';
  if (mac === undefined || !stageForm.test(stage) || access.status >= 400) return undefined;
  return { kind: 'report', mac, address: access.address, stage, text: shownText(query.get('text')) };
}

/** Parses a line of nginx's output; undefined if the line does not belong to the access log or is of no interest. */
export function readAccess(line: string): MachineEvent | undefined {
  const access = parse(line);
  if (access === undefined) return undefined;
  const query = new URLSearchParams(access.args);
  if (access.uri === '/report') return report(access, query);
  const mac = macOf(query.get('mac'));
  const { uri, status, bytes, seconds, method } = access;
  // A HEAD request only asks for the size.
  if (method === 'HEAD' && status < 400) return undefined;
  const file = {
    path: shownText(uri),
    by: 'HTTP' as const,
    status,
    bytes,
    seconds,
    whole: access.completed === 'OK',
  };
  return { kind: 'file', address: access.address, file, ...(mac === undefined ? {} : { mac }) };
}
