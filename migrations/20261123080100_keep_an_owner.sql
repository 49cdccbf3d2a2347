-- The venues where somebody works, or is asked to by the address they have.
create function arbiter.workplaces(account uuid) returns setof uuid
  language plpgsql as $$
#variable_conflict use_column
begin
  return query
    select s.venue_id from staff_roles s where s.account_id = workplaces.account
    union
    select i.venue_id from staff_invitations i join accounts a on a.email = i.email where a.id = workplaces.account;
end
$$;

-- Erases the person of an account whose password hash is still this one: bookings to come are cancelled, everything that
-- names them goes, and every session ends. Outcome: done, also when it was done before; gone (there is no such account);
-- stale (the password is another by now); last_owner (a venue would be left without one); retry (begin again, nothing was
-- decided). `moved` is what cancelling changed, as [{"venue", "changes"}], `ended` the sessions.
--
-- The venues where they work are locked first, as by whoever changes their staff, then the account, so that nobody books for it
-- or appoints it meanwhile, then the days of all its bookings to come, venue by venue, then the bookings.
create or replace function erase_account(
  account uuid, password_hash text, as_of timestamptz, out outcome text, out moved jsonb, out ended uuid[])
  language plpgsql as $$
#variable_conflict use_column
declare
  owner record;
  free record;
  ruling arbiter.ruling;
  workplaces uuid[];
  locked bigint[] := '{}';
  bookings uuid[];
  addresses text[];
  links text[];
begin
  moved := '[]';
  ended := '{}';
  select coalesce(array_agg(v.id), '{}') into workplaces from (
    select v.id from venues v where v.id in (select arbiter.workplaces(erase_account.account)) order by v.id for no key update) v;
  select a.email, a.password_hash as known_hash, a.disabled_at, a.erased_at into owner
  from accounts a where a.id = erase_account.account for update;
  outcome := case
    when not found then 'gone'
    when owner.erased_at is not null then 'done'
    when owner.disabled_at is not null then 'gone'
    when owner.known_hash <> erase_account.password_hash then 'stale'
    -- They were appointed before the account was locked.
    when exists (select from arbiter.workplaces(erase_account.account) w where w <> all (workplaces)) then 'retry'
    when exists (
      select from staff_roles s where s.account_id = erase_account.account and s.role = 'owner' and not exists (
        select from staff_roles o where o.venue_id = s.venue_id and o.role = 'owner' and o.account_id <> s.account_id)) then 'last_owner'
  end;
  if outcome is not null then
    return;
  end if;

  perform arbiter.attach_bookings(erase_account.account);
  for free in select d.venue, d.day from arbiter.days_to_come(erase_account.account, erase_account.as_of) d loop
    perform arbiter.lock_days(free.venue, array[free.day]);
    locked := locked || arbiter.day_key(free.venue, free.day);
  end loop;
  select coalesce(array_agg(r.id), '{}') into bookings
  from (select r.id from reservations r where r.account_id = erase_account.account order by r.id for no key update) r;
  -- One of them may have moved to another day before its own was locked.
  if exists (select from arbiter.days_to_come(erase_account.account, erase_account.as_of) d where arbiter.day_key(d.venue, d.day) <> all (locked)) then
    outcome := 'retry';
    return;
  end if;

  for free in
    select r.id, r.venue_id as venue from reservations r
    where r.id = any (bookings) and r.start_at > erase_account.as_of
      and r.status in ('requested', 'pending_payment', 'booked', 'confirmed', 'running_late')
    order by r.venue_id, r.start_at, r.id
  loop
    ruling := cancel_reservation(null, null, null, free.id, null, 'guest', erase_account.as_of, null);
    if ruling.outcome <> 'done' then
      raise exception 'a booking changed without its lock' using errcode = 'serialization_failure';
    end if;
    moved := moved || jsonb_build_object('venue', free.venue, 'changes', ruling.changes);
  end loop;
  perform arbiter.erase_bookings(bookings, erase_account.as_of);

  delete from staff_roles s where s.account_id = erase_account.account;
  delete from staff_invitations i where i.email = owner.email;
  select coalesce(array_agg(t.email), '{}'), coalesce(array_agg(t.id::text), '{}') into addresses, links
  from mailed_tokens t where t.account_id = erase_account.account;
  -- A letter that is still to go to an address they once named may be for somebody else by now, unless it carries a link of theirs.
  delete from outbox o
  where o.payload ->> 'to' = any (addresses || owner.email)
    and (o.payload ->> 'to' = owner.email or o.payload ->> 'token' = any (links) or o.done_at is not null);
  delete from mailed_tokens t where t.account_id = erase_account.account;
  delete from refresh_tokens t using sessions s where s.id = t.session_id and s.account_id = erase_account.account;
  select coalesce(array_agg(s.id), '{}') into ended from sessions s where s.account_id = erase_account.account and s.ended_at is null;
  update sessions s set ended_at = coalesce(s.ended_at, clock_timestamp()), device = 'Erased' where s.account_id = erase_account.account;
  -- Nobody has mail at a name under .invalid (RFC 2606), and no password has an empty hash.
  update accounts a set email = a.id || '@erased.invalid', name = 'Erased', password_hash = '', phone = null, needs = '{}', notes = '',
    letters = '{}', email_confirmed_at = null, disabled_at = erase_account.as_of, erased_at = erase_account.as_of
  where a.id = erase_account.account;
  outcome := 'done';
end
$$;
