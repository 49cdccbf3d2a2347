-- The arbiter's hands: pace taken and given back, tables claimed and let go, always under the locks of their days.

-- Covers that begin in this quarter hour. The caps are those of the rules as the caller knows them; the row follows.
create function arbiter.take_pace(
  venue uuid, day date, start_at timestamptz, covers smallint, online_covers smallint,
  cap_total smallint, cap_online smallint, force boolean) returns void
  language plpgsql as $$
#variable_conflict use_column
declare
  written bigint;
begin
  update pace_buckets b set
    total = b.total + take_pace.covers,
    online = b.online + take_pace.online_covers,
    forced = greatest(0, b.total + take_pace.covers - take_pace.cap_total),
    cap_total = take_pace.cap_total,
    cap_online = greatest(take_pace.cap_online, b.online + take_pace.online_covers)
  where b.venue_id = take_pace.venue and b.service_date = take_pace.day and b.start_at = take_pace.start_at
    and (take_pace.force
      or (b.total + take_pace.covers <= take_pace.cap_total
        and (take_pace.online_covers = 0 or b.online + take_pace.online_covers <= take_pace.cap_online)));
  get diagnostics written = row_count;
  if written = 0 then
    insert into pace_buckets (venue_id, service_date, start_at, total, online, forced, cap_total, cap_online)
    values (take_pace.venue, take_pace.day, take_pace.start_at, take_pace.covers, take_pace.online_covers,
      case when take_pace.force then greatest(0, take_pace.covers - take_pace.cap_total) else 0 end,
      take_pace.cap_total,
      case when take_pace.force then greatest(take_pace.cap_online, take_pace.online_covers) else take_pace.cap_online end)
    on conflict do nothing;
    get diagnostics written = row_count;
  end if;
  if written <> 1 then
    raise exception 'pace of % % changed without its lock', take_pace.day, take_pace.start_at using errcode = 'serialization_failure';
  end if;
end
$$;

create function arbiter.give_pace(venue uuid, day date, start_at timestamptz, covers smallint, online_covers smallint) returns void
  language plpgsql as $$
#variable_conflict use_column
declare
  written bigint;
begin
  update pace_buckets b set
    total = b.total - give_pace.covers,
    online = b.online - give_pace.online_covers,
    forced = least(b.forced, greatest(0, b.total - give_pace.covers - b.cap_total))
  where b.venue_id = give_pace.venue and b.service_date = give_pace.day and b.start_at = give_pace.start_at;
  get diagnostics written = row_count;
  if written <> 1 then
    raise exception 'no pace bucket at % %', give_pace.day, give_pace.start_at using errcode = 'data_corrupted';
  end if;
end
$$;

-- Why the covers cannot begin then, with what is left; null when they can. In the bucket of its own old start a moved
-- booking brings what it had, and shrinking in place is never refused, even where staff went above the cap.
create function arbiter.pace_shortage(
  venue uuid, day date, start_at timestamptz, covers smallint, online_covers smallint,
  cap_total smallint, cap_online smallint, own_covers smallint, own_online smallint) returns jsonb
  language plpgsql as $$
#variable_conflict use_column
declare
  total integer := 0;
  online integer := 0;
begin
  select b.total - own_covers, b.online - own_online into total, online from pace_buckets b
  where b.venue_id = pace_shortage.venue and b.service_date = pace_shortage.day and b.start_at = pace_shortage.start_at;
  total := coalesce(total, 0);
  online := coalesce(online, 0);
  if (total + covers <= cap_total or covers <= own_covers)
    and (online_covers = 0 or online + online_covers <= cap_online or online_covers <= own_online) then
    return null;
  end if;
  return jsonb_build_object('left_total', greatest(0, cap_total - total), 'left_online', greatest(0, least(cap_total - total, cap_online - online)));
end
$$;

-- Lets claims go: their tables are free and their covers are given back at once.
create function arbiter.let_go(claims bigint[]) returns jsonb
  language plpgsql as $$
declare
  gone record;
  freed jsonb := '[]';
begin
  for gone in
    update table_claims c set released_at = clock_timestamp()
    where c.id = any (claims) and c.released_at is null
    returning c.venue_id, c.table_id, c.service_date, c.during, c.covers, c.online_covers, c.expires_at
  loop
    if gone.covers > 0 then
      perform arbiter.give_pace(gone.venue_id, gone.service_date, lower(gone.during), gone.covers, gone.online_covers);
    end if;
    freed := freed || arbiter.claim_facts(gone.table_id, gone.service_date, gone.during, gone.covers, gone.online_covers, gone.expires_at);
  end loop;
  return freed;
end
$$;

-- Lets go of expired holds on the locked days, by the clock and not by now(), which is as old as the wait for the lock.
-- A hold may last into a neighbouring date that is not locked: that lock is only tried for, and when it is not to be
-- had the hold stays, and `missed` says that a refusal may be due to it.
create function arbiter.sweep(venue uuid, locked date[], zone text, rollover time) returns arbiter.sweeping
  language plpgsql as $$
declare
  swept arbiter.sweeping := row('[]', '{}', false);
  expired record;
  present timestamptz := clock_timestamp();
  others date[];
begin
  for expired in
    select array_agg(c.id) as claims, min(lower(c.during)) as starts, max(upper(c.during)) as ends,
      arbiter.dates_of_claim(c.service_date, max(upper(c.during)), zone, rollover) as dates
    from table_claims c
    where c.venue_id = venue and c.kind = 'hold' and c.released_at is null and c.expires_at <= present
      and c.service_date between locked[1] - 1 and locked[cardinality(locked)]
    group by c.hold_token_hash, c.service_date
  loop
    continue when not expired.dates && locked;
    if not expired.dates <@ locked then
      select array_agg(d order by d) into others from unnest(expired.dates) d where d <> all (locked);
      if not arbiter.try_lock_days(venue, others) then
        swept.missed := true;
        continue;
      end if;
    end if;
    swept.freed := swept.freed || arbiter.let_go(expired.claims);
    swept.days := swept.days || arbiter.dates_that_see(expired.starts, expired.ends, zone, rollover);
  end loop;
  return swept;
end
$$;

-- The best option whose tables are all free from the start until its own end, of the whole list; `no` is null when there
-- is none. Looks at the day before for what lasts past the rollover and at every locked day; a later one cannot be reached.
-- A loop, because it ends at the first fit: joining and grouping the whole list in SQL took seven times as long.
create function arbiter.first_free_option(
  venue uuid, locked date[], start_at timestamptz, option_no smallint[], option_table uuid[], option_end timestamptz[], option_free timestamptz[],
  lost smallint[], own_claims bigint[], out no smallint, out tables uuid[], out ends timestamptz, out free timestamptz)
  language plpgsql as $$
#variable_conflict use_column
declare
  taken uuid[];
  since timestamptz[];
  place integer;
  fits boolean := false;
begin
  select array_agg(t.table_id), array_agg(t.since) into taken, since from (
    select c.table_id, min(lower(c.during)) as since from table_claims c
    where c.venue_id = first_free_option.venue and c.released_at is null
      and c.service_date between first_free_option.locked[1] - 1 and first_free_option.locked[cardinality(first_free_option.locked)]
      and upper(c.during) > first_free_option.start_at
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

-- Claims tables in the order of their ids, so that two calls never wait for each other crosswise, and answers the claims;
-- null when one of them is gone. The first carries what was taken from the pace.
create function arbiter.claim_tables(
  venue uuid, day date, start_at timestamptz, free timestamptz, ends timestamptz, tables uuid[], covers smallint, online_covers smallint,
  reservation uuid, hold_hash bytea, expires_at timestamptz) returns jsonb
  language plpgsql as $$
#variable_conflict use_column
declare
  claimed bigint[];
  facts jsonb;
begin
  with claim as (
    insert into table_claims as c
      (venue_id, table_id, service_date, kind, reservation_id, hold_token_hash, during, buffer_minutes, covers, online_covers, expires_at, created_at)
    select claim_tables.venue, t.id, claim_tables.day, case when claim_tables.reservation is null then 'hold' else 'reservation' end,
      claim_tables.reservation, claim_tables.hold_hash, tstzrange(claim_tables.start_at, claim_tables.free),
      extract(epoch from claim_tables.free - claim_tables.ends) / 60,
      case when t.place = 1 then claim_tables.covers else 0 end,
      case when t.place = 1 then claim_tables.online_covers else 0 end,
      claim_tables.expires_at, clock_timestamp()
    from unnest(claim_tables.tables) with ordinality as t (id, place)
    order by t.id
    on conflict do nothing
    returning c.id, c.table_id, c.service_date, c.during, c.covers, c.online_covers, c.expires_at)
  select array_agg(c.id), jsonb_agg(arbiter.claim_facts(c.table_id, c.service_date, c.during, c.covers, c.online_covers, c.expires_at))
  into claimed, facts from claim c;
  if cardinality(claimed) = cardinality(claim_tables.tables) then
    return facts;
  end if;
  delete from table_claims c where c.id = any (claimed);
  return null;
end
$$;

-- Seats a party: pace, then the first free option of the whole list, then the claims. Either everything is written and
-- reason is null, or nothing is. With claims of its own (a move) those are let go, but only once an option is found.
create function arbiter.seat(
  venue uuid, locked date[], day date, start_at timestamptz, covers smallint, online_covers smallint,
  option_no smallint[], option_table uuid[], option_end timestamptz[], option_free timestamptz[],
  cap_total smallint, cap_online smallint, force boolean, own_claims bigint[],
  reservation uuid, hold_hash bytea, expires_at timestamptz,
  out reason text, out answer jsonb, out tables uuid[], out ends timestamptz, out free timestamptz, out taken jsonb, out freed jsonb)
  language plpgsql as $$
#variable_conflict use_column
declare
  own record;
  choice record;
  lost smallint[] := '{}';
begin
  if cardinality(own_claims) > 0 then
    select coalesce(sum(c.covers), 0)::smallint as covers, coalesce(sum(c.online_covers), 0)::smallint as online_covers into own
    from table_claims c where c.id = any (own_claims) and c.service_date = seat.day and lower(c.during) = seat.start_at;
  else
    select 0::smallint as covers, 0::smallint as online_covers into own;
  end if;
  freed := '[]';
  if not force then
    answer := arbiter.pace_shortage(venue, day, seat.start_at, seat.covers, seat.online_covers, cap_total, cap_online, own.covers, own.online_covers);
    if answer is not null then
      reason := 'pacing';
      return;
    end if;
  end if;
  loop
    choice := arbiter.first_free_option(venue, locked, seat.start_at, option_no, option_table, option_end, option_free, lost, own_claims);
    if choice.no is null then
      reason := 'no_table';
      return;
    end if;
    if cardinality(own_claims) > 0 then
      freed := arbiter.let_go(own_claims);
    end if;
    taken := arbiter.claim_tables(venue, day, seat.start_at, choice.free, choice.ends, choice.tables, seat.covers, seat.online_covers,
      reservation, hold_hash, seat.expires_at);
    exit when taken is not null;
    if cardinality(own_claims) > 0 then
      raise exception 'a table was taken without its lock' using errcode = 'serialization_failure';
    end if;
    lost := lost || choice.no;
  end loop;
  -- What a booking had in this bucket it may keep, whatever the cap is now.
  perform arbiter.take_pace(venue, day, seat.start_at, seat.covers, seat.online_covers, cap_total, cap_online, force or own.covers > 0);
  tables := choice.tables;
  ends := choice.ends;
  free := choice.free;
end
$$;

-- Turns the claims of a live hold into those of a reservation. The hold must be for this venue, start and party; then
-- its pace is already taken.
create function arbiter.consume_hold(
  hold_hash bytea, venue uuid, start_at timestamptz, party smallint, reservation uuid,
  out reason text, out answer jsonb, out tables uuid[], out ends timestamptz, out free timestamptz, out taken jsonb, out freed jsonb)
  language plpgsql as $$
#variable_conflict use_column
declare
  held record;
  written bigint;
begin
  select count(*) as tables, bool_and(c.venue_id = consume_hold.venue and lower(c.during) = consume_hold.start_at) as fits, sum(c.covers) as covers,
    jsonb_agg(arbiter.claim_facts(c.table_id, c.service_date, c.during, c.covers, c.online_covers, c.expires_at)) as facts
  into held from table_claims c
  where c.hold_token_hash = consume_hold.hold_hash and c.released_at is null and c.expires_at > clock_timestamp();
  if held.tables = 0 then
    reason := 'hold_expired';
    return;
  elsif not held.fits or held.covers <> consume_hold.party then
    reason := 'hold_mismatch';
    return;
  end if;
  with claim as (
    update table_claims c set kind = 'reservation', reservation_id = consume_hold.reservation, hold_token_hash = null, expires_at = null
    where c.hold_token_hash = consume_hold.hold_hash and c.released_at is null
    returning c.table_id, c.service_date, c.during, c.buffer_minutes, c.covers, c.online_covers, c.expires_at)
  select count(*), array_agg(c.table_id order by c.table_id), min(upper(c.during) - make_interval(mins => c.buffer_minutes)), min(upper(c.during)),
    jsonb_agg(arbiter.claim_facts(c.table_id, c.service_date, c.during, c.covers, c.online_covers, c.expires_at))
  into written, tables, ends, free, taken from claim c;
  if written <> held.tables then
    raise exception 'a hold changed without its lock' using errcode = 'serialization_failure';
  end if;
  freed := held.facts;
end
$$;
