/** One row of `packer … -machine-readable`: `unix_seconds,target,type,data…`, decoded. */
export interface MachineRow {
  /** Whole seconds since 1970, as printed by Packer. */
  readonly seconds: number;
  /** The build that the row belongs to; empty on `ui` rows and on rows about the whole run. */
  readonly target: string;
  /** ui, artifact-count, artifact, error, error-count, … */
  readonly type: string;
  readonly data: readonly string[];
}

// Packer escapes only these three (packer/ui.go, MachineReadableUi): a literal \n in the data is decoded as a newline.
const escapes: Readonly<Record<string, string>> = { '%!(PACKER_COMMA)': ',', '\\n': '\n', '\\r': '\r' };
const rowBeginning = /^(\d{1,15}),([^,]*),([^,]+)(?:,|$)/;

/** Decodes one field of a row. */
function decodeField(field: string): string {
  return field.replace(/%!\(PACKER_COMMA\)|\\n|\\r/g, (escape) => escapes[escape] ?? escape);
}

/** Encodes one field as Packer does, to find a text in its raw output. */
export function encodeField(text: string): string {
  return text.replaceAll(',', '%!(PACKER_COMMA)').replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}

/**
 * Parses one line of Packer's output.
 * @returns the row, or undefined for a line that is not a row
 */
export function parseRow(line: string): MachineRow | undefined {
  const beginning = rowBeginning.exec(line);
  if (beginning === null) return undefined;
  const [head, seconds = '', target = '', type = ''] = beginning;
  const rest = line.slice(head.length);
  const data = head.endsWith(',') ? rest.split(',').map(decodeField) : [];
  return { seconds: Number(seconds), target: decodeField(target), type, data };
}

/**
 * Parses rows from a stream of text that may be split anywhere; lines that are not rows are dropped. Packer ends every
 * row with a newline.
 */
export class RowReader {
  #rest = '';

  /** Adds the next chunk and returns the rows that it completes. */
  push(chunk: string): MachineRow[] {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => parseRow(line) ?? []);
  }
}
