/** What a server saw of a machine. */
export type MachineEvent =
  /** The machine requested an address; `by` describes the sender, as in "BIOS PXE". */
  | { readonly kind: 'asked'; readonly mac: string; readonly by: string; readonly firmware: boolean }
  | { readonly kind: 'address'; readonly mac: string; readonly address: string }
  | { readonly kind: 'no-address'; readonly mac: string; readonly why: string }
  /** `mac` is the machine that the request itself names. */
  | { readonly kind: 'file'; readonly address: string; readonly file: FetchedFile; readonly mac?: string }
  /** `address` is the sender of the report, `mac` the machine that the report names. */
  | {
      readonly kind: 'report';
      readonly mac: string;
      readonly address: string;
      readonly stage: string;
      readonly text: string;
    };

export interface FetchedFile {
  /** Below the server's root, with a leading slash. */
  readonly path: string;
  readonly by: 'TFTP' | 'HTTP';
  /** An HTTP status; 200 for TFTP. */
  readonly status: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Whether the whole file was sent. */
  readonly whole: boolean;
}

/** A hardware address with colons, in lower case; undefined if the text is not a hardware address. */
export function macOf(text: string | null | undefined): string | undefined {
  const mac = text?.toLowerCase().replaceAll('-', ':');
  return mac !== undefined && /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? mac : undefined;
}
