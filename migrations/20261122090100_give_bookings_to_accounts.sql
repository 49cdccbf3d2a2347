-- Bookings belong to the account that made them, or to the one whose confirmed address they name.
create index reservations_by_account on reservations (account_id, start_at, id) where account_id is not null;
create index reservations_of_nobody on reservations (guest_email) where account_id is null;

-- Gives an account the bookings that name its address and belong to nobody. An address that is not confirmed gets none.
-- The caller has locked the account: that lock comes before all others.
create function arbiter.attach_bookings(account uuid) returns void
  language plpgsql as $$
#variable_conflict use_column
begin
  update reservations r set account_id = a.id from accounts a
  where a.id = attach_bookings.account and a.email_confirmed_at is not null and a.disabled_at is null
    and r.account_id is null and r.guest_email = a.email;
end
$$;

-- As before, and for somebody who is signed in: their account is locked first, before the days, and stays until the booking
-- is made, so that nothing is booked for an account that is being erased. Outcome signed_out: it may do nothing any more.
create or replace function book(
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
  if book.account is not null then
    perform from accounts a where a.id = book.account and a.disabled_at is null for key share;
    if not found then
      return row('signed_out', null, null, null)::arbiter.ruling;
    end if;
  end if;
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
