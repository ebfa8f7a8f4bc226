import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { nodeTools } from '../../unit/images/node-programs.ts';

/** Runs Python text after cloud-init was loaded as on a node; `main` is its main(). Returns both outputs. */
async function onNode(program: string): Promise<string> {
  const start = `import sys\nsys.path.insert(0, ${JSON.stringify(nodeTools)})\nfrom ingot_node.later_imports import prepare\nmain = prepare()\n`;
  const ran = spawn('/usr/bin/python3', ['-sEB', '-c', start + program]);
  const [output, errors] = await Promise.all([text(ran.stdout), text(ran.stderr)]);
  return output + errors;
}

const template = (body: string): string => `
import json, tempfile, os
from cloudinit.handlers import jinja_template
from cloudinit import util
folder = tempfile.mkdtemp()
data = os.path.join(folder, "data.json")
open(data, "w").write(json.dumps({"v1": {"region": "eu", "local-name": "x"}}))
${body}`;

describe('cloud-init on a node', () => {
  it('starts without the libraries that a seed on a disk does not need', async () => {
    const found = await onNode(
      'print([n for n in sys.modules if n.split(".")[0] in ("jinja2", "jsonschema", "attr", "chardet", "urllib3")], type(sys.modules["requests"]).__name__)',
    );
    expect(found).toBe('[] _Later\n');
  });

  it('renders a template with jinja2, with its variables and with those that are missing', async () => {
    const said = await onNode(
      template(
        `print(jinja_template.render_jinja_payload_from_file("## template: jinja\\n{% if v1.region == 'eu' %}{{ v1.local_name }} {{ v1.none }}{% endif %}", "f", data))`,
      ),
    );
    expect(said).toBe('x CI_MISSING_JINJA_VAR/none\n');
  });

  it('reads a configuration that is a template, and one that is not, with the same errors as before', async () => {
    const said = await onNode(
      template(`
plain, jinja = os.path.join(folder, "plain"), os.path.join(folder, "jinja")
open(plain, "w").write("a: 1\\n")
open(jinja, "w").write("## template: jinja\\na: {{ v1.region }}\\n")
print(util.read_conf(plain, instance_data_file=data), util.read_conf(jinja, instance_data_file=data))
open(data, "w").write("not json")
print(util.read_conf(plain, instance_data_file=data), util.read_conf(jinja, instance_data_file=data))`),
    );
    expect(said).toMatch(/^\{'a': 1\} \{'a': 'eu'\}\n\{'a': 1\} \{\}\n/);
  });

  it('reports a variable that jinja2 refuses, as a warning', async () => {
    const said = await onNode(
      template(`
import logging
logging.basicConfig(level=logging.WARNING, force=True)
print(jinja_template.render_jinja_payload("## template: jinja\\n{{ v1.none.more }}", "f", {"v1": {}}))`),
    );
    expect(said).toContain('None\n');
    expect(said).toContain('Ignoring jinja template for f');
  });

  it.each([
    ['that it does not allow', '{"users": "x", "write_files": 7}', true],
    ['of a seed', '{"users": [{"name": "ops"}], "write_files": [{"path": "/x"}]}', false],
  ])('checks the schema of a configuration %s, after everything else', async (_, config, warns) => {
    const said = await onNode(`
import logging
logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s", force=True)
from cloudinit.cmd import main as program
program.main = lambda: [program.validate_cloudconfig_schema(config=${config}, strict=False, log_details=False), print("stage", "jsonschema" in sys.modules, flush=True)] and 0
code = main()
print("ends", code, "jsonschema" in sys.modules, flush=True)`);
    expect(said.startsWith('stage False\nends 0 False\n')).toBe(true);
    expect(said.includes('Invalid cloud-config provided')).toBe(warns);
    expect(said).not.toContain('could not be checked');
  });

  it('fetches from an address, and distinguishes what the server answers and a timeout', async () => {
    const server = createServer((request, reply) => {
      if (request.url === '/slow') return;
      reply.statusCode = request.url === '/there' ? 200 : 404;
      reply.end('text');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const said = await onNode(`
from cloudinit import url_helper
print(url_helper.retry_on_url_exc("m", url_helper.UrlError(OSError("x"))))
print(url_helper.readurl("${base}/there").contents)
for path in ("none", "slow"):
    try:
        url_helper.readurl("${base}/" + path, timeout=1)
    except url_helper.UrlError as error:
        print(error.code, url_helper.retry_on_url_exc("m", error))
from requests.adapters import HTTPAdapter
import requests
print(issubclass(requests.exceptions.Timeout, requests.exceptions.RequestException), HTTPAdapter.__module__, requests.Session().adapters["http://"].__class__ is HTTPAdapter)`);
    server.closeAllConnections();
    server.close();
    expect(said).toBe("False\nb'text'\n404 True\nNone True\nTrue requests.adapters True\n");
  });
});
