-- A busy evening begins many sessions, and whoever looks for a table meanwhile waits behind whatever PostgreSQL does in one go.

-- The beginning of a session, in one statement; `audit.note` reads any row of any table.
create function audit.note_session() returns trigger language plpgsql as $$
declare
  author record := audit.actor();
begin
  insert into audit.entries (actor, account_id, subject, subject_id, action, detail)
  values (author.kind, author.account, 'session', new.id, 'made', jsonb_build_object('account_id', new.account_id));
  return null;
end
$$;
drop trigger sessions_audited on sessions;
create trigger sessions_made_audited after insert on sessions for each row execute function audit.note_session();
-- That a session was used is not worth an entry.
create trigger sessions_changed_audited after update on sessions for each row
  when ((old.id, old.account_id, old.device, old.created_at, old.ended_at)
    is distinct from (new.id, new.account_id, new.device, new.created_at, new.ended_at))
  execute function audit.note('session', 'id', '', 'account_id', 'last_used_at');

-- As before, but what waits for an address and what crowds a session out are looked for before anything is changed for them.
create or replace function begin_session(
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
  if exists (select from reservations r where r.account_id is null and r.guest_email = begin_session.email) then
    perform arbiter.attach_bookings(begin_session.account);
  end if;
  if invited <> '{}' then
    perform arbiter.accept_invitations(begin_session.account, invited);
  end if;
  crowded_out := array(
    select o.id from sessions o where o.account_id = begin_session.account and o.ended_at is null
    order by o.last_used_at desc, o.id desc offset begin_session.most);
  if crowded_out <> '{}' then
    -- One of them may be signed out of at this moment, and ends once.
    update sessions s set ended_at = clock_timestamp() where s.id = any (begin_session.crowded_out) and s.ended_at is null;
  end if;
end
$$;

-- As before, with one change of many rows instead of many of one.
create or replace function audit.seal(most integer, out sealed integer, out head bigint, out hash bytea) language plpgsql as $$
#variable_conflict use_column
declare
  entry audit.entries;
  ids bigint[] := '{}';
  hashes bytea[] := '{}';
begin
  sealed := 0;
  if not pg_try_advisory_xact_lock(hashtextextended('audit seal', 0)) then
    return;
  end if;
  select e.seq, e.hash into head, hash from audit.entries e where e.seq is not null order by e.seq desc limit 1;
  head := coalesce(head, 0);
  hash := coalesce(hash, '');
  for entry in select (e).* from audit.entries e where e.seq is null order by e.id limit most loop
    sealed := sealed + 1;
    hash := sha256(hash || convert_to(audit.spelled(entry, head + sealed), 'UTF8'));
    ids := ids || entry.id;
    hashes := hashes || hash;
  end loop;
  if sealed = 0 then
    return;
  end if;
  update audit.entries e set seq = seal.head + s.place, hash = s.hash
  from unnest(ids, hashes) with ordinality as s (id, hash, place) where e.id = s.id;
  head := head + sealed;
end
$$;
