import { request } from 'node:https';
import type { Pair } from '../../samples/certificates.ts';

interface Asked {
  /** The certificate to present, with its key. */
  readonly pair?: Pair | undefined;
  /** With a body it is a POST, otherwise a GET. */
  readonly body?: object;
}

/**
 * Sends a request to https://127.0.0.1:port, and trusts the certificate `ca`. Rejects if the handshake fails, or the
 * certificate of the other side is not valid.
 */
export function askHttps(
  port: number,
  path: string,
  ca: string,
  { pair, body }: Asked = {},
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const shown = pair === undefined ? {} : { cert: pair.certificate, key: pair.key };
    const method = body === undefined ? 'GET' : 'POST';
    const asked = request({ host: '127.0.0.1', port, path, method, ca, ...shown, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('error', reject);
      answer.on('end', () => {
        try {
          resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as unknown });
        } catch {
          reject(new Error(`no JSON: ${text}`));
        }
      });
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
