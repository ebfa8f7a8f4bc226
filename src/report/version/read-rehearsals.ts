import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnvelope, statementType } from '../../version/dsse.ts';
import { rehearsalsFolder } from '../../version/rehearsal/rehearsals.ts';
import { parseStatement } from '../../version/rehearsal/statement.ts';
import { smallFile } from '../../version/small-file.ts';
import type { ReportedRehearsal } from './version-facts.ts';

async function readOne(file: string): Promise<ReportedRehearsal[]> {
  const envelope = parseEnvelope((await smallFile(file))?.toString() ?? '', statementType);
  const statement = envelope && parseStatement(Buffer.from(envelope.payload, 'base64').toString());
  if (envelope === undefined || statement === undefined) return [];
  const { drills, finishedOn } = statement.predicate;
  return [
    {
      finishedOn,
      passed: drills.filter(({ result }) => result === 'passed').length,
      drills: drills.map(({ name, result }) => (result === 'passed' ? name : `${name} (${result})`)),
      signedBy: envelope.signatures.map(({ keyid }) => keyid),
    },
  ];
}

/** Reads the statements about rehearsals of a version, oldest first. Signatures are not verified. */
export async function statedRehearsals(folder: string): Promise<ReportedRehearsal[]> {
  const below = rehearsalsFolder(folder);
  const names = await readdir(below).catch(() => []);
  const own = names.filter((name) => name.endsWith('.dsse.json') && !name.startsWith('.')).sort();
  return (await Promise.all(own.map((name) => readOne(join(below, name))))).flat();
}
