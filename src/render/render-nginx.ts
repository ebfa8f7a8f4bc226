import type { Machines } from '../inputs/plan/netboot-plan.ts';
import { macPattern, macText } from './mac-pattern.ts';
import { renderFrom, type Templates } from './templates.ts';

/** The settings of the nginx that serves a netboot tree. */
export interface NginxContext {
  /** ADDRESS:PORT entries, with an IPv6 address in brackets. */
  readonly listen: readonly string[];
  /** Absolute folder of the tree. */
  readonly root: string;
  /** Absolute folder for access.log (JSON lines) and error.log. */
  readonly logs: string;
  /** Absolute folder for the pid file and temporary files; null for the folders of Debian's package. */
  readonly runtime: string | null;
  /** Account of the worker processes if nginx is started as root; null otherwise. */
  readonly user: string | null;
  /** True for a program that starts nginx itself and waits for it. Debian's unit sets this on its command line. */
  readonly foreground: boolean;
  /** The inventory. A machine that is not in it gets the script of unknown machines. */
  readonly machines?: readonly Pick<Machines, 'macs' | 'role'>[];
}

/** Returns a key of nginx's map: the address itself, or a regular expression anchored at both ends. */
function mapKey(macs: Machines['macs']): string {
  return macs[0] === macs[1] ? macText(macs[0], '-') : `~*^${macPattern(macs)}\\z`;
}

/**
 * Renders a complete nginx.conf that serves a netboot tree, for `nginx -c FILE` or as /etc/nginx/nginx.conf.
 * Directives: ngx_core_module, ngx_http_core_module, ngx_http_log_module of nginx 1.22.
 * @throws IngotError wrong-template for a path that nginx.conf cannot express
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
