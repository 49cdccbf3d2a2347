-- Booking a table and holding one: each call is a transaction of its own and answers one ruling.

-- Opens a day for a booking or a hold: the key, the locks of the dates its claims may be on, the key again, and a sweep.
-- A ruling with an outcome ends the call.
create function arbiter.open_day(
  scope text, key text, request_hash bytea, venue uuid, service_date date, start_at timestamptz, option_free timestamptz[], hold_hash bytea,
  out ruling arbiter.ruling, out locked date[], out zone text, out rollover time, out swept arbiter.sweeping)
  language plpgsql as $$
#variable_conflict use_column
declare
  until timestamptz;
begin
  ruling := arbiter.known_answer(open_day.scope, open_day.key, open_day.request_hash);
  if ruling.outcome is not null then
    return;
  end if;
  select v.zone, v.day_rollover into zone, rollover from venues v where v.id = open_day.venue;
  if not found then
    ruling := row('not_found', null, null, null);
    return;
  end if;
  if open_day.hold_hash is null then
    select max(t) into until from unnest(open_day.option_free) t;
  else
    select max(upper(c.during)) into until from table_claims c where c.hold_token_hash = open_day.hold_hash and c.released_at is null;
  end if;
  locked := arbiter.dates_of_claim(open_day.service_date, coalesce(until, open_day.start_at), zone, rollover);
  perform arbiter.lock_days(open_day.venue, locked);
  -- A second copy of the same request waited for the lock while the first was at work.
  ruling := arbiter.known_answer(open_day.scope, open_day.key, open_day.request_hash);
  if ruling.outcome is null then
    swept := arbiter.sweep(open_day.venue, locked, zone, rollover);
  end if;
end
$$;

-- Books the first free option of the whole ranked list, or what the hold has. An option is the rows of the four arrays
-- with one number: its tables, when the party leaves, when the tables are ready again. The caps are those of the start's
-- service; online bookings count against both of them, and `force` goes above them.
-- Refused: overlapping_booking, hold_expired, hold_mismatch, pacing (with what is left), no_table.
create function book(
  scope text, key text, request_hash bytea,
  id uuid, reference text, venue uuid, service_date date, start_at timestamptz, party smallint,
  option_no smallint[], option_table uuid[], option_end timestamptz[], option_free timestamptz[],
  cap_total smallint, cap_online smallint, online boolean, force boolean, hold_hash bytea,
  status text, area uuid, guest_name text, guest_email text, guest_phone text, guest_key text, notes text, needs text[], occasion text,
  source text, policy jsonb, manage_hash bytea, account uuid, actor text) returns arbiter.ruling
  language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  ruling arbiter.ruling;
  opened record;
  seated record;
  made_at timestamptz;
  answer jsonb;
begin
  opened := arbiter.open_day(book.scope, book.key, book.request_hash, book.venue, book.service_date, book.start_at, book.option_free, book.hold_hash);
  ruling := opened.ruling;
  if ruling.outcome is not null then
    return ruling;
  end if;
  if book.guest_key is not null and arbiter.guest_is_elsewhere(book.guest_key, book.start_at, book.id) then
    return arbiter.refuse(book.venue, 'overlapping_booking', null, opened.swept);
  end if;
  if book.hold_hash is not null then
    seated := arbiter.consume_hold(book.hold_hash, book.venue, book.start_at, book.party, book.id);
  else
    seated := arbiter.seat(book.venue, opened.locked, book.service_date, book.start_at,
      book.party, case when book.online then book.party else 0::smallint end,
      book.option_no, book.option_table, book.option_end, book.option_free, book.cap_total, book.cap_online, book.force,
      '{}', book.id, null, null);
  end if;
  if seated.reason is not null then
    return arbiter.refuse(book.venue, seated.reason, seated.answer, opened.swept);
  end if;

  made_at := clock_timestamp();
  insert into reservations (id, reference, venue_id, service_date, status, party, start_at, end_at, area_id,
    guest_name, guest_email, guest_phone, guest_key, notes, needs, occasion, source, policy, manage_hash, account_id, created_at, updated_at)
  values (book.id, book.reference, book.venue, book.service_date, book.status, book.party, book.start_at, seated.ends, book.area,
    book.guest_name, book.guest_email, book.guest_phone, book.guest_key, book.notes, book.needs, book.occasion, book.source, book.policy,
    book.manage_hash, book.account, made_at, made_at);
  -- Of a booking that waits for its payment the guest is told once that has come.
  perform arbiter.write_down(book.id, 1, book.status, book.actor, '{}',
    case when book.status in ('booked', 'requested') then book.status end, book.guest_email);
  answer := jsonb_build_object('id', book.id, 'reference', book.reference, 'rev', 1, 'status', book.status, 'venue', book.venue,
    'date', book.service_date, 'start', book.start_at, 'end', seated.ends, 'party', book.party, 'late_minutes', null,
    'tables', seated.tables, 'at', made_at);
  ruling := row('done', null, answer, arbiter.changes(
    arbiter.bump_days(book.venue, (opened.swept).days || arbiter.dates_that_see(book.start_at, seated.free, opened.zone, opened.rollover)),
    seated.taken, (opened.swept).freed || seated.freed))::arbiter.ruling;
  perform arbiter.remember_answer(book.scope, book.key, book.request_hash, answer);
  return ruling;
end
$$;

-- Holds the first free option for so many seconds. The token itself is the caller's; only its hash comes here.
-- Refused: pacing (with what is left), no_table.
create function hold(
  scope text, key text, request_hash bytea,
  venue uuid, service_date date, start_at timestamptz, party smallint,
  option_no smallint[], option_table uuid[], option_end timestamptz[], option_free timestamptz[],
  cap_total smallint, cap_online smallint, online boolean, token_hash bytea, seconds integer) returns arbiter.ruling
  language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  ruling arbiter.ruling;
  opened record;
  seated record;
  made_at timestamptz;
  expires_at timestamptz;
  answer jsonb;
begin
  opened := arbiter.open_day(hold.scope, hold.key, hold.request_hash, hold.venue, hold.service_date, hold.start_at, hold.option_free, null);
  ruling := opened.ruling;
  if ruling.outcome is not null then
    return ruling;
  end if;
  made_at := clock_timestamp();
  expires_at := made_at + make_interval(secs => hold.seconds);
  seated := arbiter.seat(hold.venue, opened.locked, hold.service_date, hold.start_at,
    hold.party, case when hold.online then hold.party else 0::smallint end,
    hold.option_no, hold.option_table, hold.option_end, hold.option_free, hold.cap_total, hold.cap_online, false,
    '{}', null, hold.token_hash, expires_at);
  if seated.reason is not null then
    return arbiter.refuse(hold.venue, seated.reason, seated.answer, opened.swept);
  end if;
  answer := jsonb_build_object('venue', hold.venue, 'date', hold.service_date, 'start', hold.start_at, 'end', seated.ends, 'party', hold.party,
    'created_at', made_at, 'expires_at', expires_at, 'tables', seated.tables);
  ruling := row('done', null, answer, arbiter.changes(
    arbiter.bump_days(hold.venue, (opened.swept).days || arbiter.dates_that_see(hold.start_at, seated.free, opened.zone, opened.rollover)),
    seated.taken, (opened.swept).freed))::arbiter.ruling;
  perform arbiter.remember_answer(hold.scope, hold.key, hold.request_hash, answer);
  return ruling;
end
$$;

-- The live claims of a hold under the locks of their dates; `claims` is null when there are none.
create function arbiter.open_hold(
  hold_hash bytea, out venue uuid, out claims bigint[], out expires_at timestamptz, out created_at timestamptz, out seen date[], out facts jsonb, out answer jsonb)
  language plpgsql as $$
#variable_conflict use_column
declare
  place record;
begin
  select v.id, arbiter.dates_of_claim(min(c.service_date), max(upper(c.during)), v.zone, v.day_rollover) as dates,
    arbiter.dates_that_see(min(lower(c.during)), max(upper(c.during)), v.zone, v.day_rollover) as seen
  into place from table_claims c join venues v on v.id = c.venue_id
  where c.hold_token_hash = open_hold.hold_hash and c.released_at is null group by v.id;
  if not found then
    return;
  end if;
  perform arbiter.lock_days(place.id, place.dates);
  select array_agg(c.id), min(c.expires_at), min(c.created_at),
    jsonb_agg(arbiter.claim_facts(c.table_id, c.service_date, c.during, c.covers, c.online_covers, c.expires_at)),
    jsonb_build_object('venue', place.id, 'date', min(c.service_date), 'start', min(lower(c.during)),
      'end', min(upper(c.during) - make_interval(mins => c.buffer_minutes)), 'party', sum(c.covers),
      'created_at', min(c.created_at), 'expires_at', min(c.expires_at), 'tables', array_agg(c.table_id order by c.table_id))
  into claims, expires_at, created_at, facts, answer
  from table_claims c where c.hold_token_hash = open_hold.hold_hash and c.released_at is null;
  venue := place.id;
  seen := place.seen;
end
$$;

-- Gives a live hold so many seconds more, up to a quarter of an hour from when it was made.
-- Refused: hold_expired, also when there is no such hold, since a swept one leaves nothing to tell it from.
create function extend_hold(token_hash bytea, seconds integer) returns arbiter.ruling
  language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  held record := arbiter.open_hold(extend_hold.token_hash);
  until timestamptz;
  taken jsonb;
  changes jsonb;
begin
  if held.claims is null or held.expires_at <= clock_timestamp() then
    return row('refused', 'hold_expired', null, null)::arbiter.ruling;
  end if;
  until := greatest(held.expires_at, least(held.expires_at + make_interval(secs => extend_hold.seconds), held.created_at + interval '15 minutes'));
  if until > held.expires_at then
    with claim as (
      update table_claims c set expires_at = until where c.id = any (held.claims) and c.released_at is null
      returning c.table_id, c.service_date, c.during, c.covers, c.online_covers, c.expires_at)
    select jsonb_agg(arbiter.claim_facts(c.table_id, c.service_date, c.during, c.covers, c.online_covers, c.expires_at)) into taken from claim c;
    changes := arbiter.changes(arbiter.bump_days(held.venue, held.seen), taken, held.facts);
  end if;
  return row('done', null, held.answer || jsonb_build_object('expires_at', until), changes)::arbiter.ruling;
end
$$;

-- Lets a hold go before it expires.
create function release_hold(token_hash bytea) returns arbiter.ruling
  language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  held record := arbiter.open_hold(release_hold.token_hash);
  freed jsonb;
begin
  if held.claims is null then
    return row('not_found', null, null, null)::arbiter.ruling;
  end if;
  freed := arbiter.let_go(held.claims);
  return row('done', null, held.answer, arbiter.changes(arbiter.bump_days(held.venue, held.seen), null, freed))::arbiter.ruling;
end
$$;

-- Lets go of a day's expired holds, for days on which nobody books.
create function sweep_holds(venue uuid, service_date date) returns arbiter.ruling
  language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  zone text;
  rollover time;
  locked date[];
  swept arbiter.sweeping;
begin
  select v.zone, v.day_rollover into zone, rollover from venues v where v.id = sweep_holds.venue;
  select arbiter.dates_of_claim(sweep_holds.service_date, max(upper(c.during)), zone, rollover) into locked from table_claims c
  where c.venue_id = sweep_holds.venue and c.service_date = sweep_holds.service_date and c.kind = 'hold' and c.released_at is null;
  perform arbiter.lock_days(sweep_holds.venue, locked);
  swept := arbiter.sweep(sweep_holds.venue, locked, zone, rollover);
  return row('done', null, null,
    case when cardinality(swept.days) > 0 then arbiter.changes(arbiter.bump_days(sweep_holds.venue, swept.days), null, swept.freed) end)::arbiter.ruling;
end
$$;
