import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { type APIRequestContext, type Locator, type Page, test as base, expect } from '@playwright/test';

export { expect };

/** Chromium reports every answer that is an error as a failed load, also where the error is what is asked for. */
const expected = /the server responded with a status of 4\d\d|^Transition was (aborted|skipped)/;

/**
 * A test whose pages must not complain in the console: no errors of scripts, none of the content security policy.
 * `bad` is the bad luck that a test brings about itself.
 */
export const test = base.extend<{ bad: RegExp; silence: void }>({
  bad: [/$^/, { option: true }],
  silence: [
    async ({ context, bad }, use) => {
      const complaints: string[] = [];
      context.on('console', (message) => {
        const text = message.text();
        if (message.type() === 'error' && !expected.test(text) && !bad.test(text)) complaints.push(text);
      });
      context.on('weberror', (error) => {
        const { message } = error.error();
        if (!expected.test(message) && !bad.test(message)) complaints.push(message);
      });
      await use();
      expect(complaints, 'what the pages complained about').toEqual([]);
    },
    { auto: true },
  ],
});

/** A time that can be had. */
export interface Time {
  slug: string;
  date: string;
  start: string;
  clock: string;
  party: number;
}

interface Start {
  start: string;
  local: string;
  state: 'open' | 'request' | 'full';
}

export interface Guest {
  name: string;
  email: string;
}

/** A guest nobody has seen before. */
export const newGuest = (): Guest => {
  const mark = Math.random().toString(36).slice(2, 10);
  return { name: 'Ada Larkin', email: `ada.${mark}@example.com` };
};

const dateIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Every time of a day that can be had. */
export const freeTimes = async (request: APIRequestContext, slug: string, date: string, party: number): Promise<Time[]> => {
  const answer = await request.get(`/api/v1/venues/${slug}/availability`, { params: { date, party } });
  const { starts } = (await answer.json()) as { starts: Start[] };
  const free = starts.filter(({ state }) => state !== 'full');
  return free.map(({ start, local }) => ({ slug, date, start, clock: local, party }));
};

/** Where tests book that do not mind where. */
const USUAL = 'taberna-do-rio';

/** Some evening with times to choose from, seldom that of another test. */
export const anEvening = async (request: APIRequestContext, slug = USUAL, party = 2, least = 6): Promise<Time[]> => {
  for (let tried = 0; tried < 30; tried += 1) {
    const free = await freeTimes(request, slug, dateIn(8 + Math.floor(Math.random() * 70)), party);
    if (free.length >= least) return free;
  }
  throw new Error(`${slug} has no evening with ${least} free times`);
};

/** Some time that can be had. */
export const aTime = async (request: APIRequestContext, slug?: string, party?: number): Promise<Time> => {
  const free = await anEvening(request, slug, party);
  return free[Math.floor(Math.random() * free.length)]!;
};

/** A time that comes within a few hours, at a house that never closes. */
export const soon = async (request: APIRequestContext): Promise<Time> => {
  const now = Date.now();
  for (const date of [dateIn(-1), dateIn(0), dateIn(1)]) {
    const free = await freeTimes(request, 'larkspur-diner', date, 2);
    const near = free.filter(({ start }) => Date.parse(start) < now + 10 * 3_600_000);
    if (near.length > 0) return near[Math.floor(Math.random() * near.length)]!;
  }
  throw new Error('the diner is full');
};

/** Books through the interface for programs, as somebody else. */
export const bookElsewhere = async (request: APIRequestContext, { slug, start, party }: Time, guest = newGuest()) => {
  const answer = await request.post('/api/v1/reservations', { data: { venue: slug, start, party, guest } });
  return { status: answer.status(), body: (await answer.json()) as { id: string; manage_token: string; reference: string } };
};

/** Some booking: another test may have taken the time meanwhile, or the guest may have another table then. */
export const aBooking = async (request: APIRequestContext, guest = newGuest(), slug?: string) => {
  for (let tried = 0; tried < 5; tried += 1) {
    const { status, body } = await bookElsewhere(request, await aTime(request, slug), guest);
    if (status === 201) return body;
  }
  throw new Error('nothing could be booked');
};

/** Books until nothing is left of a time, and says what was booked. */
export const takeAll = async (request: APIRequestContext, time: Time) => {
  const booked = [];
  for (;;) {
    const { status, body } = await bookElsewhere(request, time);
    if (status !== 201) return booked;
    booked.push(body);
  }
};

export const cancelElsewhere = async (request: APIRequestContext, { id, manage_token }: { id: string; manage_token: string }) => {
  const headers = { 'x-manage-token': manage_token };
  const answer = await request.post(`/api/v1/reservations/${id}/cancel`, { headers, data: { rev: 1 } });
  expect(answer.status()).toBe(200);
};

/** What the staff of a room do when guests have left; `id` is the booking. */
const END_OF_VISIT = `
with ended as (update reservations set status = 'finished' where id = :'id' returning id, venue_id, service_date, start_at),
  freed as (
    update table_claims c set released_at = clock_timestamp() from ended
    where c.reservation_id = ended.id and c.released_at is null returning c.covers, c.online_covers),
  paced as (
    update pace_buckets b set total = b.total - freed.covers, online = b.online - freed.online_covers from ended, freed
    where freed.covers > 0 and (b.venue_id, b.service_date, b.start_at) = (ended.venue_id, ended.service_date, ended.start_at))
select arbiter.bump_days(venue_id, array[service_date]) from ended;
`;

/** A booking whose guests have been, though nobody runs the room: it is ended in the database of the demo. */
export const finishedVisit = async (request: APIRequestContext, slug = USUAL) => {
  const body = await aBooking(request, newGuest(), slug);
  const database = process.env.DATABASE_URL;
  if (database === undefined) throw new Error('DATABASE_URL says where the database of the demo is');
  execFileSync('psql', [database, '--quiet', '-v', 'ON_ERROR_STOP=1', '-v', `id=${body.id}`], { input: END_OF_VISIT, stdio: ['pipe', 'ignore', 'inherit'] });
  return { body, slug };
};

/** The restaurant's page for this day and party. */
export const venuePage = ({ slug, date, party }: Time) => `/venues/${slug}?date=${date}&party=${party}`;

/** The choice of this time, on a restaurant's page or a booking's. */
export const slot = (page: Page, clock: string): Locator =>
  page.locator('form.picker label.slot').filter({ has: page.getByText(clock, { exact: true }) });

/** Chooses a time on a restaurant's page, and ends where the details are asked for. */
export const hold = async (page: Page, time: Time) => {
  await page.goto(venuePage(time));
  await slot(page, time.clock).click();
  await page.locator('form.picker button[type=submit]').click();
  await expect(page.getByRole('heading', { name: 'Who is coming?' })).toBeVisible();
};

/** Says who is coming. */
export const introduce = async (page: Page, guest = newGuest()) => {
  await page.getByLabel('Name').fill(guest.name);
  await page.getByLabel('Email').fill(guest.email);
  return guest;
};

export const bookButton = (page: Page) => page.locator('button[name=do][value=book]');

/** From a held table to the confirmation; answers the booking's own address. */
export const book = async (page: Page, guest = newGuest()) => {
  await introduce(page, guest);
  await bookButton(page).click();
  await expect(page.locator('.booking-code')).toHaveText(/^[2-9A-HJ-NP-Z]{6}$/);
  return new URL(page.url()).pathname;
};

/** Opens one of the things a guest can do with a booking. */
export const open = async (page: Page, what: string) => {
  const details = page.locator('details').filter({ has: page.locator('summary', { hasText: what }) }).last();
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  return details;
};

/** Waits until the islands of the page are awake. */
export const awake = async (page: Page) => {
  await expect(page.locator('html[data-awake]')).toBeAttached();
};

/** The path of a link that was emailed to somebody, once it is there. */
export const linkMailedTo = async (email: string, beginning: string): Promise<string> => {
  const folder = process.env.MAIL_DIR;
  if (folder === undefined) throw new Error('MAIL_DIR says where email is kept');
  let path = '';
  await expect(async () => {
    for (const file of await readdir(folder)) {
      if (!file.endsWith('.eml')) continue;
      const letter = (await readFile(`${folder}/${file}`, 'utf8')).replaceAll('=\r\n', '').replaceAll('=3D', '=');
      if (!letter.includes(email)) continue;
      const links = [...letter.matchAll(/https?:\/\/[^\s"<>]+/g)].map(([link]) => new URL(link).pathname);
      path = links.find((link) => link.startsWith(beginning)) ?? path;
    }
    expect(path).not.toBe('');
  }).toPass();
  return path;
};

export const PASSWORD = 'corridor lamp 7';

/** Makes an account and confirms its address by the emailed link; ends signed in. */
export const join = async (page: Page, guest = newGuest()) => {
  await page.goto('/register');
  await page.getByLabel('Name').fill(guest.name);
  await page.getByLabel('Email').fill(guest.email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Make my account' }).click();
  await expect(page.getByRole('heading', { name: 'Check your email.' })).toBeVisible();
  await page.goto(await linkMailedTo(guest.email, '/account/confirm/'));
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Confirm this address' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${guest.name.split(' ')[0]}.`);
  return guest;
};

/** Signs in on the page that asks for it. */
export const signIn = async (page: Page, email: string, password = PASSWORD) => {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
};
