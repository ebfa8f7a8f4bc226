import { describe, expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { quoteNginx } from '../../../src/render/quote-nginx.ts';
import { type NginxContext, renderNginx } from '../../../src/render/render-nginx.ts';

const templates = await loadTemplates('templates');
const context: NginxContext = {
  listen: ['10.0.0.2:80', '[fd00::2]:80'],
  root: '/srv/netboot',
  logs: '/var/log/nginx',
  runtime: null,
  user: 'www-data',
  foreground: false,
};

describe('the configuration of nginx', () => {
  test("fits Debian's unit, which itself makes nginx a daemon and expects its pid in /run", () => {
    const text = renderNginx(templates, context);
    expect(text).not.toMatch(/^daemon/m);
    expect(text).toContain('pid /run/nginx.pid;\n');
    expect(text).toContain('client_body_temp_path /var/lib/nginx/body;\n');
    expect(text).toContain('user www-data;\n');
    expect(text.match(/^ +listen .*$/gm)).toEqual([
      '    listen 10.0.0.2:80 default_server reuseport backlog=4096;',
      '    listen [fd00::2]:80 default_server reuseport backlog=4096;',
    ]);
  });

  test('for a lab stays in the foreground and writes only below the given folders', () => {
    const lab = { ...context, root: '/tree', logs: '/lab', runtime: '/lab', user: null, foreground: true };
    const text = renderNginx(templates, lab);
    expect(text).toMatch(/^daemon off;$/m);
    expect(text).not.toMatch(/^user/m);
    const settings = text.replaceAll(/^ *#.*$/gm, '');
    const paths = settings.match(/(?<=[ =])\/[\w./]+(?=[; ])/g)?.filter((path) => !path.startsWith('/lab/'));
    expect(new Set(paths)).toEqual(new Set(['/tree', '/images/', '/machine.ipxe', '/report']));
  });

  test('finds the role of a machine in the inventory, by its own address or by a range', () => {
    const machines = [
      { macs: [0x525400000001n, 0x525400000001n], role: 'master' },
      { macs: [0x525400000100n, 0x52540000017fn], role: 'slave' },
    ] as const;
    const text = renderNginx(templates, { ...context, machines });
    expect(text).toContain('    52-54-00-00-00-01 master;\n');
    expect(text).toContain('    "~*^52-54-00-00-01-[01234567][0-9a-f]\\\\z" slave;\n');
  });

  test('is refused for a path that nginx would read as a variable: the place in the template is named', () => {
    expect(() => renderNginx(templates, { ...context, root: '/srv/$host' })).toThrow(
      /^templates\/netboot\/servers\/nginx\.conf\.hbs:1:\d+: \{\{nginx\}\}: nginx cannot/,
    );
  });
});

describe('a parameter of nginx', () => {
  test('is unchanged, in double quotes if nginx would interpret it', () => {
    expect(quoteNginx('/srv/net-boot_1.0')).toBe('/srv/net-boot_1.0');
    expect(quoteNginx('/srv/a b;{"c\\\'}#')).toBe(`"/srv/a b;{\\"c\\\\'}#"`);
  });

  test.each(['', 'a$b', '${x}', 'a\nb', 'a\0', 'a\u0085b'])('is refused if it has no form: %j', (text) => {
    expect(() => quoteNginx(text)).toThrow('one parameter');
  });
});
