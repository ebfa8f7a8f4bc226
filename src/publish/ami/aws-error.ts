import { IngotError } from '../../host/ingot-error.ts';
import type { AwsFailure } from './aws-failure.ts';

/** Texts of AWS may contain what a person must not see in a log: an encoded message, a long id of a key. */
function plainMessage(message: string): string {
  return message
    .replace(/Encoded authorization failure message: \S+/g, '')
    .replace(/(The (Canonical String|String-to-Sign)[\s\S]*)/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const minutes = (seconds: number): string => {
  const all = Math.abs(seconds);
  return all < 120 ? `${all} s` : `${Math.round(all / 60)} minutes`;
};

function clockText({ clockSeconds }: AwsFailure): string {
  if (clockSeconds === undefined) return 'the clock of this machine differs from that of AWS';
  return `the clock of this machine is ${minutes(clockSeconds)} ${clockSeconds > 0 ? 'slow' : 'fast'}, compared with that of AWS`;
}

/** Which permission an operation needs. */
const permissionOf = (operation: string): string =>
  /^(StartSnapshot|PutSnapshotBlock|CompleteSnapshot)$/.test(operation)
    ? `ebs:${operation}`
    : `ec2:${operation}`;

const continues = 'run the same command again: it continues where it stopped';

/**
 * The error for a failed request.
 * @param operation AWS's name of the operation, e.g. CopyImage
 * @param region where it was sent to
 */
export function awsError(operation: string, region: string, failure: AwsFailure, cause: unknown): IngotError {
  const { kind, name, message } = failure;
  const where = `AWS, ${region}, ${operation}`;
  const said = `${name}: ${plainMessage(message)}`;
  switch (kind) {
    case 'clock':
      return new IngotError({
        code: 'host-not-ready',
        message: `${where}: ${clockText(failure)}, so that no signature is valid`,
        hint: `set the clock (timedatectl, chronyc makestep); ${continues}`,
        excerpt: [said],
        cause,
      });
    case 'expired':
      return new IngotError({
        code: 'publish-failed',
        message: `${where}: the credentials have expired`,
        hint: `get new ones (aws sso login, or those of your CI); ${continues}`,
        excerpt: [said],
        cause,
      });
    case 'credentials':
      return new IngotError({
        code: 'publish-failed',
        message: `${where}: the credentials are missing or wrong`,
        hint: 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; aws sts get-caller-identity shows what they are',
        excerpt: [said],
        cause,
      });
    case 'denied':
      return new IngotError({
        code: 'publish-failed',
        message: `${where}: these credentials may not do this`,
        hint: `allow ${permissionOf(operation)}; docs/ami.md has the whole policy`,
        excerpt: [said],
        cause,
      });
    case 'limit':
      return new IngotError({
        code: 'publish-failed',
        message: `${where}: a limit of the account is reached`,
        hint: 'wait until other snapshots and copies are done, or have the limit raised (Service Quotas), then run the command again',
        excerpt: [said],
        cause,
      });
    case 'throttled':
    case 'transient':
    case 'unknown-snapshot':
      return new IngotError({
        code: 'publish-failed',
        message: `${where}: no usable answer`,
        hint: `check the network, and health.aws.amazon.com; ${continues}`,
        excerpt: [said],
        cause,
      });
    default:
      return new IngotError({
        code: 'publish-failed',
        message: `${where}: refused`,
        excerpt: [said],
        cause,
      });
  }
}

/** Whether what was uploaded may stay for the same command to continue; otherwise it is removed. */
export const mayContinue = ({ kind }: AwsFailure): boolean =>
  ['expired', 'clock', 'credentials', 'throttled', 'transient', 'unknown-snapshot'].includes(kind);
