import { expect, test } from 'vitest';
import { awsError, mayContinue } from '../../../../src/publish/ami/aws-error.ts';
import { awsFailure } from '../../../../src/publish/ami/aws-failure.ts';

const now = Date.parse('2026-11-28T12:00:00Z');
const response = (date: string) => ({ $response: { headers: { date } } });

test.each([
  [{ name: 'RequestThrottledException' }, 'throttled'],
  [{ name: 'RequestLimitExceeded', $metadata: { httpStatusCode: 503 } }, 'throttled'],
  [{ name: 'SomethingNew', $metadata: { httpStatusCode: 500 } }, 'transient'],
  [{ name: 'SyntaxError', message: 'Unexpected end of JSON input' }, 'transient'],
  [{ name: 'Error', code: 'EPIPE' }, 'transient'],
  [{ name: 'TimeoutError' }, 'transient'],
  [{ name: 'ValidationException', Reason: 'INVALID_BLOCK' }, 'damaged'],
  [{ name: 'ValidationException', Reason: 'INVALID_TAG' }, 'refused'],
  [{ name: 'ResourceNotFoundException' }, 'unknown-snapshot'],
  [{ name: 'InvalidAMIID.NotFound' }, 'missing'],
  [{ name: 'ExpiredTokenException' }, 'expired'],
  [{ name: 'AuthFailure' }, 'credentials'],
  // With a clock that is right, an expired request is one of a session that has ended.
  [{ name: 'RequestExpired', ...response('Sat, 28 Nov 2026 12:00:01 GMT') }, 'expired'],
  [{ name: 'RequestExpired', ...response('Sat, 28 Nov 2026 12:10:00 GMT') }, 'clock'],
  [{ name: 'InvalidSignatureException', ...response('Sat, 28 Nov 2026 11:50:00 GMT') }, 'clock'],
  [{ name: 'AccessDeniedException', ...response('Sat, 28 Nov 2026 11:50:00 GMT') }, 'denied'],
  [{}, 'refused'],
  [undefined, 'refused'],
])('%o is %s', (error, kind) => {
  expect(awsFailure(error, now).kind).toBe(kind);
});

test('no text of AWS that shows what was signed, or an encoded message, is repeated', () => {
  const message =
    "The request signature we calculated does not match. The Canonical String for this request should have been 'POST secret'";
  const failure = awsFailure({ name: 'SignatureDoesNotMatch', message }, now);
  expect(awsError('CopyImage', 'us-east-1', failure, undefined).excerpt).toEqual([
    'SignatureDoesNotMatch: The request signature we calculated does not match.',
  ]);
  const denied = awsFailure(
    { name: 'UnauthorizedOperation', message: 'You may not. Encoded authorization failure message: abcdef' },
    now,
  );
  const error = awsError('CopyImage', 'us-east-1', denied, undefined);
  expect(error.excerpt).toEqual(['UnauthorizedOperation: You may not.']);
  expect(error.hint).toContain('ec2:CopyImage');
});

test('only what another try may change is kept', () => {
  const kept = (name: string) => mayContinue(awsFailure({ name }, now));
  expect(['ExpiredTokenException', 'TimeoutError', 'RequestThrottledException'].map(kept)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['AccessDeniedException', 'ValidationException', 'ResourceLimitExceeded'].map(kept)).toEqual([
    ...[false, false, false],
  ]);
});
