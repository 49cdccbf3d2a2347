-- The arbiter: every change of who sits where is one call of one of these functions, in a transaction of its own.
--
-- Locks, in the order they are taken; nothing else is ever waited for, so no two calls can wait for each other:
--   1 the days, earlier first: each service date whose tables or pace the call may change (a claim that lasts past the
--     rollover is on two dates; a move is on the old and the new ones);
--   2 the reservation's row;
--   3 the guest, so that two bookings of one guest at two venues are judged one after the other;
--   4 the rows of venue_days, earlier first, and the idempotency key, both at the very end.
-- A claim is written only under the locks of all dates it is on, a pace bucket only under the lock of its date. What is
-- read under the lock therefore stays true until commit; the exclusion constraint, the guards in the updates and the
-- asserted row counts are there for writers that do not keep to this.
--
-- All of them are volatile: under read committed each of their statements then sees what was committed before it began,
-- and so whatever was committed while the call waited for its lock. Refusals write nothing.
--
-- The functions that are called from outside plan each statement once per connection, for any values: planning anew in the
-- first five calls, as is the rule, doubles the time that they hold the lock, and gains nothing.
create schema arbiter;

-- What every call answers. outcome: done, replayed, key_reused, refused, not_found, retry (begin again: nothing was
-- decided). changes: what moved, as {"days": [{"date", "version"}], "taken": [claim], "freed": [claim]}, null when nothing did.
create type arbiter.ruling as (outcome text, reason text, answer jsonb, changes jsonb);

-- What a sweep of expired holds did: the claims it freed, the dates that saw them, and whether it had to leave one.
create type arbiter.sweeping as (freed jsonb, days date[], missed boolean);

-- The service date an instant is on. Until the rollover it is still yesterday evening.
create function arbiter.service_date_at(instant timestamptz, zone text, rollover time) returns date
  language sql immutable
  return ((instant at time zone zone) - rollover::interval)::date;

create function arbiter.dates(first date, last date) returns date[]
  language plpgsql immutable as $$
declare
  dates date[] := array[first];
begin
  while dates[cardinality(dates)] < last loop
    dates := dates || (dates[cardinality(dates)] + 1);
  end loop;
  return dates;
end
$$;

-- The dates a claim is on: its own, and the next when it lasts past the rollover.
create function arbiter.dates_of_claim(service_date date, ends timestamptz, zone text, rollover time) returns date[]
  language sql immutable
  return arbiter.dates(service_date, arbiter.service_date_at(ends - interval '1 microsecond', zone, rollover));

-- The dates whose readers see a claim: a day is read as 32 hours from its rollover, eight of them on the next date.
create function arbiter.dates_that_see(starts timestamptz, ends timestamptz, zone text, rollover time) returns date[]
  language sql immutable
  return arbiter.dates(
    arbiter.service_date_at(starts - interval '8 hours', zone, rollover),
    arbiter.service_date_at(ends - interval '1 microsecond', zone, rollover));

-- The date goes in as a number, since its text depends on a setting of the session.
create function arbiter.day_key(venue uuid, day date) returns bigint
  language sql immutable
  return hashtextextended('day ' || venue::text || ' ' || (day - date '2000-01-01')::text, 0);

create function arbiter.lock_days(venue uuid, days date[]) returns void
  language plpgsql as $$
declare
  day date;
begin
  foreach day in array days loop
    perform pg_advisory_xact_lock(arbiter.day_key(venue, day));
  end loop;
end
$$;

-- Locks further days out of order, which is safe because it never waits. False: somebody is at work on one of them.
create function arbiter.try_lock_days(venue uuid, days date[]) returns boolean
  language plpgsql as $$
declare
  day date;
begin
  foreach day in array days loop
    if not pg_try_advisory_xact_lock(arbiter.day_key(venue, day)) then
      return false;
    end if;
  end loop;
  return true;
end
$$;

-- What was answered to this key, as a ruling; its outcome is null while the key is unknown.
create function arbiter.known_answer(scope text, key text, request_hash bytea) returns arbiter.ruling
  language plpgsql as $$
#variable_conflict use_column
declare
  known record;
begin
  if known_answer.key is null then
    return null;
  end if;
  select k.request_hash, k.answer into known from idempotency_keys k where k.scope = known_answer.scope and k.key = known_answer.key;
  if not found then
    return null;
  elsif known.request_hash = known_answer.request_hash then
    return row('replayed', null, known.answer, null)::arbiter.ruling;
  else
    return row('key_reused', null, null, null)::arbiter.ruling;
  end if;
end
$$;

-- The last write of a call. The key is there already only when the same key came in for another day at the same
-- moment; then all of this call is undone, and the next attempt finds the answer.
create function arbiter.remember_answer(scope text, key text, request_hash bytea, answer jsonb) returns void
  language plpgsql as $$
#variable_conflict use_column
declare
  written bigint;
begin
  if remember_answer.key is null then
    return;
  end if;
  insert into idempotency_keys (scope, key, request_hash, answer)
  values (remember_answer.scope, remember_answer.key, remember_answer.request_hash, remember_answer.answer)
  on conflict do nothing;
  get diagnostics written = row_count;
  if written <> 1 then
    raise exception 'idempotency key answered meanwhile' using errcode = 'serialization_failure';
  end if;
end
$$;

create function arbiter.claim_facts(
  table_id uuid, service_date date, during tstzrange, covers smallint, online_covers smallint, expires_at timestamptz) returns jsonb
  language sql stable
  return jsonb_build_object('table', table_id, 'date', service_date, 'from', lower(during), 'to', upper(during),
    'covers', covers, 'online', online_covers, 'expires_at', expires_at);

create function arbiter.changes(days jsonb, taken jsonb, freed jsonb) returns jsonb
  language sql stable
  return jsonb_build_object('days', days, 'taken', coalesce(taken, '[]'), 'freed', coalesce(freed, '[]'));

-- Raises the version of each day, earlier first. Neighbours are raised without their lock, hence the order.
create function arbiter.bump_days(venue uuid, days date[]) returns jsonb
  language plpgsql as $$
#variable_conflict use_column
declare
  bumped jsonb;
begin
  with bump as (
    insert into venue_days as d (venue_id, service_date, version, updated_at)
    select bump_days.venue, d.day, 1, clock_timestamp() from (select distinct day from unnest(bump_days.days) as day) d order by d.day
    on conflict (venue_id, service_date) do update set version = d.version + 1, updated_at = clock_timestamp()
    returning d.service_date, d.version)
  select jsonb_agg(jsonb_build_object('date', b.service_date, 'version', b.version) order by b.service_date) into bumped from bump b;
  return bumped;
end
$$;

-- A refusal. Holds that were swept on the way stay swept, and then the days that saw them have changed. Where a hold
-- could not be swept, want of a table or of pace may be due to it, and nothing is decided yet.
create function arbiter.refuse(venue uuid, reason text, answer jsonb, swept arbiter.sweeping) returns arbiter.ruling
  language plpgsql as $$
declare
  changes jsonb := case when cardinality(swept.days) > 0 then arbiter.changes(arbiter.bump_days(venue, swept.days), null, swept.freed) end;
begin
  if swept.missed and reason in ('pacing', 'no_table') then
    return row('retry', null, null, changes)::arbiter.ruling;
  end if;
  return row('refused', reason, answer, changes)::arbiter.ruling;
end
$$;

-- Whether this guest has another booking that starts less than two hours away. The lock makes bookings of one guest at
-- two venues wait for each other here rather than in the exclusion constraint, where each would wait for the other.
create function arbiter.guest_is_elsewhere(guest_key text, start_at timestamptz, apart_from uuid) returns boolean
  language plpgsql as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(hashtextextended('guest ' || guest_is_elsewhere.guest_key, 0));
  return exists (
    select from reservations r
    where r.guest_key = guest_is_elsewhere.guest_key
      and tsrange((r.start_at at time zone 'UTC') - interval '1 hour', (r.start_at at time zone 'UTC') + interval '1 hour')
        && tsrange((guest_is_elsewhere.start_at at time zone 'UTC') - interval '1 hour', (guest_is_elsewhere.start_at at time zone 'UTC') + interval '1 hour')
      and r.status not in ('finished', 'declined', 'expired', 'cancelled_guest', 'cancelled_venue', 'no_show')
      and r.id <> guest_is_elsewhere.apart_from);
end
$$;

-- The live claims of a reservation, and when the last of its tables is ready again.
create function arbiter.claims_of(reservation uuid, out claims bigint[], out tables uuid[], out ends timestamptz)
  language plpgsql as $$
begin
  select coalesce(array_agg(c.id), '{}'), coalesce(array_agg(c.table_id order by c.table_id), '{}'), max(upper(c.during))
  into claims, tables, ends from table_claims c where c.reservation_id = reservation and c.released_at is null;
end
$$;

create function arbiter.reservation_answer(reservation uuid) returns jsonb
  language plpgsql as $$
begin
  return (
    select jsonb_build_object('id', r.id, 'reference', r.reference, 'rev', r.rev, 'status', r.status, 'venue', r.venue_id,
      'date', r.service_date, 'start', r.start_at, 'end', r.end_at, 'party', r.party, 'late_minutes', r.late_minutes,
      'tables', (arbiter.claims_of(r.id)).tables, 'at', r.updated_at)
    from reservations r where r.id = reservation);
end
$$;

-- Writes down that a reservation reached a revision, and has the guest told where there is a template and an address.
create function arbiter.write_down(reservation uuid, rev integer, kind text, actor text, detail jsonb, template text, email text) returns void
  language plpgsql as $$
#variable_conflict use_column
begin
  insert into reservation_events (reservation_id, rev, kind, actor, detail)
  values (write_down.reservation, write_down.rev, write_down.kind, write_down.actor, write_down.detail);
  if write_down.template is not null and write_down.email is not null then
    insert into outbox (topic, payload)
    values ('mail', jsonb_build_object('template', write_down.template, 'reservation_id', write_down.reservation, 'rev', write_down.rev));
  end if;
end
$$;
