/** Documentation that no node needs is not unpacked; the licence texts are (dpkg(1), --path-exclude). */
export const excludedFiles = [
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/lintian/*',
  'path-exclude=/usr/share/locale/*',
  'path-include=/usr/share/locale/locale.alias',
] as const;

/** The folders that have all excluded files. */
export const excludedFolders: readonly string[] = excludedFiles.flatMap((line) => {
  const [, folder] = /^path-exclude=(.*)\/\*$/.exec(line) ?? [];
  return folder === undefined ? [] : [folder];
});
