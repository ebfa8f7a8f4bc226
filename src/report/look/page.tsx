import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { visibleText } from '../../diff/compare/difference-text.ts';
import { style } from './style.ts';

/** One section of a page; the page's navigation has a link to each. */
export interface PageSection {
  /** Anchor of the section: letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  readonly content: ComponentChildren;
}

export interface PageContent {
  readonly title: string;
  /** What the page is about, above the title: "Report of a version". */
  readonly kind: string;
  /** Below the title. */
  readonly head?: ComponentChildren;
  readonly sections: readonly PageSection[];
  /** The last line of the page: by what it was made. */
  readonly foot: string;
}

/** Nothing is loaded and no script runs, whatever the data of a report contains (CSP Level 3). */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

function Page({ title, kind, head, sections, foot }: PageContent) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header>
          <p class="kind">{kind}</p>
          <h1>{title}</h1>
          {head}
        </header>
        {sections.length < 2 ? null : (
          <nav aria-label="Sections">
            <ul>
              {sections.map(({ id, title: name }) => (
                <li>
                  <a href={`#${id}`}>{name}</a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <main id="content" tabIndex={-1}>
          {sections.map(({ id, title: name, content }) => (
            <section aria-labelledby={id}>
              <h2 id={id}>{name}</h2>
              {content}
            </section>
          ))}
        </main>
        <footer>
          <p>{foot}</p>
        </footer>
      </body>
    </html>
  );
}

/**
 * Renders a report as one HTML file that loads no other resource and runs no script. Control characters in its data
 * become visible.
 */
export function pageText(content: PageContent): string {
  return `<!doctype html>\n${visibleText(renderToString(<Page {...content} />).toWellFormed())}\n`;
}
