import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';

interface LibraryManifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

/** The folder of the package that has a module: the nearest one whose package.json has a version. */
function packageFolder(module: string): string {
  for (let folder = dirname(module); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as LibraryManifest).version !== undefined)
      return folder;
  }
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as LibraryManifest;
  const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const text = texts.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  return `${name ?? ''} ${version ?? ''} (${license ?? ''})\n\n${text}\n`;
}

/** Writes the licences of all libraries that are bundled: most of them require that their text is distributed. */
const licences: Plugin = {
  name: 'licences',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    const folders = new Set(modules.filter((id) => /^\/.*\/node_modules\//.test(id)).map(packageFolder));
    const texts = [...folders].map(licenceOf).sort();
    this.emitFile({
      type: 'asset',
      fileName: 'third-party-licences.txt',
      source: texts.join(`\n${'-'.repeat(80)}\n\n`),
    });
  },
};

// One file for each command instead of a few hundred modules: loading them took a third of the time of a short command.
export default defineConfig({
  input: {
    'cli/main': 'src/cli/main.ts',
    'cli/write-package-files': 'src/cli/write-package-files.ts',
    'bench/main': 'bench/main.ts',
    'bench/children/ami-upload': 'bench/children/ami-upload.ts',
    'bench/children/ebs-double': 'bench/children/ebs-double.ts',
    'bench/children/manifest': 'bench/children/manifest.ts',
    'bench/children/nightly-store': 'bench/children/nightly-store.ts',
    'bench/children/publish': 'bench/children/publish.ts',
    'bench/children/squashfs': 'bench/children/squashfs.ts',
  },
  plugins: [licences],
  platform: 'node',
  transform: { jsx: { runtime: 'automatic' } },
  output: {
    dir: 'dist',
    entryFileNames: '[name].js',
    // As deep as src/MODULE, for code that finds the project folder from its own path.
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: true,
  },
});
