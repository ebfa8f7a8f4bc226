import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Account } from './account.ts';
import { answerEbs } from './ebs.ts';
import { answerEc2 } from './ec2.ts';
import { type Fault, type FaultKind, Faults } from './faults.ts';
import { RateLimits } from './limits.ts';
import {
  ebsErrorStatus,
  NotOfModel,
  readEbsRequest,
  readEc2Request,
  type Shape,
  writeEbsAnswer,
  writeEc2Answer,
} from './model.ts';
import { Refusal } from './refusal.ts';
import { type AccessKey, checkSignature } from './signature.ts';

export interface DoubleOptions {
  /** Milliseconds before each answer. */
  readonly latencyMs?: number;
  readonly faults?: readonly Fault[];
  readonly keys?: readonly AccessKey[];
  /** How far its clock is ahead of that of this machine, in milliseconds. */
  readonly clockMs?: number;
  /** How long a new snapshot is unknown, in milliseconds. */
  readonly unknownMs?: number;
  /** How long snapshots, images and copies are pending, in milliseconds. */
  readonly settleMs?: number;
  readonly copyMs?: number;
  readonly account?: Account;
}

/** The key that the double accepts if a test names none. */
export const doubleKey: AccessKey = {
  id: 'AKIAIOSFODNN7EXAMPLE',
  secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

const ebsPaths: readonly (readonly [string, string, RegExp])[] = [
  ['StartSnapshot', 'POST', /^\/snapshots$/],
  ['CompleteSnapshot', 'POST', /^\/snapshots\/completion\/(?<SnapshotId>[^/]+)$/],
  ['PutSnapshotBlock', 'PUT', /^\/snapshots\/(?<SnapshotId>[^/]+)\/blocks\/(?<BlockIndex>[^/]+)$/],
];

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/**
 * An HTTP server that speaks the EBS direct APIs and EC2 as far as an upload needs them, for every region: it takes the
 * region from the signature. It refuses what AWS refuses, with the SDK's own models, and has AWS's limits.
 */
export class AwsDouble {
  readonly account: Account;
  readonly limits = new RateLimits();
  /** AWS's names of all operations that were asked for, with their region. */
  readonly asked: string[] = [];
  /** What was asked for, as it was read with the model. */
  readonly requests: { readonly operation: string; readonly region: string; readonly input: Shape }[] = [];
  keys: readonly AccessKey[];
  readonly #options: DoubleOptions;
  readonly #faults: Faults;
  readonly #server: Server;

  private constructor(options: DoubleOptions) {
    this.#options = options;
    this.account = options.account ?? new Account();
    this.keys = options.keys ?? [doubleKey];
    this.#faults = new Faults(options.faults ?? []);
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.#server.keepAliveTimeout = 60_000;
  }

  static async start(options: DoubleOptions = {}): Promise<AwsDouble> {
    const double = new AwsDouble(options);
    await new Promise<void>((listening) => double.#server.listen(0, '127.0.0.1', listening));
    return double;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The variables with which the SDK uses it, and its key. */
  get env(): Record<string, string> {
    const [key] = this.keys;
    return {
      AWS_ENDPOINT_URL_EBS: this.url,
      AWS_ENDPOINT_URL_EC2: this.url,
      AWS_ACCESS_KEY_ID: key?.id ?? '',
      AWS_SECRET_ACCESS_KEY: key?.secret ?? '',
      ...(key?.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: key.sessionToken }),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  get #now(): number {
    return Date.now() + (this.#options.clockMs ?? 0);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request).catch(() => undefined);
    if (body === undefined) return;
    if (this.#options.latencyMs !== undefined) await wait(this.#options.latencyMs);
    const service = (request.url ?? '').startsWith('/snapshots') ? 'ebs' : 'ec2';
    const found = service === 'ebs' ? this.#ebs(request, body) : this.#ec2(request, body);
    if (found === 'stall') return;
    if (found === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const { answer, cut } = found;
    response.writeHead(answer.status, {
      ...answer.headers,
      date: new Date(this.#now).toUTCString(),
      'content-length': Buffer.byteLength(answer.body) + (cut ? 100 : 0),
    });
    if (!cut) response.end(answer.body);
    else response.write(answer.body, () => request.socket.destroy());
  }

  /** What a fault is in place of an answer; throws what it is as a refusal. */
  #go(fault: FaultKind | undefined, service: 'ebs' | 'ec2'): 'stall' | 'reset' | undefined {
    const ebs = service === 'ebs';
    if (fault === 'stall' || fault === 'reset') return fault;
    if (fault === 'error')
      throw new Refusal(
        ebs ? 'InternalServerException' : 'InternalError',
        'An internal error has occurred.',
        {
          status: 500,
        },
      );
    if (fault === 'throttle')
      throw ebs
        ? new Refusal('RequestThrottledException', 'Too many requests.', { reason: 'ACCOUNT_THROTTLED' })
        : new Refusal('RequestLimitExceeded', 'Request limit exceeded.', { status: 503 });
    if (fault === 'deny')
      throw ebs
        ? new Refusal('AccessDeniedException', 'You do not have sufficient access to perform this action.')
        : new Refusal('UnauthorizedOperation', 'You are not authorized to perform this operation.', {
            status: 403,
          });
    if (fault === 'expire')
      throw ebs
        ? new Refusal('ExpiredTokenException', 'The security token included in the request is expired', {
            status: 403,
          })
        : new Refusal('RequestExpired', 'Request has expired.');
    return undefined;
  }

  #ebs(request: IncomingMessage, body: Buffer) {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const [operation, labels] = ebsPaths
      .filter(([, method]) => method === request.method)
      .map(
        ([name, , pattern]) =>
          [name, pattern.exec(path)?.groups ?? (pattern.test(path) ? {} : undefined)] as const,
      )
      .find(([, match]) => match !== undefined) ?? ['', {}];
    let cut = false;
    try {
      const { region } = checkSignature(request, { service: 'ebs', keys: this.keys, now: this.#now, body });
      this.#note(operation, region);
      const fault = this.#faults.next(operation, region);
      const gone = this.#go(fault, 'ebs');
      if (gone !== undefined) return gone;
      cut = fault === 'cut';
      const input = readEbsRequest(operation, { labels: labels ?? {}, headers: request.headers, body });
      if (operation !== 'PutSnapshotBlock') this.requests.push({ operation, region, input });
      // A bit is another at the end of its way.
      if (fault === 'damage') body[1] = (body[1] ?? 0) ^ 1;
      this.account.settle(this.#now);
      const { unknownMs = 0, settleMs = 5 } = this.#options;
      const context = {
        account: this.account,
        limits: this.limits,
        region,
        now: this.#now,
        unknownMs,
        settleMs,
      };
      const answer = answerEbs({ ...context, storesWrong: fault === 'store-wrong' }, operation, input, body);
      const written = writeEbsAnswer(operation, answer);
      return {
        cut,
        answer: { ...written, headers: { ...written.headers, 'content-type': 'application/json' } },
      };
    } catch (error) {
      return { cut, answer: this.#ebsRefusal(error) };
    }
  }

  #ebsRefusal(error: unknown): Answer {
    const refusal =
      error instanceof Refusal
        ? error
        : new Refusal('ValidationException', textOf(error), { reason: 'INVALID_PARAMETER_VALUE' });
    if (!(error instanceof Refusal) && !(error instanceof NotOfModel)) throw error;
    const { name, message, reason } = refusal;
    return {
      status: refusal.status ?? ebsErrorStatus(name),
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': name },
      body: JSON.stringify({ Message: message, ...(reason === undefined ? {} : { Reason: reason }) }),
    };
  }

  #ec2(request: IncomingMessage, body: Buffer) {
    const parameters = new URLSearchParams(body.toString());
    const action = parameters.get('Action') ?? '';
    let cut = false;
    try {
      const { region } = checkSignature(request, { service: 'ec2', keys: this.keys, now: this.#now, body });
      this.#note(action, region);
      const fault = this.#faults.next(action, region);
      const gone = this.#go(fault, 'ec2');
      if (gone !== undefined) return gone;
      cut = fault === 'cut';
      const input = readEc2Request(action, parameters);
      this.requests.push({ operation: action, region, input });
      this.account.settle(this.#now);
      const { settleMs = 5, copyMs = 20 } = this.#options;
      const answer = answerEc2(
        { account: this.account, region, now: this.#now, settleMs, copyMs },
        action,
        input,
      );
      return {
        cut,
        answer: {
          status: 200,
          headers: { 'content-type': 'text/xml' },
          body: writeEc2Answer(action, answer),
        },
      };
    } catch (error) {
      if (!(error instanceof Refusal) && !(error instanceof NotOfModel)) throw error;
      const name = error instanceof Refusal ? error.name : 'InvalidParameterValue';
      const status = (error instanceof Refusal ? error.status : undefined) ?? 400;
      const said = error.message.replace(/[&<>]/g, ' ');
      const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${name}</Code><Message>${said}</Message></Error></Errors><RequestID>r-1</RequestID></Response>`;
      return { cut, answer: { status, headers: { 'content-type': 'text/xml' }, body: xml } };
    }
  }

  #note(operation: string, region: string): void {
    this.asked.push(`${operation} ${region}`);
  }
}
