import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { World } from '../world.ts';
import { WrongAnswer } from './ask-answers.ts';

const names = ['id_ed25519.pub', 'id_ecdsa.pub', 'id_rsa.pub'];
const largest = 16 * 1024;

const homeOf = ({ env }: World): string => env['HOME'] ?? homedir();

/** The path of an SSH public key of this user; undefined if there is none. */
export function ownKeyFile(world: World): string | undefined {
  return names.map((name) => join(homeOf(world), '.ssh', name)).find((path) => existsSync(path));
}

/**
 * Reads the line of an SSH public key from a file.
 * @param file as the user typed it; `~/` is the home folder
 * @throws WrongAnswer for a file that cannot be read, or is not one line; a private key is never quoted
 */
export async function readOperatorKey(world: World, file: string): Promise<string> {
  const path = file.startsWith('~/') ? join(homeOf(world), file.slice(2)) : resolve(world.cwd, file);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new WrongAnswer(missing ? `${path} does not exist` : `${path} cannot be read`);
  });
  if (/PRIVATE KEY/.test(text))
    throw new WrongAnswer(`${path} is a private key: name the file that ends in .pub`);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [line] = lines;
  if (line === undefined || lines.length > 1 || text.length > largest)
    throw new WrongAnswer(`${path} is not one SSH public key`);
  return line.trim();
}
