import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type BuiltSite, faultsOf } from '../built-site.ts';
import { sideBar, topBar } from '../navigation.ts';
import { copiedFile, excludedFolders, headingAnchor, siteLink, sitePath } from '../pages.ts';

const project = join(import.meta.dirname, '../../..');
const base = process.env['INGOT_DOCS_BASE'] ?? '/';

const read = (file: string): string | undefined =>
  existsSync(join(project, file)) ? readFileSync(join(project, file), 'utf8') : undefined;

/** The parts of markdown-it that are used here. */
interface Token {
  readonly type: string;
  readonly content: string;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}
interface Markdown {
  readonly core: {
    readonly ruler: {
      disable(name: string): void;
      push(
        name: string,
        rule: (state: { tokens: readonly Token[]; env: { realPath?: string } }) => void,
      ): void;
    };
  };
  readonly renderer: { readonly rules: Record<string, unknown> };
  readonly utils: { escapeHtml(text: string): string };
}

/** Files of the project that pages link, relative to it; they are copied into the site. */
const copied = new Set<string>();

function configureMarkdown(markdown: Markdown): void {
  markdown.core.ruler.push('links-of-the-site', ({ tokens, env }) => {
    if (env.realPath === undefined) return;
    const page = relative(project, env.realPath);
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      const link = href === null ? undefined : siteLink(page, href);
      if (link === undefined) continue;
      token.attrSet('href', link.href);
      if (link.copies !== undefined) copied.add(link.copies);
    }
  });
  // `:name:` stays as it is.
  markdown.core.ruler.disable('emoji');
  // Vue would evaluate what is between double braces.
  const escaped = (tokens: readonly Token[], index: number): string =>
    markdown.utils.escapeHtml(tokens[index]?.content ?? '').replaceAll('{', '&#123;');
  markdown.renderer.rules['text'] = escaped;
  markdown.renderer.rules['code_inline'] = (tokens: readonly Token[], index: number) =>
    `<code>${escaped(tokens, index)}</code>`;
}

/** The pages are outside of the package that has vue: what they import is searched from here. */
const vueOfThePackage = {
  name: 'vue-of-the-package',
  enforce: 'pre',
  resolveId(
    this: { resolve(id: string, importer: string, options: object): unknown },
    id: string,
    importer?: string,
    options?: { ssr?: boolean },
  ) {
    if (!/^vue(?:\/|$)/.test(id)) return undefined;
    // The renderer of the build and the pages share one vue, which Node.js loads.
    if (options?.ssr === true) return { id, external: true };
    const fromPage = importer?.split('?')[0]?.endsWith('.md') === true;
    return fromPage ? this.resolve(id, import.meta.filename, { skipSelf: true }) : undefined;
  },
} as const;

function copyLinkedFiles(site: string): void {
  for (const file of copied) {
    const from = join(project, file);
    const to = join(site, copiedFile(file));
    if (!existsSync(from)) throw new Error(`a page links ${file}, which does not exist`);
    mkdirSync(dirname(to), { recursive: true });
    // A link to a folder shows what is in it.
    if (statSync(from).isDirectory()) writeFileSync(to, `${readdirSync(from).join('\n')}\n`);
    else cpSync(from, to);
  }
}

function readSite(site: string): BuiltSite {
  const files = readdirSync(site, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(site, path), name.endsWith('.html') ? readFileSync(path, 'utf8') : undefined];
    }),
  );
}

export default {
  title: 'ingot',
  description: 'Golden images of a Mesosphere cluster from one cluster.yaml',
  lang: 'en',
  base,
  srcDir: project,
  outDir: join(import.meta.dirname, '../dist'),
  cacheDir: join(import.meta.dirname, '../node_modules/.vitepress'),
  srcExclude: excludedFolders.map((folder) => `${folder}/**`),
  rewrites: sitePath,
  vite: {
    plugins: [vueOfThePackage],
    // The search index of all pages is one file, which is loaded when somebody searches.
    build: { chunkSizeWarningLimit: 4096 },
  },
  markdown: {
    attrs: { disable: true },
    anchor: { slugify: headingAnchor },
    config: configureMarkdown,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    nav: topBar(read),
    sidebar: sideBar(read),
    outline: { level: [2, 3], label: 'On this page' },
    externalLinkIcon: true,
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          searchOptions: {
            // A decision explains a page: the page comes first.
            boostDocument: (id: string) =>
              id.includes('/decisions/') || id.includes('/changelog') ? 0.3 : 1,
          },
        },
      },
    },
  },
  /** Copies what the pages link, and refuses a site with links that lead nowhere. */
  buildEnd({ outDir }: { outDir: string }) {
    copyLinkedFiles(outDir);
    const faults = faultsOf(readSite(outDir), base);
    if (faults.length > 0) throw new Error(`the built site has faults:\n${faults.join('\n')}`);
  },
};
