// Runs the named measurements of scripts/bench and prints each figure beside its limit.
import { execFile, spawn } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const { DATABASE_URL, TRESTLE_ADDR, SERVER_PID, LOAD, BARE_PORT, CRITERION, WORK } = process.env;
const ROUNDS = 3;
// Many short turns where two share a core: what else goes on in the machine then troubles both alike.
const TURNS = 15;
const run = promisify(execFile);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const load = async (cpu, ...args) => JSON.parse((await run('taskset', ['-c', cpu, ...args.map(String)])).stdout);
const sql = async (statement) => (await run('psql', ['-qAtX', DATABASE_URL, '-c', statement])).stdout.trim();

const figures = [];
const figure = (what, value, unit, limit, holds, detail = '') => {
  figures.push({ what, value, unit, limit, holds });
  console.log(`${holds ? 'ok  ' : 'OVER'}  ${what}: ${value.toFixed(2)} ${unit} (limit: ${limit}) ${detail}`);
};

// Statistics of the newest run of a Criterion benchmark whose folder ends so.
const criterion = (ending) => {
  const found = readdirSync(CRITERION, { recursive: true }).map(String).find((name) => name.endsWith(path.join(ending, 'new', 'estimates.json')));
  return JSON.parse(readFileSync(path.join(CRITERION, found))).median.point_estimate;
};

const tomorrow = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const engine = () => {
  const nanoseconds = criterion(process.env.ENGINE_BENCH ?? path.join('availability', 'openings'));
  figure('engine, one party over 60 tables and 40 combinations', nanoseconds / 1000, 'µs', 'under 2', nanoseconds < 2000);
};

// On one core: the server was started on processor 0, where the yardstick is too; the load has processor 1.
const availability = async () => {
  const target = `/api/v1/venues/bench-1/availability?date=${tomorrow(10)}&party=2`;
  const body = path.join(WORK, 'availability.json');
  writeFileSync(body, Buffer.from(await (await fetch(`http://${TRESTLE_ADDR}${target}`)).arrayBuffer()));
  const bare = spawn('taskset', ['-c', '0', LOAD, 'bare', '--addr', `127.0.0.1:${BARE_PORT}`, '--body', body], { stdio: 'inherit' });
  try {
    const ours = [], theirs = [];
    while (!(await fetch(`http://127.0.0.1:${BARE_PORT}/`).catch(() => null))?.ok) {
      if (bare.exitCode !== null) throw new Error('the bare handler does not start');
      await setTimeout(20);
    }
    for (let turn = 0; turn < TURNS; turn += 1) {
      theirs.push((await load('1', LOAD, 'read', '--addr', `127.0.0.1:${BARE_PORT}`, '--path', '/', '--seconds', 1)).per_second);
      const report = await load('1', LOAD, 'read', '--addr', TRESTLE_ADDR, '--path', target, '--seconds', 1);
      if (Object.keys(report.statuses).join() !== '200') throw new Error(`availability answered ${JSON.stringify(report.statuses)}`);
      ours.push(report.per_second);
    }
    const ratio = median(ours) / median(theirs);
    figure('availability beside a bare handler of the same bytes', ratio, 'of its rate', 'at least 0.5', ratio >= 0.5,
      `${median(ours).toFixed(0)} of ${median(theirs).toFixed(0)} a second`);
  } finally {
    bare.kill();
  }
};

// The starts of so many days of a venue, as the load reads them.
const starts = (venue, firstDay, days, name) => {
  const lines = [];
  for (let slot = 0; slot < 96; slot += 1) {
    for (let day = firstDay; day < firstDay + days; day += 1) {
      const start = new Date(Date.parse(`${tomorrow(day)}T04:00:00Z`) + slot * 900_000).toISOString().replace('.000Z', '+00:00');
      lines.push(JSON.stringify({ venue, start }));
    }
  }
  const shuffled = lines.map((line) => [Math.random(), line]).toSorted(([a], [b]) => a - b).map(([, line]) => line);
  const file = path.join(WORK, name);
  writeFileSync(file, shuffled.join('\n'));
  return file;
};

const pgbench = async (venue, days, seconds) => {
  const tables = (await sql(`select id from tables where venue_id = md5('venue ${venue}')::uuid order by rank`)).split('\n');
  const first = tomorrow(3);
  const { stdout } = await run('pgbench', ['-n', '-M', 'prepared', '-c', '16', '-j', '2', '-T', String(seconds), '-f', 'scripts/bench.d/book.sql',
    '-D', `venue=${await sql(`select md5('venue ${venue}')::uuid`)}`, '-D', `day=${first}`, '-D', `days=${days}`,
    '-D', `first_start=${Date.parse(`${first}T04:00:00Z`) / 1000}`, '-D', 'slots=96', '-D', `option_no={${tables.map((_, n) => n + 1)}}`,
    '-D', `option_table={${tables}}`, '-D', 'turn=5400', '-D', 'cap=1000', DATABASE_URL]);
  return Number(/tps = ([\d.]+)/.exec(stdout)[1]);
};

const booking = async () => {
  const DAYS = 30, SECONDS = 6;
  const ours = [], theirs = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(await pgbench(`bench-${2 * round + 2}`, DAYS, SECONDS));
    const file = starts(`bench-${2 * round + 3}`, 3, DAYS, 'starts.jsonl');
    const report = await load('0,1', LOAD, 'book', '--addr', TRESTLE_ADDR, '--starts', file, '--clients', 32, '--seconds', SECONDS);
    const odd = Object.keys(report.statuses).filter((status) => !['201', '409'].includes(status));
    if (odd.length > 0) throw new Error(`booking answered ${JSON.stringify(report.statuses)}`);
    ours.push(report.per_second);
  }
  const ratio = median(ours) / median(theirs);
  figure('booking over HTTP beside pgbench calling the same function', ratio, 'of its rate', 'at least 0.6', ratio >= 0.6,
    `${median(ours).toFixed(0)} of ${median(theirs).toFixed(0)} a second`);
};

const neighbours = async () => {
  const calm = starts('bench-10', 3, 40, 'calm.jsonl');
  const hot = path.join(WORK, 'hot.jsonl');
  writeFileSync(hot, JSON.stringify({ venue: 'hot', start: `${tomorrow(5)}T19:30:00+00:00` }));
  const report = await load('0,1', LOAD, 'neighbours', '--addr', TRESTLE_ADDR, '--starts', calm, '--hot-starts', hot, '--clients', 4, '--seconds', 15);
  const ratio = report.beside.p99_ms / report.alone.p99_ms;
  figure('p99 of a booking elsewhere while 200 clients race for one evening', ratio, 'times its idle value', 'at most 3', ratio <= 3,
    `${report.beside.p99_ms.toFixed(1)} ms, idle ${report.alone.p99_ms.toFixed(1)} ms; the race: ${JSON.stringify(report.race.statuses)}`);
};

const signing_in = async () => {
  const target = `/api/v1/venues/bench-1/availability?date=${tomorrow(10)}&party=2`;
  // The first thread of the load reads, for guests who are elsewhere: its own waiting for a core of this machine would not be theirs.
  const ahead = ['chrt', '--reset-on-fork', '--fifo', '1'];
  const may = await run(ahead[0], [...ahead.slice(1), 'true']).catch(() => null);
  if (may === null) console.log('      readers wait for a core like everybody here, and the p99 is theirs too: chrt is not allowed');
  const among = async (readers, rest) => {
    const report = await load('0,1', ...(may ? ahead : []), LOAD, 'sign-ins', '--addr', TRESTLE_ADDR, '--path', target, '--clients', 16, '--seconds', 27,
      '--readers', readers, '--rest', rest, '--accounts', 1000, '--password', 'corridor lamp 7', '--hash', process.env.PASSWORD_HASH);
    const p99 = (rounds) => median(report[rounds].map(({ p99_ms }) => p99_ms));
    return { ...report, p99: { alone: p99('alone'), bare: p99('beside_bare'), beside: p99('beside') } };
  };
  const told = ({ p99 }) => `${p99.beside.toFixed(2)} ms, idle ${p99.alone.toFixed(2)} ms, beside bare hashing ${p99.bare.toFixed(2)} ms`;
  const share = ({ sign_ins, undisturbed_per_second: rate }) => `${(sign_ins.per_second / rate).toFixed(2)} of ${rate.toFixed(1)}`;
  // The guests of a busy evening, who look about 1,500 times a second together, each when it suits them.
  const evening = await among(32, 20);
  if (Object.keys(evening.sign_ins.statuses).join() !== '201') throw new Error(`signing in answered ${JSON.stringify(evening.sign_ins.statuses)}`);
  const two = await among(2, 5);
  const rate = evening.sign_ins.per_second / evening.bare_per_second;
  figure('signing in beside checking the same password and nothing else', rate, 'of its rate', 'at least 0.9', rate >= 0.9,
    `${evening.sign_ins.per_second.toFixed(1)} of ${evening.bare_per_second.toFixed(1)} a second, the same guests looking for tables beside both; ${share(evening)} where nobody looks, ${share(two)} for two guests alone`);
  const late = evening.p99.beside / evening.p99.alone;
  // On a machine where nothing else happens at all, any wait is many times what it was: told, and not limited.
  figure('p99 of availability while everybody signs in', late, 'times its idle value', 'at most 2', late <= 2,
    `${told(evening)}; for two guests alone ${told(two)}`);
};

const memory = () => {
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${SERVER_PID}/status`, 'utf8'))[1]) / 1024;
  figure('peak memory of the server after all of this', peak, 'MB', 'under 150', peak < 150);
};

const measurements = { engine, availability, booking, neighbours, signing_in, memory };
for (const name of process.argv.slice(2)) await measurements[name]();
process.exit(figures.every(({ holds }) => holds) ? 0 : 1);
