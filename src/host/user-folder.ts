import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { IngotError } from './ingot-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

function wrong(message: string, instead: string): IngotError {
  return new IngotError({
    code: 'host-not-ready',
    message,
    hint: `set HOME to the absolute path of your home folder, or name the folder: ${instead}`,
  });
}

function homeFolder(env: Environment, instead: string): string {
  const home = env['HOME'] ?? userInfo().homedir;
  if (home === '') throw wrong('HOME is empty', instead);
  if (!isAbsolute(home)) throw wrong(`HOME is "${home}", which is not an absolute path`, instead);
  return home;
}

/**
 * The user's folder for data that can be created again (XDG Base Directory Specification): XDG_CACHE_HOME, or else
 * ~/.cache. A relative XDG_CACHE_HOME is ignored, as the specification demands.
 * @param instead another way to name the folder, for errors
 * @throws IngotError host-not-ready if HOME is empty or relative, because the folder would be below the current one
 */
export function userCacheFolder(env: Environment, instead: string): string {
  const cache = env['XDG_CACHE_HOME'];
  if (cache !== undefined && isAbsolute(cache)) return cache;
  return join(homeFolder(env, instead), '.cache');
}

/**
 * The user's folder for what has to survive, such as what was seen before (XDG Base Directory Specification):
 * XDG_STATE_HOME, or else ~/.local/state. A relative XDG_STATE_HOME is ignored, as the specification demands.
 * @param instead another way to name the folder, for errors
 * @throws IngotError host-not-ready if HOME is empty or relative, because the folder would be below the current one
 */
export function userStateFolder(env: Environment, instead: string): string {
  const state = env['XDG_STATE_HOME'];
  if (state !== undefined && isAbsolute(state)) return state;
  return join(homeFolder(env, instead), '.local', 'state');
}
