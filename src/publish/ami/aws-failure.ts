/** Why a request to AWS failed, by what has to be done about it. */
export type FailureKind =
  /** Too many requests at this moment: wait, then send it again. */
  | 'throttled'
  /** The answer is lost, late or an error of the service: send it again. */
  | 'transient'
  /** AWS does not know the snapshot yet: wait up to two minutes. */
  | 'unknown-snapshot'
  /** The data of a block was damaged on its way: send it again. */
  | 'damaged'
  /** A limit of the account is reached: wait until something else is done. */
  | 'limit'
  | 'expired'
  | 'clock'
  | 'credentials'
  | 'denied'
  | 'missing'
  | 'refused';

/** A failed request to AWS. */
export interface AwsFailure {
  readonly kind: FailureKind;
  /** AWS's own name of the error, e.g. RequestThrottledException. */
  readonly name: string;
  readonly message: string;
  /** How much later AWS's clock is than that of this machine, in seconds; undefined if it did not tell. */
  readonly clockSeconds: number | undefined;
}

// API references: "Common errors" of EBS direct APIs; "Error codes for the Amazon EC2 API".
const byName: Readonly<Record<string, FailureKind>> = {
  RequestThrottledException: 'throttled',
  RequestLimitExceeded: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  InternalServerException: 'transient',
  InternalError: 'transient',
  InternalFailure: 'transient',
  ServiceUnavailable: 'transient',
  ServiceUnavailableException: 'transient',
  Unavailable: 'transient',
  RequestTimeout: 'transient',
  RequestTimeoutException: 'transient',
  TimeoutError: 'transient',
  AbortError: 'transient',
  ConcurrentLimitExceededException: 'limit',
  ServiceQuotaExceededException: 'limit',
  ResourceLimitExceeded: 'limit',
  SnapshotLimitExceeded: 'limit',
  PendingSnapshotLimitExceeded: 'limit',
  ConcurrentSnapshotLimitExceeded: 'limit',
  ExpiredToken: 'expired',
  ExpiredTokenException: 'expired',
  TokenRefreshRequired: 'expired',
  RequestExpired: 'expired',
  RequestTimeTooSkewed: 'clock',
  RequestInTheFuture: 'clock',
  UnrecognizedClientException: 'credentials',
  InvalidClientTokenId: 'credentials',
  InvalidSignatureException: 'credentials',
  SignatureDoesNotMatch: 'credentials',
  IncompleteSignature: 'credentials',
  IncompleteSignatureException: 'credentials',
  MissingAuthenticationToken: 'credentials',
  MissingAuthenticationTokenException: 'credentials',
  AuthFailure: 'credentials',
  CredentialsProviderError: 'credentials',
  AccessDeniedException: 'denied',
  UnauthorizedOperation: 'denied',
  OptInRequired: 'denied',
  ResourceNotFoundException: 'unknown-snapshot',
  'InvalidSnapshot.NotFound': 'missing',
  'InvalidAMIID.NotFound': 'missing',
  'InvalidAMIID.Unavailable': 'missing',
};

const lostConnection =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE)$/;

interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly Code?: string;
  readonly Message?: string;
  readonly Reason?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** The reasons of a ValidationException that mean that the data of a block did not arrive as it was sent. */
const damagedReasons = new Set(['INVALID_BLOCK', 'WRITE_REQUEST_TIMEOUT', 'INVALID_CONTENT_ENCODING']);

/** A signature is valid for five minutes (AWS General Reference, "Signature Version 4"). */
const signatureSeconds = 300;

function kindOf(name: string, error: SdkError): FailureKind {
  const known = byName[name];
  if (known !== undefined) return known;
  if (lostConnection.test(error.code ?? '')) return 'transient';
  if (name === 'ValidationException' && damagedReasons.has(error.Reason ?? '')) return 'damaged';
  const status = error.$metadata?.httpStatusCode;
  if (status === 429) return 'throttled';
  // An answer that is cut off cannot be read: the SDK reports a syntax error.
  return (status !== undefined && status >= 500) || name === 'SyntaxError' ? 'transient' : 'refused';
}

function clockSecondsOf(error: SdkError, now: number): number | undefined {
  const theirs = Date.parse(error.$response?.headers?.['date'] ?? '');
  return Number.isNaN(theirs) ? undefined : Math.round((theirs - now) / 1000);
}

/**
 * Says why a request failed.
 * @param error what a client of the SDK threw
 * @param now the clock of this machine when the answer came, in milliseconds since 1970
 */
export function awsFailure(error: unknown, now: number): AwsFailure {
  const thrown = (error ?? {}) as SdkError;
  const name = thrown.name === 'Error' ? (thrown.Code ?? thrown.code ?? 'Error') : (thrown.name ?? 'Error');
  const message = thrown.message || thrown.Message || name;
  const clockSeconds = clockSecondsOf(thrown, now);
  const kind = kindOf(name, thrown);
  const skewed = clockSeconds !== undefined && Math.abs(clockSeconds) >= signatureSeconds;
  const judged = skewed && (kind === 'credentials' || kind === 'expired') ? 'clock' : kind;
  return { kind: judged, name, message, clockSeconds };
}
