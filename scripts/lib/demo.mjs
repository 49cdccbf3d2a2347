// Adds what a visitor's program needs to know to demo.json, or tells a person: demo.mjs tell FILE, demo.mjs add FILE KEY=VALUE...
import { readFileSync, writeFileSync } from 'node:fs';

const [verb, file, ...pairs] = process.argv.slice(2);
const demo = JSON.parse(readFileSync(file, 'utf8'));

if (verb === 'add') {
  for (const pair of pairs) {
    const [key, ...value] = pair.split('=');
    demo[key] = key === 'pid' ? Number(value.join('=')) : value.join('=');
  }
  const { url, database_url, redis_url, pid, guest, staff, ...rest } = demo;
  writeFileSync(file, `${JSON.stringify({ url, database_url, redis_url, pid, guest, staff, ...rest }, null, 2)}\n`, { mode: 0o600 });
} else {
  console.log(`
  Trestle is open:   ${demo.url}
  A guest signs in:  ${demo.guest.email}  ${demo.guest.password}
  The staff sign in: ${demo.staff.email}  ${demo.staff.password}
`);
}
