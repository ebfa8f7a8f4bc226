import { expandRanges, RangeFault } from './range.ts';

/** A variable of a host or group, with the line that sets it. */
export interface Variable {
  readonly value: string;
  readonly line: number;
}

export type Variables = ReadonlyMap<string, Variable>;

export interface AnsibleHost {
  readonly name: string;
  /** Of its first appearance. */
  readonly line: number;
  readonly groups: ReadonlySet<string>;
  readonly variables: Variables;
}

export interface AnsibleInventory {
  readonly hosts: readonly AnsibleHost[];
  /** Group → the groups that it is a child of. */
  readonly parents: ReadonlyMap<string, ReadonlySet<string>>;
  readonly groupVariables: ReadonlyMap<string, Variables>;
  /** The errors, each with its line. */
  readonly wrong: readonly { readonly line: number; readonly message: string }[];
}

const section = /^\[\s*([^\]:\s]+)(?::(\w+))?\s*\]$/;

/** Whether a list of nodes is an Ansible inventory: one of its lines is only a group's name in brackets. */
export function isAnsibleIni(text: string): boolean {
  return text.split(/\r?\n/).some((line) => section.test(withoutComment(line)));
}

function withoutComment(line: string): string {
  return line.replace(/^\s*[#;].*$|\s#.*$/, '').trim();
}

/** Splits a line into words as a shell does: quotes keep blanks. */
function words(line: string): string[] {
  return (line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );
}

class Reader {
  readonly hosts = new Map<
    string,
    { name: string; line: number; groups: Set<string>; variables: Map<string, Variable> }
  >();
  readonly parents = new Map<string, Set<string>>();
  readonly groupVariables = new Map<string, Map<string, Variable>>();
  readonly wrong: { line: number; message: string }[] = [];
  #group = 'ungrouped';
  #kind = 'hosts';

  read(text: string, line: number): void {
    const header = section.exec(text);
    if (header !== null) {
      this.#begin(header[1] ?? '', header[2] ?? 'hosts', line);
      return;
    }
    if (this.#kind === 'hosts') this.#host(text, line);
    else if (this.#kind === 'children') this.#child(text, line);
    else if (this.#kind === 'vars') this.#variable(text, line);
  }

  #fail(line: number, message: string): void {
    this.wrong.push({ line, message });
  }

  #begin(group: string, kind: string, line: number): void {
    this.#group = group;
    this.#kind = kind;
    if (!['hosts', 'children', 'vars'].includes(kind))
      this.#fail(
        line,
        `[${group}:${kind}] is not understood; right: [${group}], [${group}:vars] or [${group}:children]`,
      );
    if (kind !== 'vars' && !this.parents.has(group)) this.parents.set(group, new Set());
  }

  #host(text: string, line: number): void {
    const [pattern = '', ...settings] = words(text);
    // NAME:PORT; the colons of a range are in brackets, and an IPv6 address has several.
    const [, base = pattern, port] = /^((?:[^:[\]]|\[[^\]]*\])+):(\d+)$/.exec(pattern) ?? [];
    const variables = new Map<string, Variable>();
    if (port !== undefined) variables.set('ansible_port', { value: port, line });
    for (const setting of settings) {
      const [, key, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(setting) ?? [];
      if (key === undefined)
        this.#fail(line, `${setting} is not understood; right: KEY=VALUE after the name of a host`);
      else variables.set(key, { value, line });
    }
    let names: string[] = [];
    try {
      names = expandRanges(base);
    } catch (error) {
      if (!(error instanceof RangeFault)) throw error;
      this.#fail(line, `${error.message}; right: ${error.right}`);
    }
    const address = variables.get('ansible_host') ?? variables.get('ansible_ssh_host');
    if (names.length > 1 && address !== undefined)
      this.#fail(
        line,
        `${base} stands for ${names.length} nodes, and ansible_host=${address.value} would give them all one address; right: a line for each, with its own address`,
      );
    for (const name of names) {
      const host = this.hosts.get(name) ?? {
        name,
        line,
        groups: new Set<string>(),
        variables: new Map<string, Variable>(),
      };
      host.groups.add(this.#group);
      for (const [key, value] of variables) host.variables.set(key, value);
      this.hosts.set(name, host);
    }
  }

  #child(text: string, line: number): void {
    if (!/^[^\s=[\]]+$/.test(text)) {
      this.#fail(
        line,
        `${text} is not understood; right: the name of a group, because this is [${this.#group}:children]`,
      );
      return;
    }
    const parents = this.parents.get(text) ?? new Set<string>();
    this.parents.set(text, parents.add(this.#group));
  }

  #variable(text: string, line: number): void {
    const [, key, value = ''] = /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(text) ?? [];
    if (key === undefined) {
      this.#fail(line, `${text} is not understood; right: KEY=VALUE, because this is [${this.#group}:vars]`);
      return;
    }
    const variables = this.groupVariables.get(this.#group) ?? new Map<string, Variable>();
    this.groupVariables.set(
      this.#group,
      variables.set(key, { value: value.replace(/^(["'])(.*)\1$/, '$2'), line }),
    );
  }
}

/**
 * Reads the INI form of an Ansible inventory (Ansible, "How to build your inventory"): groups, ranges, variables of
 * hosts and groups, groups of groups. Errors are returned with their lines.
 */
export function readAnsibleIni(text: string): AnsibleInventory {
  const reader = new Reader();
  for (const [index, line] of text
    .replace(/^\u{feff}/u, '')
    .split(/\r?\n/)
    .entries()) {
    const content = withoutComment(line);
    if (content !== '') reader.read(content, index + 1);
  }
  const { hosts, parents, groupVariables, wrong } = reader;
  return { hosts: [...hosts.values()], parents, groupVariables, wrong };
}
