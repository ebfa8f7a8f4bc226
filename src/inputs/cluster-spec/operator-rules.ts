import { type Context, fail, failWithSecondPlace } from './rules.ts';
import { keyIdentity, wrongPublicKey } from './ssh-public-key.ts';

/**
 * Checks the key of an operator. The key is decoded, so that a truncated key is found here and not by an operator who
 * is locked out.
 */
export function checkPublicKey(line: string, context: Context): void {
  const wrong = wrongPublicKey(line);
  if (wrong !== undefined) fail(context, [], wrong.message, wrong.right);
}

/** Checks operators: each key may appear once, whatever its comment is. */
export function checkOperators(operators: unknown, context: Context): void {
  if (!Array.isArray(operators)) return;
  const seen = new Map<string, number>();
  operators.forEach((line: unknown, index) => {
    if (typeof line !== 'string') return;
    const key = keyIdentity(line);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else
      failWithSecondPlace(context, {
        path: [index],
        message: 'this key is in the list twice',
        right: 'each key once',
        firstAt: [first],
      });
  });
}
