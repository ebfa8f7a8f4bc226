export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Text with its line breaks preserved: a diff, a list of paths. */
export interface Block {
  readonly title: string;
  /** "diff" is coloured if the format supports it. */
  readonly language: 'diff' | 'text';
  readonly lines: readonly string[];
}

export interface Section {
  readonly title: string;
  readonly table?: Table;
  readonly lines?: readonly string[];
  readonly blocks?: readonly Block[];
}

/** The content of a report, independent of its format. */
export interface Report {
  readonly title: string;
  readonly summary: readonly string[];
  readonly sections: readonly Section[];
}

const mebibyte = 1024 ** 2;

/** Formats bytes: "12 B", "3.4 KiB", "213.1 MiB". */
export function sizeText(bytes: number): string {
  const size = Math.abs(bytes);
  if (size < 1024) return `${bytes} B`;
  return size < mebibyte ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / mebibyte).toFixed(1)} MiB`;
}

/** Like sizeText, with a sign. */
export function growthText(bytes: number): string {
  return `${bytes > 0 ? '+' : ''}${sizeText(bytes)}`;
}
