import type { Machines } from '../inputs/plan/netboot-plan.ts';
import { macPattern, macText } from './mac-pattern.ts';
import { renderFrom, type Templates } from './templates.ts';

/** What the nginx of a netboot tree is told. */
export interface NginxContext {
  /** ADDRESS:PORT each, an IPv6 address in brackets. */
  readonly listen: readonly string[];
  /** Absolute folder of the tree. */
  readonly root: string;
  /** Absolute folder that gets access.log (JSON lines) and error.log. */
  readonly logs: string;
  /** Absolute folder for the pid and temporary files; null: where Debian's package has them. */
  readonly runtime: string | null;
  /** Account of the processes that serve, when nginx is started as root; null when it is not. */
  readonly user: string | null;
  /** For a program that started nginx itself and waits for it; Debian's unit says on its command line what it wants. */
  readonly foreground: boolean;
  /** The inventory; a machine that is in none gets the script of unknown machines. */
  readonly machines?: readonly Pick<Machines, 'macs' | 'role'>[];
}

/** A key of nginx's map: the address itself, or a regular expression from its beginning to its end. */
function mapKey(macs: Machines['macs']): string {
  return macs[0] === macs[1] ? macText(macs[0], '-') : `~*^${macPattern(macs)}\\z`;
}

/**
 * nginx.conf, whole, that serves a netboot tree; for `nginx -c FILE`, or in the place of /etc/nginx/nginx.conf.
 * Directives: ngx_core_module, ngx_http_core_module, ngx_http_log_module of nginx 1.22.
 * @throws IngotError wrong-template for a path that nginx has no way of writing
 */
export function renderNginx(
  templates: Templates,
  { runtime, machines = [], ...context }: NginxContext,
): string {
  return renderFrom(templates, 'netboot/servers/nginx.conf.hbs', {
    ...context,
    machines: machines.map(({ macs, role }) => ({ key: mapKey(macs), role })),
    pid: `${runtime ?? '/run'}/nginx.pid`,
    temporary: runtime ?? '/var/lib/nginx',
  });
}
