-- What happens to a booking after it is made: moved, annotated, cancelled, late. Each call is a transaction of its own.
-- `expected_rev` is the revision the caller has seen; null compares nothing. `as_of` is the caller's clock, for rules such as
-- "until the start"; holds alone live by the database's. The key may be null; with one, a retry answers what the first answered.

-- Opens a reservation for a change: the key, the locks of its days and of those it may move to, the key again, then the
-- row, its revision and its status. A ruling with an outcome ends the call.
create function arbiter.open_change(
  scope text, key text, request_hash bytea, reservation uuid, expected_rev integer, statuses text[], also_date date, also_until timestamptz,
  out ruling arbiter.ruling, out locked date[], out zone text, out rollover time)
  language plpgsql as $$
#variable_conflict use_column
declare
  found_at record;
  present record;
begin
  ruling := arbiter.known_answer(open_change.scope, open_change.key, open_change.request_hash);
  if ruling.outcome is not null then
    return;
  end if;
  select r.venue_id as venue, r.service_date, v.zone, v.day_rollover, coalesce((arbiter.claims_of(r.id)).ends, r.end_at) as ends
  into found_at from reservations r join venues v on v.id = r.venue_id where r.id = open_change.reservation;
  if not found then
    ruling := row('not_found', null, null, null);
    return;
  end if;
  zone := found_at.zone;
  rollover := found_at.day_rollover;
  locked := arbiter.dates_of_claim(found_at.service_date, found_at.ends, zone, rollover);
  if also_date is not null then
    select array_agg(distinct d order by d) into locked
    from unnest(locked || arbiter.dates_of_claim(also_date, also_until, zone, rollover)) d;
  end if;
  perform arbiter.lock_days(found_at.venue, locked);
  ruling := arbiter.known_answer(open_change.scope, open_change.key, open_change.request_hash);
  if ruling.outcome is not null then
    return;
  end if;
  select r.rev, r.status, r.service_date, r.end_at into present from reservations r where r.id = open_change.reservation for no key update;
  if not arbiter.dates_of_claim(present.service_date, coalesce((arbiter.claims_of(open_change.reservation)).ends, present.end_at), zone, rollover) <@ locked then
    ruling := row('retry', null, null, null);
  elsif present.rev <> expected_rev then
    ruling := row('refused', 'stale', jsonb_build_object('rev', present.rev, 'status', present.status), null);
  elsif present.status <> all (statuses) then
    ruling := row('refused', 'wrong_status', jsonb_build_object('rev', present.rev, 'status', present.status), null);
  end if;
end
$$;

-- The end of a change that claims no tables: event, mail, versions, and the answer under its key.
create function arbiter.close_change(
  scope text, key text, request_hash bytea, reservation uuid, kind text, actor text, detail jsonb, template text, seen date[], freed jsonb)
  returns arbiter.ruling
  language plpgsql as $$
#variable_conflict use_column
declare
  changed record;
  answer jsonb := arbiter.reservation_answer(close_change.reservation);
  changes jsonb;
begin
  select r.rev, r.venue_id, r.guest_email into changed from reservations r where r.id = close_change.reservation;
  perform arbiter.write_down(close_change.reservation, changed.rev, close_change.kind, close_change.actor, close_change.detail,
    close_change.template, changed.guest_email);
  changes := arbiter.changes(arbiter.bump_days(changed.venue_id, close_change.seen), null, close_change.freed);
  perform arbiter.remember_answer(close_change.scope, close_change.key, close_change.request_hash, answer);
  return row('done', null, answer, changes)::arbiter.ruling;
end
$$;

-- Moves a booking to another start, party or area, in one stroke: where the new one cannot be had, nothing changes and the
-- old one stands. Options and caps are as for `book`. A null status keeps what is, except that who moves is no longer late.
-- Refused: stale, wrong_status, too_late, overlapping_booking, pacing, no_table.
create function move_reservation(
  scope text, key text, request_hash bytea, reservation uuid, expected_rev integer, actor text, as_of timestamptz,
  service_date date, start_at timestamptz, party smallint, area uuid, notes text, status text,
  option_no smallint[], option_table uuid[], option_end timestamptz[], option_free timestamptz[],
  cap_total smallint, cap_online smallint, online boolean, force boolean) returns arbiter.ruling
  language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  ruling arbiter.ruling;
  opened record;
  was record;
  own record;
  swept arbiter.sweeping;
  seated record;
  answer jsonb;
  seen date[];
begin
  opened := arbiter.open_change(move_reservation.scope, move_reservation.key, move_reservation.request_hash,
    move_reservation.reservation, move_reservation.expected_rev, '{requested,pending_payment,booked,confirmed,running_late}',
    move_reservation.service_date, (select coalesce(max(t), move_reservation.start_at) from unnest(move_reservation.option_free) t));
  ruling := opened.ruling;
  if ruling.outcome is not null then
    return ruling;
  end if;
  select r.id, r.venue_id, r.rev, r.start_at, r.end_at, r.party, r.guest_key, r.guest_email into was
  from reservations r where r.id = move_reservation.reservation;
  if move_reservation.actor = 'guest' and move_reservation.as_of >= was.start_at then
    return row('refused', 'too_late', null, null)::arbiter.ruling;
  end if;
  swept := arbiter.sweep(was.venue_id, opened.locked, opened.zone, opened.rollover);
  if was.guest_key is not null and arbiter.guest_is_elsewhere(was.guest_key, move_reservation.start_at, was.id) then
    return arbiter.refuse(was.venue_id, 'overlapping_booking', null, swept);
  end if;
  own := arbiter.claims_of(was.id);
  seated := arbiter.seat(was.venue_id, opened.locked, move_reservation.service_date, move_reservation.start_at,
    move_reservation.party, case when move_reservation.online then move_reservation.party else 0::smallint end,
    move_reservation.option_no, move_reservation.option_table, move_reservation.option_end, move_reservation.option_free,
    move_reservation.cap_total, move_reservation.cap_online, move_reservation.force,
    own.claims, was.id, null, null);
  if seated.reason is not null then
    return arbiter.refuse(was.venue_id, seated.reason, seated.answer, swept);
  end if;

  update reservations r set
    service_date = move_reservation.service_date, start_at = move_reservation.start_at, end_at = seated.ends,
    party = move_reservation.party, area_id = move_reservation.area, notes = coalesce(move_reservation.notes, r.notes),
    status = coalesce(move_reservation.status, case when r.status = 'running_late' and r.start_at <> move_reservation.start_at then 'booked' else r.status end),
    late_minutes = case when r.start_at = move_reservation.start_at then r.late_minutes end,
    rev = r.rev + 1, updated_at = clock_timestamp()
  where r.id = was.id;
  perform arbiter.write_down(was.id, was.rev + 1, 'changed', move_reservation.actor,
    jsonb_build_object(
      'from', jsonb_build_object('start', was.start_at, 'party', was.party, 'tables', own.tables),
      'to', jsonb_build_object('start', move_reservation.start_at, 'party', move_reservation.party, 'tables', seated.tables)),
    'changed', was.guest_email);
  answer := arbiter.reservation_answer(was.id);
  seen := arbiter.dates_that_see(move_reservation.start_at, seated.free, opened.zone, opened.rollover)
    || arbiter.dates_that_see(was.start_at, coalesce(own.ends, was.end_at), opened.zone, opened.rollover);
  ruling := row('done', null, answer,
    arbiter.changes(arbiter.bump_days(was.venue_id, swept.days || seen), seated.taken, swept.freed || seated.freed))::arbiter.ruling;
  perform arbiter.remember_answer(move_reservation.scope, move_reservation.key, move_reservation.request_hash, answer);
  return ruling;
end
$$;

-- Changes what the guest wrote for the staff, and nothing about the table. Refused: stale, wrong_status, too_late.
create function change_notes(
  scope text, key text, request_hash bytea, reservation uuid, expected_rev integer, actor text, as_of timestamptz, notes text) returns arbiter.ruling
  language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  ruling arbiter.ruling;
  opened record;
  was record;
begin
  opened := arbiter.open_change(change_notes.scope, change_notes.key, change_notes.request_hash,
    change_notes.reservation, change_notes.expected_rev, '{requested,pending_payment,booked,confirmed,running_late}', null, null);
  ruling := opened.ruling;
  if ruling.outcome is not null then
    return ruling;
  end if;
  select r.id, r.service_date, r.start_at into was
  from reservations r where r.id = change_notes.reservation;
  if change_notes.actor = 'guest' and change_notes.as_of >= was.start_at then
    return row('refused', 'too_late', null, null)::arbiter.ruling;
  end if;
  update reservations r set notes = change_notes.notes, rev = r.rev + 1, updated_at = clock_timestamp() where r.id = was.id;
  return arbiter.close_change(change_notes.scope, change_notes.key, change_notes.request_hash, was.id,
    'noted', change_notes.actor, '{}', null, array[was.service_date], '[]');
end
$$;

-- Cancels a booking; its tables and its pace are free at once. Guests may until the start.
-- Refused: stale, wrong_status, too_late.
create function cancel_reservation(
  scope text, key text, request_hash bytea, reservation uuid, expected_rev integer, actor text, as_of timestamptz, reason text) returns arbiter.ruling
  language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  ruling arbiter.ruling;
  opened record;
  was record;
  own record;
  freed jsonb;
begin
  opened := arbiter.open_change(cancel_reservation.scope, cancel_reservation.key, cancel_reservation.request_hash,
    cancel_reservation.reservation, cancel_reservation.expected_rev, '{requested,pending_payment,booked,confirmed,running_late}', null, null);
  ruling := opened.ruling;
  if ruling.outcome is not null then
    return ruling;
  end if;
  select r.id, r.start_at, r.end_at into was
  from reservations r where r.id = cancel_reservation.reservation;
  if cancel_reservation.actor = 'guest' and cancel_reservation.as_of >= was.start_at then
    return row('refused', 'too_late', null, null)::arbiter.ruling;
  end if;
  own := arbiter.claims_of(was.id);
  freed := arbiter.let_go(own.claims);
  update reservations r set
    status = case when cancel_reservation.actor = 'guest' then 'cancelled_guest' else 'cancelled_venue' end,
    cancel_reason = cancel_reservation.reason, rev = r.rev + 1, updated_at = clock_timestamp()
  where r.id = was.id;
  return arbiter.close_change(cancel_reservation.scope, cancel_reservation.key, cancel_reservation.request_hash, was.id,
    'cancelled', cancel_reservation.actor, jsonb_build_object('tables', own.tables), 'cancelled',
    arbiter.dates_that_see(was.start_at, coalesce(own.ends, was.end_at), opened.zone, opened.rollover), freed);
end
$$;

-- Notes that the party will be so many minutes late. Saying the same again changes nothing. Refused: stale, wrong_status.
create function report_late(
  scope text, key text, request_hash bytea, reservation uuid, expected_rev integer, actor text, minutes smallint) returns arbiter.ruling
  language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  ruling arbiter.ruling;
  opened record;
  was record;
begin
  opened := arbiter.open_change(report_late.scope, report_late.key, report_late.request_hash,
    report_late.reservation, report_late.expected_rev, '{booked,confirmed,running_late}', null, null);
  ruling := opened.ruling;
  if ruling.outcome is not null then
    return ruling;
  end if;
  select r.id, r.service_date, r.status, r.late_minutes into was
  from reservations r where r.id = report_late.reservation;
  if was.status = 'running_late' and was.late_minutes = report_late.minutes then
    return row('replayed', null, arbiter.reservation_answer(was.id), null)::arbiter.ruling;
  end if;
  update reservations r set status = 'running_late', late_minutes = report_late.minutes, rev = r.rev + 1, updated_at = clock_timestamp()
  where r.id = was.id;
  return arbiter.close_change(report_late.scope, report_late.key, report_late.request_hash, was.id,
    'late', report_late.actor, jsonb_build_object('minutes', report_late.minutes), 'late', array[was.service_date], '[]');
end
$$;
