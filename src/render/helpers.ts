import { quoteDnsmasq } from './quote-dnsmasq.ts';
import { quoteGrub } from './quote-grub.ts';
import { quoteHcl, quotePacker } from './quote-hcl.ts';
import { quoteHtml } from './quote-html.ts';
import { quoteJson } from './quote-json.ts';
import { quoteLine } from './quote-line.ts';
import { quoteNginx } from './quote-nginx.ts';
import { quoteSh } from './quote-sh.ts';
import { scalarText } from './quote-text.ts';
import { quoteWords } from './quote-words.ts';
import { quoteYaml } from './quote-yaml.ts';

/** The quoting helpers. Every `{{…}}` that inserts a value into a file has to be one of these, with one argument. */
export const quotingHelpers: ReadonlyMap<string, (value: unknown) => string> = new Map([
  ['hcl', quoteHcl],
  ['packer', quotePacker],
  ['yaml', quoteYaml],
  ['sh', quoteSh],
  ['json', quoteJson],
  ['grub', quoteGrub],
  ['nginx', quoteNginx],
  ['line', quoteLine],
  ['words', quoteWords],
  ['dnsmasq', quoteDnsmasq],
  ['html', quoteHtml],
]);

/** Joins texts, numbers and booleans inside a quoting helper: `{{packer (concat folder "/key")}}`. */
export function concat(...parts: readonly unknown[]): string {
  return parts.map(scalarText).join('');
}
