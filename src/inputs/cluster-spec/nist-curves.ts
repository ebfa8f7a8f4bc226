import { unsigned } from './ssh-wire.ts';

interface Curve {
  /** Size of a coordinate in bytes. */
  readonly size: number;
  readonly prime: bigint;
  /** y² = x³ - 3x + b. */
  readonly b: bigint;
}

// FIPS 186-4, D.1.2.3 to D.1.2.5.
const curves: Readonly<Record<string, Curve>> = {
  nistp256: {
    size: 32,
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  nistp384: {
    size: 48,
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  nistp521: {
    size: 66,
    prime: 2n ** 521n - 1n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
};

/** Reports whether bytes are an uncompressed point (SEC 1, 2.3.3) of the named curve. */
export function isPoint(curveName: string, bytes: Uint8Array): boolean {
  const curve = curves[curveName];
  if (curve?.size === undefined || bytes.length !== 1 + 2 * curve.size || bytes[0] !== 4) return false;
  const x = unsigned(bytes.subarray(1, 1 + curve.size));
  const y = unsigned(bytes.subarray(1 + curve.size));
  const { prime, b } = curve;
  return x < prime && y < prime && (y * y - (x * x * x - 3n * x + b)) % prime === 0n;
}
