/** One row of `packer … -machine-readable`: `unix_seconds,target,type,data…`, decoded. */
export interface MachineRow {
  /** Whole seconds since 1970, as Packer wrote them. */
  readonly seconds: number;
  /** The build that the row is about; empty on `ui` rows and on rows about the whole run. */
  readonly target: string;
  /** ui, artifact-count, artifact, error, error-count, … */
  readonly type: string;
  readonly data: readonly string[];
}

// Packer escapes these three and nothing else (packer/ui.go, MachineReadableUi): a literal \n in the data reads as a line end.
const escapes: Readonly<Record<string, string>> = { '%!(PACKER_COMMA)': ',', '\\n': '\n', '\\r': '\r' };
const rowBeginning = /^(\d{1,15}),([^,]*),([^,]+)(?:,|$)/;

/** Decodes one field of a row. */
function decodeField(field: string): string {
  return field.replace(/%!\(PACKER_COMMA\)|\\n|\\r/g, (escape) => escapes[escape] ?? escape);
}

/**
 * Encodes one field as Packer does; used to recognise a text in its raw output.
 */
export function encodeField(text: string): string {
  return text.replaceAll(',', '%!(PACKER_COMMA)').replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}

/**
 * Reads one line of Packer's output.
 * @returns the row, or undefined for a line that is none
 */
export function parseRow(line: string): MachineRow | undefined {
  const beginning = rowBeginning.exec(line);
  if (beginning === null) return undefined;
  const [head, seconds = '', target = '', type = ''] = beginning;
  const rest = line.slice(head.length);
  const data = head.endsWith(',') ? rest.split(',').map(decodeField) : [];
  return { seconds: Number(seconds), target: decodeField(target), type, data };
}

/** Reads rows from a stream of text that may be cut anywhere; what is no row is dropped. Packer ends every row with a line end. */
export class RowReader {
  #rest = '';

  /** Takes the next piece and gives the rows that it completes. */
  push(chunk: string): MachineRow[] {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => parseRow(line) ?? []);
  }
}
