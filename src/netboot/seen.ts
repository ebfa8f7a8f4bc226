/** What a server saw of a machine. */
export type Seen =
  /** It asked for an address; `by` says what asked, as in "BIOS PXE". */
  | { readonly kind: 'asked'; readonly mac: string; readonly by: string; readonly firmware: boolean }
  | { readonly kind: 'address'; readonly mac: string; readonly address: string }
  | { readonly kind: 'no-address'; readonly mac: string; readonly why: string }
  /** `mac` is what the request itself says of the machine. */
  | { readonly kind: 'file'; readonly address: string; readonly file: FetchedFile; readonly mac?: string }
  /** `address` is where the report came from, `mac` which machine it says it is of. */
  | {
      readonly kind: 'report';
      readonly mac: string;
      readonly address: string;
      readonly stage: string;
      readonly text: string;
    };

export interface FetchedFile {
  /** Below the server's root, with a slash at its beginning. */
  readonly path: string;
  readonly by: 'TFTP' | 'HTTP';
  /** An HTTP status; 200 for TFTP. */
  readonly status: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Whether all of it was sent. */
  readonly whole: boolean;
}

/** A hardware address with colons, in lower case; undefined where the text is none. */
export function macOf(text: string | null | undefined): string | undefined {
  const mac = text?.toLowerCase().replaceAll('-', ':');
  return mac !== undefined && /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? mac : undefined;
}
