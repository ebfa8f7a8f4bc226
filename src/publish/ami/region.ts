import type { EBSClient } from '@aws-sdk/client-ebs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { IngotError } from '../../host/ingot-error.ts';
import { GivenUp, type Limits, withAttempts } from './attempts.ts';
import { awsError, mayContinue } from './aws-error.ts';
import type { AwsFailure } from './aws-failure.ts';
import type { Clock } from './clock.ts';
import { LatencyHistogram } from './latency.ts';
import type { AwsSdk } from './sdk.ts';

/** What every client of AWS is made with. */
export interface AwsAccess {
  readonly sdk: AwsSdk;
  readonly clock: Clock;
  readonly limits: Limits;
}

interface SendOptions {
  readonly abortSignal: AbortSignal;
}

/** A request: AWS's name of the operation, and how a client sends it. */
export interface AwsRequest<Client, T> {
  readonly operation: string;
  readonly send: (client: Client, options: SendOptions) => Promise<T>;
  readonly signal: AbortSignal;
  /** Resolves when an attempt may be sent. */
  readonly turn?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Wait as long as it takes when a limit of the account is reached. */
  readonly waitsForRoom?: boolean;
  readonly onRetry?: ((failure: AwsFailure, pauseMs: number) => void) | undefined;
}

/** A request to AWS failed, and what was uploaded may stay: the same command continues. */
export class Interrupted extends IngotError {}

/** Clients for blocks: each has its own connections, as one pool limits all that share it. */
const blockClients = 8;
const connectionsOfEach = 8;
const readMs = 12_000;
const connectMs = 5_000;

/** How many blocks may be on their way at once. */
export const blocksAtOnce = blockClients * connectionsOfEach;

/**
 * The data of a block is not part of the signature, only its checksum (API reference of PutSnapshotBlock). Without this
 * header the SDK computes the SHA-256 of each block a second time.
 */
function leaveDataUnsigned(client: EBSClient): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const { headers } = args.request as { readonly headers: Record<string, string> };
        if (commandName === 'PutSnapshotBlockCommand') headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
        return next(args);
      },
    { step: 'build', name: 'leaveDataUnsigned' },
  );
}

/** The two APIs of AWS in one region. */
export class AwsRegion {
  readonly name: string;
  /** Latencies of the requests for blocks. */
  readonly latency = new LatencyHistogram();
  readonly #access: AwsAccess;
  readonly #ec2: EC2Client;
  readonly #ebs: readonly EBSClient[];
  #nextClient = 0;

  constructor(access: AwsAccess, name: string) {
    this.name = name;
    this.#access = access;
    const common = () => {
      const agent = { keepAlive: true, maxSockets: connectionsOfEach };
      return {
        region: name,
        maxAttempts: 1,
        requestHandler: {
          connectionTimeout: connectMs,
          socketTimeout: readMs,
          httpAgent: agent,
          httpsAgent: agent,
        },
      };
    };
    this.#ec2 = new access.sdk.ec2.EC2Client(common());
    this.#ebs = Array.from({ length: blockClients }, () => new access.sdk.ebs.EBSClient(common()));
    for (const client of this.#ebs) leaveDataUnsigned(client);
  }

  get clock(): Clock {
    return this.#access.clock;
  }
  get limits(): Limits {
    return this.#access.limits;
  }
  get sdk(): AwsSdk {
    return this.#access.sdk;
  }

  /**
   * Sends a request to EC2.
   * @throws Interrupted if the same command may continue later; IngotError publish-failed if AWS refuses
   */
  ec2<T>(request: AwsRequest<EC2Client, T>): Promise<T> {
    return this.#send(this.#ec2, request);
  }

  /** Sends a request to the EBS direct APIs, each with the next client. */
  ebs<T>(request: AwsRequest<EBSClient, T>): Promise<T> {
    const client = this.#ebs[this.#nextClient];
    this.#nextClient = (this.#nextClient + 1) % blockClients;
    if (client === undefined) throw new Error('there are no clients');
    const blocks = request.operation === 'PutSnapshotBlock';
    return this.#send(client, request, (milliseconds) => {
      if (blocks) this.latency.add(milliseconds);
    });
  }

  async #send<Client, T>(
    client: Client,
    { operation, send, signal, turn, waitsForRoom, onRetry }: AwsRequest<Client, T>,
    onAnswer?: (milliseconds: number) => void,
  ): Promise<T> {
    const { clock, limits } = this.#access;
    try {
      return await withAttempts({
        once: (abortSignal) => send(client, { abortSignal }),
        ...{ clock, limits, signal, turn, onRetry, onAnswer },
        ...(waitsForRoom === undefined ? {} : { waitsForRoom }),
      });
    } catch (error) {
      if (!(error instanceof GivenUp)) throw error;
      const said = awsError(operation, this.name, error.failure, error.cause);
      if (!mayContinue(error.failure)) throw said;
      const { code, message, hint, excerpt, cause } = said;
      throw new Interrupted({ code, message, excerpt, cause, ...(hint === undefined ? {} : { hint }) });
    }
  }

  /** Closes all connections. */
  close(): void {
    this.#ec2.destroy();
    for (const client of this.#ebs) client.destroy();
  }
}
