import { IngotError } from '../../host/ingot-error.ts';

export interface PaxRecords {
  path?: string;
  linkPath?: string;
  size?: number;
  uid?: number;
  gid?: number;
  /** Seconds since 1970, without the fraction. */
  mtime?: number;
  xattrs: Map<string, Buffer>;
}

const xattrPrefix = 'SCHILY.xattr.';

/**
 * Parses the body of a pax extended header: records "LENGTH KEY=VALUE\n", where LENGTH counts the whole record in bytes
 * (pax(1)). Attribute values stay bytes. Keys that do not describe content (atime, comment, …) are ignored; sparse
 * files are refused.
 */
export function parsePax(body: Buffer): PaxRecords {
  const records: PaxRecords = { xattrs: new Map() };
  let position = 0;
  while (position < body.length && body[position] !== 0) {
    const space = body.indexOf(0x20, position);
    const length = space === -1 ? Number.NaN : decimal(body.toString('latin1', position, space));
    const equals = body.indexOf(0x3d, space);
    const end = position + length;
    if (!(end <= body.length) || equals === -1 || equals >= end || body[end - 1] !== 0x0a)
      throw bad('a broken record');
    take(records, body.toString('utf8', space + 1, equals), body.subarray(equals + 1, end - 1));
    position = end;
  }
  return records;
}

function take(records: PaxRecords, key: string, value: Buffer): void {
  if (key.startsWith(xattrPrefix)) {
    // GNU tar writes "=" and "%" in attribute names as %3D and %25.
    const name = key.slice(xattrPrefix.length).replace(/%3D/g, '=').replace(/%25/g, '%');
    records.xattrs.set(name, Buffer.from(value));
    return;
  }
  if (key.startsWith('GNU.sparse.')) throw bad('a sparse file');
  const text = value.toString('utf8');
  if (key === 'path') records.path = text;
  else if (key === 'linkpath') records.linkPath = text;
  else if (key === 'size') records.size = decimal(text);
  else if (key === 'uid') records.uid = decimal(text);
  else if (key === 'gid') records.gid = decimal(text);
  else if (key === 'mtime') records.mtime = decimal(text.replace(/^-.*/, '0').replace(/\..*$/, ''));
}

function decimal(text: string): number {
  const value = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw bad(`an invalid number: ${JSON.stringify(text)}`);
  return value;
}

function bad(what: string): IngotError {
  return new IngotError({
    code: 'wrong-export',
    message: `The export disk of the build guest holds an extended tar header with ${what}.`,
    hint: 'Export with GNU tar: --create --format=pax --xattrs --numeric-owner, and no --sparse.',
  });
}
