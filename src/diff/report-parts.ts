export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Text that keeps its lines: a diff, a list of paths. */
export interface Block {
  readonly title: string;
  /** "diff" is coloured where a format has colours. */
  readonly language: 'diff' | 'text';
  readonly lines: readonly string[];
}

export interface Section {
  readonly title: string;
  readonly table?: Table;
  readonly lines?: readonly string[];
  readonly blocks?: readonly Block[];
}

/** What people read of a difference, before it is put into a format. */
export interface Report {
  readonly title: string;
  readonly summary: readonly string[];
  readonly sections: readonly Section[];
}

const mebibyte = 1024 ** 2;

/** Bytes as people read them: "12 B", "3.4 KiB", "213.1 MiB". */
export function sizeText(bytes: number): string {
  const size = Math.abs(bytes);
  if (size < 1024) return `${bytes} B`;
  return size < mebibyte ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / mebibyte).toFixed(1)} MiB`;
}

/** As sizeText, with its sign. */
export function growthText(bytes: number): string {
  return `${bytes > 0 ? '+' : ''}${sizeText(bytes)}`;
}
