-- A day's work ends where the day does: a hold for another day locks none of the days between, and a move to a near day
-- does not read the far one's claims.

-- Opens a day for a booking or a hold: the key, the locks of the dates its claims may be on, the key again, and a sweep.
-- A ruling with an outcome ends the call.
create or replace function arbiter.open_day(
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
    -- Of a hold for something else nothing is asked but that it is refused.
    select max(upper(c.during)) into until from table_claims c
    where c.hold_token_hash = open_day.hold_hash and c.released_at is null
      and c.venue_id = open_day.venue and lower(c.during) = open_day.start_at;
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

-- The best option whose tables are all free from the start until its own end, of the whole list; `no` is null when there
-- is none. Looks at the day before for what lasts past the rollover and at every locked day; a later one cannot be reached.
-- A loop, because it ends at the first fit: joining and grouping the whole list in SQL took seven times as long.
create or replace function arbiter.first_free_option(
  venue uuid, locked date[], start_at timestamptz, option_no smallint[], option_table uuid[], option_end timestamptz[], option_free timestamptz[],
  lost smallint[], own_claims bigint[], out no smallint, out tables uuid[], out ends timestamptz, out free timestamptz)
  language plpgsql as $$
#variable_conflict use_column
declare
  taken uuid[];
  since timestamptz[];
  place integer;
  latest timestamptz := (select max(f) from unnest(first_free_option.option_free) f);
  fits boolean := false;
begin
  select array_agg(t.table_id), array_agg(t.since) into taken, since from (
    select c.table_id, min(lower(c.during)) as since from table_claims c
    where c.venue_id = first_free_option.venue and c.released_at is null
      and c.service_date between first_free_option.locked[1] - 1 and first_free_option.locked[cardinality(first_free_option.locked)]
      and upper(c.during) > first_free_option.start_at
      and lower(c.during) < latest
      and c.id <> all (first_free_option.own_claims)
    group by c.table_id) t;
  for i in 1 .. cardinality(option_no) loop
    if option_no[i] is distinct from no then
      exit when fits;
      no := option_no[i];
      tables := '{}';
      fits := no <> all (lost);
    end if;
    continue when not fits;
    place := array_position(taken, option_table[i]);
    fits := place is null or since[place] >= option_free[i];
    tables := tables || option_table[i];
    ends := option_end[i];
    free := option_free[i];
  end loop;
  if not fits then
    no := null;
  end if;
end
$$;

-- For the job that throws away holds long let go, outbox rows long delivered.
create index table_claims_old_holds on table_claims (released_at) where kind = 'hold' and released_at is not null;
create index outbox_delivered on outbox (done_at) where done_at is not null;
