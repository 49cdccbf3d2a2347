// Checks that docker-compose.yml fits together, without Docker: check-compose.mjs FILE
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const { parseDocument } = createRequire(path.resolve('end2end/package.json'))('yaml');
const file = process.argv[2];
const document = parseDocument(readFileSync(file, 'utf8'), { strict: true });
const complaints = [...document.errors, ...document.warnings].map(String);
const { services = {}, volumes = {} } = document.toJS() ?? {};
const complain = (service, what) => complaints.push(`${service}: ${what}`);

const known = new Set(['build', 'command', 'depends_on', 'environment', 'healthcheck', 'image', 'ports', 'stop_grace_period', 'volumes']);
const sample = readFileSync('.env.sample', 'utf8');

for (const [name, service] of Object.entries(services)) {
  for (const key of Object.keys(service)) if (!known.has(key)) complain(name, `unknown key ${key}`);
  if (!service.image === !service.build) complain(name, 'needs either an image or a build');
  if (service.image && !/:[\w.-]+$/.test(service.image)) complain(name, `the image ${service.image} names no version`);
  if (service.build) checkBuild(name, service.build);
  for (const volume of service.volumes ?? []) {
    const source = volume.split(':')[0];
    if (!/^[./]/.test(source) && !(source in volumes)) complain(name, `the volume ${source} is not declared`);
  }
  for (const port of service.ports ?? []) {
    if (!/^127\.0\.0\.1:\d+:\d+$/.test(port)) complain(name, `the port ${port} is open to other machines`);
  }
  for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
    if (!services[other]) complain(name, `depends on ${other}, which is not there`);
    else if (condition === 'service_healthy' && !services[other].healthcheck) complain(name, `waits for the health of ${other}, which has no check`);
  }
  for (const key of Object.keys(service.build ? (service.environment ?? {}) : {})) {
    if (!new RegExp(`^(# )?${key}=`, 'm').test(sample)) complain(name, `sets ${key}, which .env.sample does not know`);
  }
}

// What the Dockerfile copies from the context has to be there.
function checkBuild(name, { context, dockerfile }) {
  const where = path.join(context, dockerfile);
  if (!existsSync(where)) return complain(name, `${where} is not there`);
  for (const [, from, words] of readFileSync(where, 'utf8').matchAll(/^COPY (--from=\S+ )?(.+)$/gm)) {
    if (from) continue;
    for (const source of words.trim().split(/\s+/).slice(0, -1)) {
      if (!existsSync(path.join(context, source))) complain(name, `${where} copies ${source}, which is not there`);
    }
  }
}

if (complaints.length > 0) {
  for (const complaint of complaints) console.error(`${file}: ${complaint}`);
  process.exit(1);
}
console.log(`${file}: ${Object.keys(services).join(', ')}`);
