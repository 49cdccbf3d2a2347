-- Locks the venues that asked somebody with this address to work for them, in order, as whoever changes staff does.
create function arbiter.lock_invited(email text) returns uuid[] language plpgsql as $$
#variable_conflict use_column
begin
  return array(
    select v.id from venues v where v.id in (select i.venue_id from staff_invitations i where i.email = lock_invited.email)
    order by v.id for no key update);
end
$$;

-- Turns what an address was asked to be at these venues, which are locked, into roles, once its owner has shown that it is theirs.
create function arbiter.accept_invitations(account uuid, venues uuid[]) returns void language plpgsql as $$
#variable_conflict use_column
begin
  with accepted as (
    delete from staff_invitations i using accounts a
    where a.id = accept_invitations.account and a.email_confirmed_at is not null and a.disabled_at is null
      and i.email = a.email and i.venue_id = any (accept_invitations.venues)
    returning i.id, i.venue_id, i.role, i.since)
  insert into staff_roles (id, account_id, venue_id, role, since)
  select a.id, accept_invitations.account, a.venue_id, a.role, a.since from accepted a
  on conflict (account_id, venue_id) do nothing;
end
$$;

-- Begins a session with its first refresh token where the account may sign in and its password hash is still this one, and gives it
-- the bookings and the roles that wait for its address. The oldest sessions above `most` end. Once more begins nothing more.
-- Everything that signing in writes, in one trip, since a busy evening begins with many.
create function begin_session(
  id uuid, account uuid, email text, password_hash text, device text, refresh_hash bytea, as_of timestamptz, most bigint,
  out begun boolean, out crowded_out uuid[])
  language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  invited uuid[];
begin
  perform set_config('trestle.actor', 'guest ' || begin_session.account, true);
  crowded_out := '{}';
  invited := arbiter.lock_invited(begin_session.email);
  perform from accounts a
  where a.id = begin_session.account and a.password_hash = begin_session.password_hash
    and a.disabled_at is null and a.email_confirmed_at is not null
  for no key update;
  begun := found;
  if not begun then
    return;
  end if;
  insert into sessions (id, account_id, device, created_at, last_used_at)
  values (begin_session.id, begin_session.account, begin_session.device, begin_session.as_of, begin_session.as_of)
  on conflict (id) do nothing;
  insert into refresh_tokens (hash, session_id, issued_at)
  values (begin_session.refresh_hash, begin_session.id, begin_session.as_of)
  on conflict (hash) do nothing;
  perform arbiter.attach_bookings(begin_session.account);
  if invited <> '{}' then
    perform arbiter.accept_invitations(begin_session.account, invited);
  end if;
  with ended as (
    update sessions s set ended_at = clock_timestamp()
    where s.ended_at is null and s.id in (
      select o.id from sessions o where o.account_id = begin_session.account and o.ended_at is null
      order by o.last_used_at desc, o.id desc offset begin_session.most)
    returning s.id)
  select coalesce(array_agg(e.id), '{}') into crowded_out from ended e;
end
$$;
